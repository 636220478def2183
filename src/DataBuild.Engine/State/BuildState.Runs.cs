using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private readonly List<RunFacts?> runs = [];
    private readonly Stack<int> freeRuns = [];
    private readonly Dictionary<Guid, int> runIndex = [];
    private readonly Dictionary<Guid, RunFacts> outlivingRuns = [];
    private readonly Queue<RunFacts> runsByAge = [];
    private readonly Dictionary<int, List<(ulong Offset, ReadFact Instance)>> displaced = [];
    private readonly Queue<(ulong Offset, int Ref)> displacedByAge = [];

    /// <summary>Runs under way.</summary>
    public IEnumerable<RunFacts> ActiveRuns => runIndex.Values.Select(index => runs[index]!);

    public int ActiveRunCount => runIndex.Count;

    /// <summary>Those of them that go on when their engine ends.</summary>
    public IEnumerable<RunFacts> OutlivingRuns => outlivingRuns.Values;

    public int OutlivingRunCount => outlivingRuns.Count;

    public RunFacts? FindRun(string runId) =>
        Guid.TryParse(runId, out var id) && runIndex.TryGetValue(id, out int index) ? runs[index] : null;

    /// <summary>The run under way for a ref.</summary>
    public RunFacts? ActiveRunOf(int id) => this[id].ActiveRun is > 0 and var run ? runs[run - 1] : null;

    /// <summary>
    /// Which instance of a ref a run read that was queued at an offset: the one live then, else the first one after. Null if there
    /// is none to this moment.
    /// </summary>
    public ReadFact? InstanceReadBy(int id, ulong queuedAt)
    {
        if (displaced.TryGetValue(id, out var older))
        {
            foreach (var (offset, instance) in older)
            {
                // Older instances are in order of their end; the first one that ended after the run began was live then, or came first.
                if (offset > queuedAt)
                {
                    return instance;
                }
            }
        }

        var now = this[id];
        return now.IsLive ? new ReadFact(id, now.Content, now.LiveRun, false) : null;
    }

    private void Apply(JobRunQueueEventV1 queue, in Applying context)
    {
        Require(Guid.TryParse(queue.RunId, out var runId), "a-run-has-an-id", $"'{queue.RunId}' is no run id");
        Require(!runIndex.ContainsKey(runId), "a-run-is-queued-once", $"run {queue.RunId} is under way");
        Require(Graph is not null, "a-run-has-a-graph", $"run {queue.RunId} is queued before a graph is registered");
        Require(currentJobs.ContainsKey(queue.Job), "a-run-has-a-job", $"run {queue.RunId} is for job {queue.Job}, which the graph does not have");
        Require(Renaming is null, "nothing-runs-during-a-rename", $"run {queue.RunId} is queued while a rename is under way");
        Require(Expiring is null, "nothing-is-made-while-files-are-removed", $"run {queue.RunId} is queued while expired files are removed");
        Require(queue.Partitions.Count > 0, "a-run-has-refs", $"run {queue.RunId} is for no ref");
        var version = currentJobs[queue.Job];
        Require(
            version.Fingerprint.Fingerprint.Equals(queue.JobFingerprint),
            "a-run-is-of-the-job-in-force",
            $"run {queue.RunId} is for another version of job {queue.Job}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var partition in queue.Partitions)
        {
            Require(
                Graph!.Find(partition.Ref)?.Job?.Label == queue.Job,
                "a-job-makes-only-its-own-refs",
                $"run {queue.RunId} of job {queue.Job} is for {partition.Ref}");
            Require(seen.Add(partition.Ref), "a-run-has-a-ref-once", $"run {queue.RunId} is for {partition.Ref} twice");
            Require(
                !Refs.TryGet(partition.Ref, out int id) || !this[id].IsBuilding,
                "a-ref-is-built-by-one-run",
                $"run {queue.RunId} is for {partition.Ref}, which another run is building");
            Require(
                !Refs.TryGet(partition.Ref, out id) || !IsPinned(id),
                "a-pinned-instance-is-not-replaced",
                $"run {queue.RunId} is for {partition.Ref}, which a run under way reads");
        }

        Require(
            queue.Inputs.All(input => input.RunId.Length == 0 || Guid.TryParse(input.RunId, out _)),
            "a-read-names-a-run",
            $"run {queue.RunId} is queued with an input that is no run's");
        var run = new RunFacts
        {
            Id = runId,
            Job = queue.Job,
            Refs = [.. queue.Partitions.Select(partition => Refs.Intern(partition.Ref))],
            Attempts = [.. queue.Partitions.Select(partition => (int)partition.Attempt)],
            Inputs = [.. queue.Inputs.Select(ToFact)],
            WantIds = queue.WantIds,
            JobVersion = version.Index,
            Term = queue.Term,
            QueuedAt = context.Offset,
            Executor = queue.Executor.Length > 0 ? queue.Executor : ExecutorNames.Local,
            State = RunState.Queued,
        };
        Resume(run);
        CountRun(run, 1);
        Array.ForEach(run.Refs, Release);
        context.Change.Refs.AddRange(run.Refs);
    }

    /// <summary>What was cancelled and held is asked for again.</summary>
    private void Release(int id)
    {
        if (troubles.TryGetValue(id, out var trouble) && trouble.HeldAt > 0)
        {
            trouble.HeldAt = 0;
            trouble.HeldRun = Guid.Empty;
            if (trouble is { Failure: null, Missed.Length: 0 })
            {
                ClearTrouble(id);
            }
        }
    }

    /// <summary>The run is under way: its refs are being built and its inputs pinned.</summary>
    private void Resume(RunFacts run)
    {
        int index = freeRuns.TryPop(out int free) ? free : runs.Count;
        if (index == runs.Count)
        {
            runs.Add(run);
        }
        else
        {
            runs[index] = run;
        }

        runIndex.Add(run.Id, index);
        if (run.Outlives)
        {
            outlivingRuns.Add(run.Id, run);
        }

        runsByAge.Enqueue(run);
        foreach (int id in run.Refs)
        {
            FactsOf(id).ActiveRun = index + 1;
        }

        foreach (var input in run.Inputs)
        {
            pins[input.Ref] = pins.GetValueOrDefault(input.Ref) + 1;
        }
    }

    private void Apply(JobRunHeartbeatEventV1 heartbeat, in Applying context)
    {
        var run = Active(heartbeat.RunId);
        Require(run.State != RunState.Running, "a-run-starts-once", $"run {heartbeat.RunId} has started before");
        run.State = run.State == RunState.Unknown && heartbeat.Host.Length == 0 && run.Pid == 0 ? RunState.Queued : RunState.Running;
        run.Pid = heartbeat.Pid;
        run.PidStart = heartbeat.PidStart;
        run.UnknownCause = "";
        run.ExecutorRun = heartbeat.ExecutorRun.Length == 0 || heartbeat.Host.Length == 0 ? heartbeat.ExecutorRun : $"{heartbeat.ExecutorRun} on {heartbeat.Host}";
        context.Change.Refs.AddRange(run.Refs);
    }

    private void Apply(JobRunUnknownEventV1 unknown, in Applying context)
    {
        var run = Active(unknown.RunId);
        Require(run.State != RunState.Unknown, "a-run-is-unknown-once", $"run {unknown.RunId} is unknown already");
        run.State = RunState.Unknown;
        run.UnknownSince = context.Time;
        run.UnknownCause = unknown.Cause;
        context.Change.Refs.AddRange(run.Refs);
    }

    private void Apply(JobRunSuccessEventV1 success, in Applying context)
    {
        var run = Ending(success.End, RunState.Succeeded);
        End(run, success.End, "", context);
        Count(run, success.End, FailureClass.Unspecified);
    }

    private void Apply(JobRunFailureEventV1 failure, in Applying context)
    {
        var run = Ending(failure.End, RunState.Failed);
        End(run, failure.End, failure.StderrTail, context);
        Count(run, failure.End, failure.FailureClass);
    }

    private void Apply(JobRunMissingDepsEventV1 missing, in Applying context)
    {
        var run = Ending(missing.End, RunState.MissedDeps);
        End(run, missing.End, "", context);
        Count(run, missing.End, FailureClass.Unspecified);
    }

    private void Apply(JobRunCancelEventV1 cancel, in Applying context)
    {
        var run = Active(cancel.RunId);
        if (cancel.Asked)
        {
            run.CancelAsked = cancel.Cause.Length > 0 ? cancel.Cause : "by hand";
            return;
        }

        Close(run, context);
        foreach (int id in cancel.Hold ? run.Refs : [])
        {
            var trouble = TroubleFor(id, run);
            trouble.HeldAt = context.Offset;
            trouble.HeldRun = run.Id;
        }
    }

    private void Apply(JobRunLostEventV1 lost, in Applying context)
    {
        if (lost.End is null)
        {
            Close(Active(lost.RunId), context);
            return;
        }

        Require(lost.End.RunId == lost.RunId, "an-end-is-of-its-run", $"run {lost.RunId} is lost with the end of run {lost.End.RunId}");
        var run = Ending(lost.End, RunState.Failed);
        End(run, lost.End, "", context);
        Count(run, lost.End, FailureClass.Infrastructure);
    }

    private RunFacts Active(string runId)
    {
        var run = FindRun(runId);
        Require(run is not null, "only-a-run-under-way-goes-on", $"run {runId} is not under way");
        return run!;
    }

    /// <summary>Checks the end of a run as a whole: one outcome a ref, and the kind of event that these outcomes make.</summary>
    private RunFacts Ending(RunEnd end, RunState state)
    {
        var run = Active(end.RunId);
        var expected = run.Refs.Select(id => Refs[id]).ToHashSet(StringComparer.Ordinal);
        foreach (var outcome in end.Outcomes)
        {
            Require(
                expected.Remove(outcome.Ref),
                "one-outcome-a-ref",
                $"run {end.RunId} ends with an outcome for {outcome.Ref}, which it was not for or had one before");
            Require(
                outcome.OutcomeCase != PartitionOutcome.OutcomeOneofCase.None,
                "an-outcome-says-something",
                $"run {end.RunId} ends with an empty outcome for {outcome.Ref}");
        }

        Require(
            end.Reads.Concat(end.Outcomes.SelectMany(outcome => outcome.Reads)).All(read => read.RunId.Length == 0 || Guid.TryParse(read.RunId, out _)),
            "a-read-names-a-run",
            $"run {end.RunId} ends with a read of what is no run's");
        Require(expected.Count == 0, "one-outcome-a-ref", $"run {end.RunId} ends without an outcome for {expected.FirstOrDefault()}");
        bool failed = end.Outcomes.Any(outcome => outcome.OutcomeCase == PartitionOutcome.OutcomeOneofCase.Failed);
        bool missed = end.Outcomes.Any(outcome => outcome.OutcomeCase == PartitionOutcome.OutcomeOneofCase.Missed);
        var found = failed ? RunState.Failed : missed ? RunState.MissedDeps : RunState.Succeeded;
        Require(found == state, "a-run-ends-as-its-refs", $"run {end.RunId} is said to be {state}, its refs say {found}");
        return run;
    }

    private void End(RunFacts run, RunEnd end, string stderrTail, in Applying context)
    {
        var common = end.Reads.Select(ToFact).ToArray();
        var commonFiles = end.FileReads.Select(ToFact).ToArray();
        Close(run, context);
        foreach (var outcome in end.Outcomes)
        {
            int id = Refs.Intern(outcome.Ref);
            switch (outcome.OutcomeCase)
            {
                case PartitionOutcome.OutcomeOneofCase.Done:
                    Publish(id, run, outcome, common, commonFiles, context);
                    break;
                case PartitionOutcome.OutcomeOneofCase.Failed:
                    Fail(id, run, end, outcome.Failed, stderrTail, context.Offset);
                    break;
                default:
                    Miss(id, run, outcome.Missed, context.Offset);
                    break;
            }
        }
    }

    /// <summary>The run is no longer under way; its refs are as before.</summary>
    private void Close(RunFacts run, in Applying context)
    {
        runIndex.Remove(run.Id, out int index);
        outlivingRuns.Remove(run.Id);
        runs[index] = null;
        freeRuns.Push(index);
        foreach (int id in run.Refs)
        {
            FactsOf(id).ActiveRun = 0;
            context.Change.Refs.Add(id);
        }

        foreach (var input in run.Inputs)
        {
            if (--pins[input.Ref] == 0)
            {
                pins.Remove(input.Ref);
                context.Change.Refs.Add(input.Ref);
            }
        }

        CountRun(run, -1);
        ForgetDisplaced();
    }

    /// <summary>What was displaced before the oldest run under way began, no run can have read.</summary>
    private void ForgetDisplaced()
    {
        while (runsByAge.TryPeek(out var oldest) && !(runIndex.TryGetValue(oldest.Id, out int index) && runs[index] == oldest))
        {
            runsByAge.Dequeue();
        }

        ulong began = runsByAge.TryPeek(out var first) ? first.QueuedAt : ulong.MaxValue;
        while (displacedByAge.TryPeek(out var next) && next.Offset <= began)
        {
            displacedByAge.Dequeue();
            var older = displaced[next.Ref];
            older.RemoveAt(0);
            if (older.Count == 0)
            {
                displaced.Remove(next.Ref);
            }
        }
    }

    private void Publish(int id, RunFacts run, PartitionOutcome outcome, ReadFact[] common, FileReadFact[] commonFiles, in Applying context)
    {
        ref var fact = ref FactsOf(id);
        RememberDisplaced(id, fact, context.Offset);
        if (fact.IsTainted)
        {
            ForgetTaints(id);
        }

        if (!fact.IsLive)
        {
            LiveCount++;
        }

        fact.Content = Fingerprint.From(outcome.Done.ContentFingerprint);
        fact.Stamp = outcome.Done.Stamp;
        fact.LiveRun = run.Id;
        fact.Offset = context.Offset;
        fact.Published = SecondsOf(context.Time);
        fact.JobVersion = run.JobVersion;
        fact.Reads = outcome.Reads.Count == 0 ? common : [.. common, .. outcome.Reads.Select(ToFact)];
        fact.Flags = RefFlags.Live;
        FileReadFact[] files = outcome.FileReads.Count == 0 ? commonFiles : [.. commonFiles, .. outcome.FileReads.Select(ToFact)];
        if (files.Length == 0)
        {
            fileReads.Remove(id);
        }
        else
        {
            fileReads[id] = files;
        }

        changes.Remove(id);
        ClearTrouble(id);
    }

    private void RememberDisplaced(int id, in RefFacts old, ulong offset)
    {
        if (old.IsLive && runIndex.Count > 0)
        {
            if (!displaced.TryGetValue(id, out var older))
            {
                displaced.Add(id, older = []);
            }

            older.Add((offset, new ReadFact(id, old.Content, old.LiveRun, false)));
            displacedByAge.Enqueue((offset, id));
        }
    }

    private void Fail(int id, RunFacts run, RunEnd end, PartitionFailed failed, string stderrTail, ulong offset)
    {
        var trouble = TroubleFor(id, run);
        trouble.Failure = failed;
        trouble.Run = run.Id;
        trouble.Offset = offset;
        trouble.ExitCode = end.HasExitCode ? end.ExitCode : null;
        trouble.Signal = end.Signal;
        trouble.Log = end.Log;
        trouble.StderrTail = stderrTail;
        trouble.NotBefore = failed.RetryAt?.ToDateTimeOffset();
        trouble.BatchLimit = (int)failed.BatchLimit;
        if (failed.BatchLimit == 0)
        {
            trouble.Spent[(int)failed.FailureClass]++;
            trouble.NextAttempt = run.Attempts[Array.IndexOf(run.Refs, id)] + 1;
        }
    }

    private void Miss(int id, RunFacts run, PartitionMissed missed, ulong offset)
    {
        var trouble = TroubleFor(id, run);
        trouble.Failure = null;
        trouble.Run = run.Id;
        trouble.Offset = offset;
        trouble.Missed = [.. trouble.Missed.Union(missed.Refs.Select(Refs.Intern))];
        trouble.NotBefore = missed.NotBefore?.ToDateTimeOffset();
        trouble.BatchLimit = (int)missed.BatchLimit;
    }

    /// <summary>A job that was changed starts with a clean slate: budgets and misses were those of another job.</summary>
    private Trouble TroubleFor(int id, RunFacts run)
    {
        if (!troubles.TryGetValue(id, out var trouble) || trouble.JobVersion != run.JobVersion)
        {
            ClearTrouble(id);
            troubles[id] = trouble = new Trouble { JobVersion = run.JobVersion };
        }

        return trouble;
    }

    private ReadFact ToFact(Read read) => new(
        Refs.Intern(read.Ref),
        Fingerprint.From(read.ContentFingerprint),
        read.RunId.Length == 0 ? Guid.Empty : Guid.Parse(read.RunId),
        read.Missed);

    private static FileReadFact ToFact(FileRead read) => new(read.Path, Fingerprint.From(read.ContentFingerprint));
}
