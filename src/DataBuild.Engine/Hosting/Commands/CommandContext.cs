using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>What a command is decided on. Deciding changes nothing, but that what was seen of files is logged.</summary>
internal sealed record CommandContext
{
    public required BuildState State { get; init; }

    /// <summary>In the graph's time zone: what relative ends of sets are counted from.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Null where only the log is open.</summary>
    public CommandFiles? Files { get; init; }

    /// <summary>The project as it is now, where it was compiled and may not be registered yet.</summary>
    public GraphLookup? Project { get; init; }

    /// <summary>Process of the build at work that decides; 0 if none is.</summary>
    public int EnginePid { get; init; }

    /// <summary>The build at work makes whatever is wanted, not only what it was asked for.</summary>
    public bool ServesAllWants { get; init; }

    public bool IsLive => EnginePid != 0;

    public GraphLookup Graph => State.Graph
        ?? throw new DataBuildException(Rules.NoGraphYet, "the log holds no graph yet, so nothing in it can be changed; build first");

    public PartitionSet Set(V1.PartitionSet? set) => PartitionSet.Parse(set?.Expressions ?? [], Graph, Now.Date);

    public PartitionSet Set(string text) => PartitionSet.Parse([text], Graph, Now.Date);
}
