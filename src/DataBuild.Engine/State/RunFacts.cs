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

    /// <summary><see cref="RunState.Queued"/> or <see cref="RunState.Running"/>.</summary>
    public RunState State { get; set; }

    public long Pid { get; set; }

    public ulong PidStart { get; set; }

    public string IdText => Id.ToString("D");
}
