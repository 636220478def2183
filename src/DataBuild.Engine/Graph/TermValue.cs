namespace DataBuild.Engine.Graph;

/// <summary>What a <see cref="Term"/> computes.</summary>
/// <param name="Low">The first value.</param>
/// <param name="High">The last value; the first again unless the term is a range.</param>
/// <param name="Beyond">-1 where it would lie before the first value of its kind, 1 after the last; low and high then mean nothing.</param>
internal readonly record struct TermValue(long Low, long High, int Beyond)
{
    /// <summary>Where a range that begins here begins.</summary>
    public long LowEnd(PlaceholderKind kind) => Beyond switch { < 0 => Calendar.Min(kind), > 0 => Calendar.Max(kind) + 1, _ => Low };

    /// <summary>Where a range that ends here ends.</summary>
    public long HighEnd(PlaceholderKind kind) => Beyond switch { < 0 => Calendar.Min(kind) - 1, > 0 => Calendar.Max(kind), _ => High };
}
