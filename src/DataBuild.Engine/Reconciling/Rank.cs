namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Who goes first: work that is not historic, then priority, then deadline, then the older want. A ref has the best rank of all
/// wants that reach it through waits. Between deadline and age comes slack, which is a job's and not a ref's: see
/// <see cref="CriticalPath"/>.
/// </summary>
public readonly record struct Rank(bool Historic, int Priority, long DeadlineTicks, int WantOrdinal) : IComparable<Rank>
{
    public static Rank Last { get; } = new(true, int.MinValue, long.MaxValue, int.MaxValue);

    public int CompareTo(Rank other)
    {
        int order = CompareUrgency(other);
        return order != 0 ? order : WantOrdinal.CompareTo(other.WantOrdinal);
    }

    /// <summary>All that goes before slack and age.</summary>
    public int CompareUrgency(Rank other)
    {
        int order = Historic.CompareTo(other.Historic);
        order = order != 0 ? order : other.Priority.CompareTo(Priority);
        return order != 0 ? order : DeadlineTicks.CompareTo(other.DeadlineTicks);
    }

    public static bool operator <(Rank left, Rank right) => left.CompareTo(right) < 0;

    public static bool operator >(Rank left, Rank right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rank left, Rank right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rank left, Rank right) => left.CompareTo(right) >= 0;
}
