using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Carries out decisions until nothing more can be done, or with standing work for ever. One thread; each turn takes what came in, decides, and stores the
/// results of ended runs and the intents of the next ones by one commit, after which it publishes and starts.
/// </summary>
internal sealed class BuildLoop(
    Journal journal,
    Reconciler reconciler,
    IPartitionStore store,
    RunInbox inbox,
    Observer observer,
    JobWatch watch,
    RunRequests requests,
    ILoopReport report,
    LiveCommands commands,
    Func<DateTimeOffset> clock,
    TimeSpan maxWait,
    TimeSpan unknownTimeout,
    IStandingWork? standing = null)
{
    /// <summary>How long runs that were told to end may take; what is left is killed by then.</summary>
    private static readonly TimeSpan endingTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan longestWait = TimeSpan.FromDays(1);

    private readonly OutcomeResolver outcomes = new(journal.State);
    private readonly List<(string RunId, IReadOnlyList<string> Refs)> toPublish = [];
    private readonly HashSet<string> endedJobs = new(StringComparer.Ordinal);
    private readonly List<string> lost = [];
    private readonly List<string> unknown = [];
    private readonly SignsOfLife life = new(journal, clock, unknownTimeout);
    private readonly Adoption adoption = new(journal, store, inbox, requests, report);
    private bool wantsGone;

    /// <summary>Code changed, and more would be replaced than is allowed.</summary>
    public long TooManyRebuilds { get; private set; }

    /// <summary>Errors of jobs whose own files did not come to rest.</summary>
    public IReadOnlyList<Diagnostic> Unsettled => watch.Unsettled;

    /// <summary>A job asked to be run later than this build waits.</summary>
    public DateTimeOffset? PostponedTo { get; private set; }

    /// <summary>Looks at files and learns what they tell, running nothing: the state that a plan or a build begins with.</summary>
    public void Look()
    {
        Decide([], mayRun: false);
        Commit([]);
    }

    /// <param name="executor">What runs the jobs.</param>
    /// <param name="stop">Start no more; runs under way get their grace.</param>
    /// <param name="hurry">No grace any more.</param>
    public void Run(IJobExecutor executor, CancellationToken stop, CancellationToken hurry)
    {
        using var wake = stop.Register(inbox.Wake);
        using var wakeToHurry = hurry.Register(inbox.Wake);
        DateTimeOffset? giveUp = null;
        bool hurried = false;
        if (journal.State.OutlivingRunCount > 0)
        {
            // What was cancelled or expired while no engine was at work, and what left the project, is ended too.
            wantsGone |= adoption.Adopt((IOutlivingExecutor)executor) > 0;
        }

        while (true)
        {
            if (stop.IsCancellationRequested && giveUp is null)
            {
                giveUp = clock() + endingTime;
                if (OwnRuns > 0)
                {
                    report.Line("  stopping: jobs have five seconds to end; asked once more, they have none");
                }

                CancelOwn(executor);
            }

            if (giveUp is not null && hurry.IsCancellationRequested && !hurried)
            {
                hurried = true;
                CancelOwn(executor);
            }

            standing?.Turn(reconciler, TellReconciler);
            var runs = new List<PlannedRun>();
            var decision = Decide(runs, mayRun: giveUp is null);
            if (life.Flush(journal.HasUncommitted || giveUp is not null))
            {
                TellReconciler();
            }

            Commit(runs);
            EndUnwanted(executor);
            EndLost(executor);
            foreach (var run in runs)
            {
                var refs = run.Queue.Partitions.Select(partition => partition.Ref).ToList();
                if (Obstacles(refs) is { Count: > 0 } refused)
                {
                    inbox.Refuse(run.Queue.RunId, refs, refused);
                    continue;
                }

                bool outlives = ExecutorNames.Outlives(run.Queue.Executor);
                var request = requests.For(run, refs, outlives ? store.StageOutliving(run.Queue.RunId, refs) : store.Stage(run.Queue.RunId, refs));
                inbox.Expect(request.RunId, request.Refs);
                executor.Start(request);
                report.Queued(run, request);
            }

            standing?.Decided(decision);
            if (standing is { Expires: true } && Expire() is > 0 and var expired)
            {
                report.Line(Expiry.Words(expired));
            }

            if (IsOver(decision, giveUp, out var wait))
            {
                adoption.SayWhatGoesOn();
                return;
            }

            report.Progress(reconciler.Progress());
            foreach (var notice in inbox.Take(wait))
            {
                Take(notice, executor);
            }

            RecordLost();
            SayUnknown();
            LookAtJobs();
        }
    }

    /// <summary>Removes what nobody needs any more and whose retention has passed.</summary>
    /// <returns>How many partitions.</returns>
    public int Expire()
    {
        int removed = Expiry.Run(journal, reconciler, store, clock);
        TellReconciler();
        return removed;
    }

    /// <summary>Wants were cancelled, expired or left the project: what runs for nobody now is ended.</summary>
    private void EndUnwanted(IJobExecutor executor)
    {
        if (wantsGone)
        {
            wantsGone = false;
            foreach (string run in reconciler.UnwantedRuns())
            {
                executor.Cancel(run);
            }
        }
    }

    /// <summary>Decides until there is nothing to learn first, and takes the runs that are to be started.</summary>
    private Decision Decide(List<PlannedRun> runs, bool mayRun)
    {
        while (true)
        {
            var decision = reconciler.Decide(Now(), mayRun);
            Take(decision);
            runs.AddRange(decision.Runs);
            if (decision.Observe.Count == 0 && (decision.Events.Count == 0 || decision.Runs.Count > 0))
            {
                return decision;
            }
        }
    }

    private void Take(Decision decision)
    {
        foreach (var reply in observer.LookAt(decision.Observe, journal.State.Graph!))
        {
            reconciler.Observed(reply);
        }

        foreach (var e in decision.Events)
        {
            journal.Add(e, clock());
            report.Learned(e);
        }

        TellReconciler();
    }

    private void Take(RunNotice notice, IJobExecutor executor)
    {
        if (notice.Work is { } work)
        {
            work(executor);
            TellReconciler();
        }
        else if (notice.Command is { } command)
        {
            commands.Take(command, executor);
            TellReconciler();
        }
        else if (notice.Heartbeat is { } heartbeat)
        {
            report.Started(notice.RunId);
            life.Heard(heartbeat);
        }
        else if (notice.UnknownCause is { } cause)
        {
            if (life.NotHeard(notice.RunId, cause))
            {
                unknown.Add(notice.RunId);
            }

            TellReconciler();
        }
        else if (notice.Progress is { } progress)
        {
            report.Progressed(notice.RunId, progress);
        }
        else if (notice.Return is { } returned)
        {
            End(notice, returned);
        }
    }

    private void End(RunNotice notice, RunReturn returned)
    {
        life.Ended(notice.RunId);
        var run = journal.State.FindRun(notice.RunId)!;
        string log = returned.LogDirectory.Length > 0 ? $"runs/{notice.RunId}" : "";
        var result = outcomes.Resolve(returned, notice.Staged, notice.FileReads, log, clock());
        report.Ended(run, returned, result, notice.Staged);
        foreach (var e in result.Events)
        {
            journal.Add(commands.Explain(e), clock());
        }

        endedJobs.Add(run.Job);
        toPublish.Add((notice.RunId, result.Publish));
        TellReconciler();
    }

    /// <summary>What stands in the way of refs, by ref. Looked for before hours of work, not after.</summary>
    private Dictionary<string, Diagnostic> Obstacles(List<string> refs)
    {
        var found = new Dictionary<string, Diagnostic>(StringComparer.Ordinal);
        foreach (string @ref in refs)
        {
            bool isLive = journal.State.Refs.TryGet(@ref, out int id) && journal.State[id].IsLive;
            if (store.Obstacle(@ref, isLive) is { } obstacle)
            {
                found.Add(@ref, obstacle);
            }
        }

        return found;
    }

    /// <summary>Once a turn for all runs that ended in it: what they changed of their own job is seen before their results are stored.</summary>
    private void LookAtJobs()
    {
        if (endedJobs.Count > 0 && watch.Look(endedJobs, journal.State, report.JobChanged) is { } changed)
        {
            journal.Add(changed, clock());
            TellReconciler();
        }

        endedJobs.Clear();
    }

    /// <summary>Runs of this engine's own, which end with it.</summary>
    private int OwnRuns => journal.State.ActiveRunCount - journal.State.OutlivingRunCount;

    private void CancelOwn(IJobExecutor executor)
    {
        foreach (var run in journal.State.ActiveRuns.Where(run => !run.Outlives).ToList())
        {
            executor.Cancel(run.IdText);
        }
    }

    /// <summary>
    /// Runs of which nothing was known for too long end here, whatever becomes of them: their refs are tried again, and what they left or
    /// still write is moved away once that is stored.
    /// </summary>
    private void RecordLost()
    {
        foreach (var overdue in life.Overdue())
        {
            if (inbox.Lose(overdue) is { } notice)
            {
                End(notice, overdue);
                lost.Add(overdue.RunId);
            }
        }
    }

    /// <summary>They may live: their executor ends them if it comes upon them.</summary>
    private void EndLost(IJobExecutor executor)
    {
        lost.ForEach(executor.Cancel);
        lost.Clear();
    }

    /// <summary>One line a turn, however many there are: a cluster that does not answer says nothing of any.</summary>
    private void SayUnknown()
    {
        if (unknown.Select(journal.State.FindRun).OfType<RunFacts>().ToList() is [var first, ..] runs)
        {
            report.Line($"  nothing is known of {(runs.Count == 1 ? $"run {first.IdText} of {first.Job}" : $"{runs.Count} runs")} on {first.Executor} at present: {first.UnknownCause}; lost after {Durations.Format(unknownTimeout)} of that");
        }

        unknown.Clear();
    }

    /// <summary>Makes outputs durable, stores the events, and only then puts outputs in place.</summary>
    private void Commit(List<PlannedRun> runs)
    {
        if (toPublish.Exists(run => run.Refs.Count > 0))
        {
            store.Sync();
        }

        journal.Commit();
        foreach (var (runId, refs) in toPublish)
        {
            if (refs.Count > 0)
            {
                store.Publish(runId, refs);
            }
            else
            {
                store.Discard(runId);
            }
        }

        toPublish.Clear();
        commands.Committed();
        report.Committed(runs.Count);
    }

    private bool IsOver(Decision decision, DateTimeOffset? giveUp, out TimeSpan wait)
    {
        var now = clock();
        TooManyRebuilds = decision.TooManyRebuilds;
        wait = Timeout.InfiniteTimeSpan;
        if (giveUp is { } deadline)
        {
            wait = deadline > now ? deadline - now : TimeSpan.Zero;
            return OwnRuns == 0 || now >= deadline;
        }

        var until = decision.RetryAt;
        if (standing is not null)
        {
            until = Earliest(until, decision.PostponedTo, decision.IntervalEndsAt, decision.TimeAt + TimeSpan.FromTicks(1), standing.Next);
        }
        else if (decision.IsQuiet)
        {
            if (decision.PostponedTo is { } postponed && postponed - now <= maxWait)
            {
                until = until < postponed ? until : postponed;
            }

            PostponedTo = until is null ? decision.PostponedTo : null;
            if (until is null || TooManyRebuilds > 0)
            {
                return true;
            }
        }

        // What passes while nothing is under way, the next build accounts for.
        if (standing is null && decision is { IsQuiet: false, TimeAt: { } time } && !(until <= time))
        {
            until = time + TimeSpan.FromTicks(1);
        }

        until = Earliest(until, life.Next);
        if (until is { } instant)
        {
            // Bounded, since a timed wait can be no longer than 49 days.
            wait = instant <= now ? TimeSpan.Zero : instant - now < longestWait ? instant - now : longestWait;
        }

        return false;
    }

    private static DateTimeOffset? Earliest(params ReadOnlySpan<DateTimeOffset?> instants)
    {
        DateTimeOffset? earliest = null;
        foreach (var instant in instants)
        {
            earliest = instant < earliest || earliest is null ? instant ?? earliest : earliest;
        }

        return earliest;
    }

    private void TellReconciler()
    {
        if (!journal.Change.IsEmpty)
        {
            wantsGone |= journal.Change.WantsGone;
            reconciler.Changed(journal.Change);
            standing?.Changed(journal.Change);
            journal.Change.Clear();
        }
    }

    private Moment Now() => new(clock());
}
