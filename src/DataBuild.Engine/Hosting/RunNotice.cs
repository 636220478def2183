using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>Something that a run did, or that somebody asked for. One with no run id and no command only wakes the loop.</summary>
internal sealed record RunNotice
{
    public required string RunId { get; init; }

    public JobRunHeartbeatEventV1? Heartbeat { get; init; }

    /// <summary>Nothing can be told of the run at present, and why.</summary>
    public string? UnknownCause { get; init; }

    public Progress? Progress { get; init; }

    /// <summary>Somebody asks for a change; with no run id.</summary>
    public Live.PendingCommand? Command { get; init; }

    /// <summary>Something else to be done on the loop's thread; with no run id.</summary>
    public Action<IJobExecutor>? Work { get; init; }

    public RunReturn? Return { get; init; }

    public StagedOutput Staged { get; init; } = new([], []);

    public IReadOnlyDictionary<string, FileReadFact> FileReads { get; init; } = new Dictionary<string, FileReadFact>(StringComparer.Ordinal);
}
