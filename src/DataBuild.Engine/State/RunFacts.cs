using DataBuild.Engine.Graph;

namespace DataBuild.Engine.State;

/// <summary>A run that is under way. What ended is in the log and in what it left on its refs.</summary>
public sealed class RunFacts
{
    public required Guid Id { get; init; }

    public required string Job { get; init; }

    public required int[] Refs { get; init; }

    /// <summary>Number in the chain of retries, for each of <see cref="Refs"/>.</summary>
    public required int[] Attempts { get; init; }

    /// <summary>Inputs known at the start; not replaced while it lives.</summary>
    public required ReadFact[] Inputs { get; init; }

    public required IReadOnlyList<string> WantIds { get; init; }

    public required int JobVersion { get; init; }

    public required ulong Term { get; init; }

    /// <summary>The event that queued it: what was live then counts as read by it.</summary>
    public required ulong QueuedAt { get; init; }

    /// <summary>What runs it, as logged; never empty.</summary>
    public required string Executor { get; init; }

    /// <summary>It goes on when its engine ends, and the next one adopts it.</summary>
    public bool Outlives => ExecutorNames.Outlives(Executor);

    /// <summary><see cref="RunState.Queued"/>, <see cref="RunState.Running"/> or <see cref="RunState.Unknown"/>.</summary>
    public RunState State { get; set; }

    /// <summary>Since when nothing can be told of it; of no meaning in any other state than unknown.</summary>
    public DateTimeOffset UnknownSince { get; set; }

    /// <summary>What was asked of its executor and what the answer was; empty while it is known.</summary>
    public string UnknownCause { get; set; } = "";

    /// <summary>Its end was asked for, and by whom; empty if not. Its refs are held when it ends so.</summary>
    public string CancelAsked { get; set; } = "";

    /// <summary>What its executor calls it and where it runs, for people; empty where nothing was said.</summary>
    public string ExecutorRun { get; set; } = "";

    public long Pid { get; set; }

    public ulong PidStart { get; set; }

    public string IdText => Id.ToString("D");
}
