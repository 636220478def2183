using DataBuild.Engine.Graph;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.State;

/// <summary>A want.</summary>
public sealed class WantFacts
{
    public required Want Want { get; init; }

    /// <summary>From the project; replaced as a whole by the next registration.</summary>
    public required bool IsStanding { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required ulong Offset { get; init; }

    /// <summary>Order of creation: an older want goes first where all else is equal.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The set, bound to the graph in force; null if it has no such partitions (any more).</summary>
    public PartitionSet? Set { get; set; }

    /// <summary>Why <see cref="Set"/> is null.</summary>
    public string Problem { get; set; } = "";

    /// <summary>How it ended; unspecified while it is active.</summary>
    public WantEndState End { get; set; }

    public bool IsCanceled { get; set; }

    /// <summary>Every deadline and every end of a time to live up to this instant is accounted for; at first, the want's creation.</summary>
    public DateTimeOffset TimesUpTo { get; set; }

    /// <summary>How many refs still wait for a child want; it ends with the last one.</summary>
    public int Waiting { get; set; }

    /// <summary>Wants that name it as their parent. Kept up to date, not stored.</summary>
    internal int Children { get; set; }

    /// <summary>Runs under way that would make it a parent. Kept up to date, not stored.</summary>
    internal int Runs { get; set; }

    public string Id => Want.WantId;

    public bool IsChild => Want.ParentWantId.Length > 0;

    public bool IsActive => !IsCanceled && End == WantEndState.Unspecified;
}
