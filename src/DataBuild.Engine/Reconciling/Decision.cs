using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>What is to be done next. The shell looks, appends, applies, starts, and asks again.</summary>
public sealed class Decision
{
    /// <summary>Look at these and reply to all of them before the next decision.</summary>
    public IReadOnlyList<ObservationRequest> Observe { get; init; } = [];

    /// <summary>Append and apply these, in order, in one batch.</summary>
    public List<BuildEvent> Events { get; init; } = [];

    /// <summary>Start these once the events are stored; their intents are among the events.</summary>
    public List<PlannedRun> Runs { get; init; } = [];

    /// <summary>Ask again at this instant even if nothing happens before: a retry is due.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Ask again at this instant: a job asked to be run then.</summary>
    public DateTimeOffset? PostponedTo { get; init; }

    /// <summary>Ask again after this instant while something is under way: a deadline or a time to live ends.</summary>
    public DateTimeOffset? TimeAt { get; init; }

    /// <summary>Ask again at this instant: the interval of something wanted ends, which may then be made. A build does not wait for that.</summary>
    public DateTimeOffset? IntervalEndsAt { get; init; }

    /// <summary>Nothing is under way and nothing can be done before a time comes, if ever.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>How many live partitions changed code would replace, where that is more than allowed; they are not started.</summary>
    public long TooManyRebuilds { get; init; }
}
