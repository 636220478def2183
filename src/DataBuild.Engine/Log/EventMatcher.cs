using System.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf.Collections;

namespace DataBuild.Engine.Log;

/// <summary>
/// Picks the events that are about given refs, jobs, runs or wants. An event is about what it names, but for inputs that were merely
/// read; and what a run, want or taint was first said to be about, its later events are about too (only the first one names its job).
/// So it must be shown a log from the beginning, in order.
/// </summary>
public sealed class EventMatcher
{
    private readonly Matched _notAsked;
    private readonly RefSelector? _refs;
    private readonly HashSet<string>? _jobs;
    private readonly HashSet<string>? _runs;
    private readonly HashSet<string>? _wants;
    private readonly Dictionary<string, Matched> _openRuns = [];
    private readonly Dictionary<string, Matched> _openWants = [];
    private readonly Dictionary<string, Matched> _openTaints = [];
    private readonly Dictionary<string, Matched> _openRenames = [];
    private readonly Dictionary<string, Matched> _openExpiries = [];

    public EventMatcher(EventFilter filter)
    {
        _refs = filter.Refs is { } refs ? new(refs) : null;
        _jobs = filter.Jobs?.ToHashSet();
        _runs = filter.RunIds?.ToHashSet();
        _wants = filter.WantIds?.ToHashSet();
        _notAsked = (_refs is null ? Matched.Refs : 0) | (_jobs is null ? Matched.Jobs : 0)
            | (_runs is null ? Matched.Runs : 0) | (_wants is null ? Matched.Wants : 0);
    }

    /// <summary>Of a log's events from its first on: those that pass, from an offset on, so many of them.</summary>
    public IEnumerable<StoredEvent> Select(IEnumerable<StoredEvent> log, ulong fromOffset, int limit) =>
        log.Where(stored => Passes(stored.Event) && stored.Offset >= fromOffset).Take(limit);

    /// <summary>Whether this one passes, which is asked of each in turn.</summary>
    public bool Passes(BuildEvent stored) => (Match(stored) | _notAsked) == Matched.All;

    private Matched Match(BuildEvent stored) => stored.EventCase switch
    {
        BuildEvent.EventOneofCase.JobRunQueue => Match(stored.JobRunQueue),
        BuildEvent.EventOneofCase.JobRunHeartbeat => Run(stored.JobRunHeartbeat.RunId) | Of(_openRuns, stored.JobRunHeartbeat.RunId),
        BuildEvent.EventOneofCase.JobRunSuccess => Match(stored.JobRunSuccess.End),
        BuildEvent.EventOneofCase.JobRunFailure => Match(stored.JobRunFailure.End),
        BuildEvent.EventOneofCase.JobRunMissingDeps => Match(stored.JobRunMissingDeps.End),
        BuildEvent.EventOneofCase.JobRunUnknown => Run(stored.JobRunUnknown.RunId) | Of(_openRuns, stored.JobRunUnknown.RunId),
        BuildEvent.EventOneofCase.JobRunCancel when stored.JobRunCancel.Asked => Run(stored.JobRunCancel.RunId) | Of(_openRuns, stored.JobRunCancel.RunId),
        BuildEvent.EventOneofCase.JobRunCancel => Run(stored.JobRunCancel.RunId) | Closing(_openRuns, stored.JobRunCancel.RunId),
        BuildEvent.EventOneofCase.JobRunLost => Run(stored.JobRunLost.RunId) | Closing(_openRuns, stored.JobRunLost.RunId),
        BuildEvent.EventOneofCase.WantCreate => Match(stored.WantCreate.Want),
        BuildEvent.EventOneofCase.WantRegister => Any(stored.WantRegister.Wants, Match),
        BuildEvent.EventOneofCase.WantCancel => Want(stored.WantCancel.WantId) | Closing(_openWants, stored.WantCancel.WantId),
        BuildEvent.EventOneofCase.WantEnd => Want(stored.WantEnd.WantId) | Closing(_openWants, stored.WantEnd.WantId),
        BuildEvent.EventOneofCase.WantTime => Match(stored.WantTime),
        BuildEvent.EventOneofCase.TaintCreate => Opening(_openTaints, stored.TaintCreate.TaintId, Set(stored.TaintCreate.Partitions)),
        BuildEvent.EventOneofCase.TaintCancel => stored.TaintCancel.Partitions is { } some
            ? Of(_openTaints, stored.TaintCancel.TaintId) | Set(some)
            : Closing(_openTaints, stored.TaintCancel.TaintId),
        BuildEvent.EventOneofCase.GraphRegister => Any(stored.GraphRegister.Graph?.Jobs, job => Job(job.Label)),
        BuildEvent.EventOneofCase.Observe => Any(stored.Observe.Observations, seen => Ref(seen.Ref)),
        BuildEvent.EventOneofCase.RetryRequest => Any(stored.RetryRequest.Refs, RefOrSet) | Any(stored.RetryRequest.Jobs, Job),
        BuildEvent.EventOneofCase.JobQuarantine => Job(stored.JobQuarantine.Job) | Run(stored.JobQuarantine.RunId),
        BuildEvent.EventOneofCase.Accept => Set(stored.Accept.Partitions),
        BuildEvent.EventOneofCase.Adopt => Any(stored.Adopt.Partitions, adopted => Ref(adopted.Ref)),
        BuildEvent.EventOneofCase.Rename => Match(stored.Rename),
        BuildEvent.EventOneofCase.RenameEnd => Closing(_openRenames, stored.RenameEnd.RenameId),
        BuildEvent.EventOneofCase.RetentionExpire => Opening(
            _openExpiries, stored.RetentionExpire.ExpiryId, Closing(_openExpiries, stored.RetentionExpire.Resumes) | Any(stored.RetentionExpire.Partitions, expired => Ref(expired.Ref))),
        BuildEvent.EventOneofCase.RetentionExpireEnd => Closing(_openExpiries, stored.RetentionExpireEnd.ExpiryId),
        _ => throw new UnreachableException($"What a {stored.EventCase} event is about must be said here."),
    };

    private Matched Match(JobRunQueueEventV1 queue) => Opening(
        _openRuns, queue.RunId, Run(queue.RunId) | Job(queue.Job) | Any(queue.WantIds, Want) | Any(queue.Partitions, made => Ref(made.Ref)));

    private Matched Match(RunEnd? end) => end is null
        ? Matched.None
        : Run(end.RunId) | Closing(_openRuns, end.RunId)
            | Any(end.Outcomes, outcome => Ref(outcome.Ref) | Any(outcome.Missed?.Refs, RefOrSet));

    private Matched Match(Want? want) => want is null
        ? Matched.None
        : Opening(
            _openWants,
            want.WantId,
            Want(want.WantId) | Want(want.ParentWantId) | Want(want.RootWantId) | Run(want.RunId) | Set(want.Partitions) | Any(want.Waiting, Ref));

    private Matched Match(WantTimeEventV1 time) =>
        Want(time.WantId) | Set(time.DeadlineMissed) | Set(time.Expired) | Of(_openWants, time.WantId);

    /// <summary>A pattern asks about refs as a set does whose placeholders may have any value.</summary>
    private Matched Match(RenameEventV1 rename) => Opening(
        _openRenames, rename.RenameId, Closing(_openRenames, rename.Resumes) | RefOrSet(rename.From) | RefOrSet(rename.To));

    private Matched Ref(string name) => _refs?.Has(name) == true ? Matched.Refs : 0;

    private Matched RefOrSet(string expression) => _refs?.HasAnyOf(expression) == true ? Matched.Refs : 0;

    private Matched Set(PartitionSet? set) => Any(set?.Expressions, RefOrSet);

    private Matched Job(string label) => _jobs?.Contains(label) == true ? Matched.Jobs : 0;

    private Matched Run(string runId) => _runs?.Contains(runId) == true ? Matched.Runs : 0;

    private Matched Want(string wantId) => _wants?.Contains(wantId) == true ? Matched.Wants : 0;

    private static Matched Any<T>(RepeatedField<T>? items, Func<T, Matched> match)
    {
        var matched = Matched.None;
        for (var i = 0; i < (items?.Count ?? 0) && matched != Matched.All; i++)
        {
            matched |= match(items![i]);
        }

        return matched;
    }

    private static Matched Of(Dictionary<string, Matched> open, string id) => open.GetValueOrDefault(id);

    /// <summary>Only what matched is kept, and only until its end, so memory doesn't grow with the log.</summary>
    private static Matched Opening(Dictionary<string, Matched> open, string id, Matched matched)
    {
        if (matched != Matched.None)
        {
            open[id] = matched;
        }

        return matched;
    }

    private static Matched Closing(Dictionary<string, Matched> open, string id)
    {
        open.Remove(id, out var matched);
        return matched;
    }
}
