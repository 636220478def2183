namespace DataBuild.Engine.Hosting;

/// <summary>What a build did for one job.</summary>
internal sealed class JobTally(string job)
{
    public string Job { get; } = job;

    public long Built { get; set; }

    public long Runs { get; set; }

    public long MissedRuns { get; set; }

    public long FailedRuns { get; set; }

    /// <summary>Distinct refs that its runs lacked, by the job (or "source") they belong to.</summary>
    public SortedDictionary<string, HashSet<string>> Asked { get; } = new(StringComparer.Ordinal);

    public DateTimeOffset? First { get; set; }

    public DateTimeOffset? Last { get; set; }

    public TimeSpan Wall => First is { } first && Last is { } last ? last - first : TimeSpan.Zero;
}
