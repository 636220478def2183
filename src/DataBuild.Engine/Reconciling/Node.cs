using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>A demanded ref: everything here is derived from state, graph and time, and can be derived again.</summary>
internal sealed class Node(int id, string @ref, Family? family)
{
    public int Id { get; } = id;

    public string Ref { get; } = @ref;

    /// <summary>Null if nothing produces it.</summary>
    public Family? Family { get; set; } = family;

    public NodeStatus Status { get; set; }

    /// <summary>The event that published what there was when it was last evaluated.</summary>
    public ulong Of { get; set; }

    /// <summary>Content of its live instance when its dependents were last told of it.</summary>
    public Fingerprint Content { get; set; }

    /// <summary>It has to exist: wanted, or needed by a run. Otherwise only readers of its live instance look at it.</summary>
    public bool Must { get; set; }

    /// <summary>It is on the list of nodes to evaluate.</summary>
    public bool Listed { get; set; }

    public Rank Rank { get; set; } = Rank.Last;

    /// <summary>The oldest want that reaches it.</summary>
    public WantFacts? Want { get; set; }

    /// <summary>What it depends on, as last evaluated; distinct.</summary>
    public int[] Inputs { get; set; } = [];

    /// <summary>How many of <see cref="Inputs"/> are not settled.</summary>
    public int Pending { get; set; }

    /// <summary>Nodes that have this one among their inputs.</summary>
    public List<Node> Dependents { get; } = [];

    /// <summary>It is on a cycle that every run would close again; with its path.</summary>
    public Reason? Cycle { get; set; }

    /// <summary>All that are on that cycle: it is sought anew as soon as one of them changes.</summary>
    public List<Node>? CycleNodes { get; set; }

    /// <summary>What stands between it and its next run, if that is of the job as it is now.</summary>
    public Trouble? Trouble { get; set; }

    /// <summary>Its valid entry among the ready ones; 0 if it has none.</summary>
    public long Ticket { get; set; }

    /// <summary>Why it stands where it stands.</summary>
    public Reason? Reason { get; set; }

    /// <summary>Why it has to run; null if it has not.</summary>
    public Reason? RunReason { get; set; }

    /// <summary>The failed ref that it waits for, through any number of hops.</summary>
    public Node? Leaf { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    public bool IsSettled => Status >= NodeStatus.Fresh;

    public bool IsFailed => Status is NodeStatus.Failed or NodeStatus.UpstreamFailed;

    public bool IsWaiting => Status is NodeStatus.Waiting or NodeStatus.Suspect;
}
