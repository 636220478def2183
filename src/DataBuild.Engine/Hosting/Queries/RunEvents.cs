using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>The events of one run: its intent, its first sign of life and its end, as far as it came.</summary>
/// <param name="Queued">Its intent.</param>
/// <param name="Started">Its first sign of life.</param>
/// <param name="Ended">Its end.</param>
internal sealed record RunEvents(StoredEvent Queued, BuildEvent? Started, StoredEvent? Ended)
{
    /// <summary>Nothing is known of it since then; null if something is, or if it has ended.</summary>
    public BuildEvent? Unknown { get; init; }

    /// <summary>Its newest sign of life, which says where it is; that of a run which was never unknown is its first.</summary>
    public BuildEvent? Heard { get; init; }

    /// <summary>Its end was asked for.</summary>
    public BuildEvent? CancelAsked { get; init; }

    public JobRunQueueEventV1 Queue => Queued.Event.JobRunQueue;

    public RunEnd? End => Ended?.Event.RunEnd();

    public string State => Ended?.Event.EventCase switch
    {
        BuildEvent.EventOneofCase.JobRunSuccess => "Succeeded",
        BuildEvent.EventOneofCase.JobRunFailure => "Failed",
        BuildEvent.EventOneofCase.JobRunMissingDeps => "MissedDeps",
        BuildEvent.EventOneofCase.JobRunCancel => "Canceled",
        BuildEvent.EventOneofCase.JobRunLost => "Lost",
        _ => Unknown is not null ? "Unknown" : Started is null ? "Queued" : "Running",
    };

    /// <summary>
    /// All runs, newest first, reading no further back than asked for. Only the ends of runs whose beginning is yet to come are kept.
    /// </summary>
    public static IEnumerable<RunEvents> Newest(IEnumerable<StoredEvent> backwards)
    {
        var started = new Dictionary<string, BuildEvent>(StringComparer.Ordinal);
        var newest = new Dictionary<string, BuildEvent>(StringComparer.Ordinal);
        var asked = new Dictionary<string, BuildEvent>(StringComparer.Ordinal);
        var ended = new Dictionary<string, StoredEvent>(StringComparer.Ordinal);
        foreach (var stored in backwards)
        {
            if (stored.Event.EndedRun() is { } end)
            {
                ended[end] = stored;
            }
            else if (stored.Event.JobRunHeartbeat is { } heartbeat)
            {
                started[heartbeat.RunId] = stored.Event;
                newest.TryAdd(heartbeat.RunId, stored.Event);
            }
            else if (stored.Event.JobRunUnknown is { } unknown)
            {
                newest.TryAdd(unknown.RunId, stored.Event);
            }
            else if (stored.Event.JobRunCancel is { } cancel)
            {
                asked[cancel.RunId] = stored.Event;
            }
            else if (stored.Event.JobRunQueue is { } queue)
            {
                started.Remove(queue.RunId, out var start);
                newest.Remove(queue.RunId, out var last);
                asked.Remove(queue.RunId, out var ask);
                bool hasEnded = ended.Remove(queue.RunId, out var how);
                yield return new RunEvents(stored, start, hasEnded ? how : null)
                {
                    Unknown = hasEnded || last?.JobRunUnknown is null ? null : last,
                    Heard = last?.JobRunHeartbeat is null ? start : last,
                    CancelAsked = ask,
                };
            }
        }
    }

    public RunRow Row(LogPlace place)
    {
        var row = new RunRow
        {
            RunId = Queue.RunId,
            Job = Queue.Job,
            State = State,
            FirstRef = Queue.Partitions[0].Ref,
            Refs = Queue.Partitions.Count,
            Attempt = Queue.Partitions.Max(partition => partition.Attempt),
            QueuedAt = Queued.Offset,
            Queued = Queued.Event.Timestamp,
            Started = End?.Started ?? Started?.Timestamp,
            Text = (Queue.Partitions[0].Reason ?? new Reason()) is { Kind: not ReasonKind.Unspecified } reason ? reason.ToText() : "",
            Problem = Problem,
            Executor = Queue.Executor,
            ExecutorRun = Heard?.JobRunHeartbeat.ExecutorRun ?? "",
            Host = Heard?.JobRunHeartbeat.Host ?? "",
            UnknownSince = Unknown?.Timestamp,
            UnknownCause = Unknown?.JobRunUnknown.Cause ?? "",
            CancelAsked = Ended is null ? CancelAsked?.JobRunCancel.Cause ?? "" : "",
        };
        if (Ended is { } ended)
        {
            row.EndedAt = ended.Offset;
            row.Ended = ended.Event.Timestamp;
        }

        if (End is { } end)
        {
            row.Duration = end.Duration;
            row.Signal = end.Signal;
            row.Log = place.ShowRun(end.Log);
            row.Done = end.Outcomes.Count(outcome => outcome.Done is not null);
            row.Failed = end.Outcomes.Count(outcome => outcome.Failed is not null);
            row.Missed = end.Outcomes.Count(outcome => outcome.Missed is not null);
            if (end.HasExitCode)
            {
                row.ExitCode = end.ExitCode;
            }
        }

        return row;
    }

    private string Problem => Ended?.Event.EventCase switch
    {
        BuildEvent.EventOneofCase.JobRunCancel => Ended.Value.Event.JobRunCancel.Cause,
        BuildEvent.EventOneofCase.JobRunLost => Ended.Value.Event.JobRunLost.Cause,
        BuildEvent.EventOneofCase.JobRunFailure => End!.Outcomes.First(outcome => outcome.Failed is not null).Failed.Message,
        _ => "",
    };
}
