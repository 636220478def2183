namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Who goes first: work that is not historic, then priority, then deadline, then the older want. A ref has the best rank of all
/// wants that reach it through waits.
/// </summary>
public readonly record struct Rank(bool Historic, int Priority, long DeadlineTicks, int WantOrdinal) : IComparable<Rank>
{
    public static Rank Last { get; } = new(true, int.MinValue, long.MaxValue, int.MaxValue);

    public int CompareTo(Rank other)
    {
        int order = Historic.CompareTo(other.Historic);
        order = order != 0 ? order : other.Priority.CompareTo(Priority);
        order = order != 0 ? order : DeadlineTicks.CompareTo(other.DeadlineTicks);
        return order != 0 ? order : WantOrdinal.CompareTo(other.WantOrdinal);
    }

    public static bool operator <(Rank left, Rank right) => left.CompareTo(right) < 0;

    public static bool operator >(Rank left, Rank right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rank left, Rank right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rank left, Rank right) => left.CompareTo(right) >= 0;
}
