using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
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
    IStandingWork? standing = null)
{
    /// <summary>How long runs that were told to end may take; what is left is killed by then.</summary>
    private static readonly TimeSpan endingTime = TimeSpan.FromSeconds(10);

    /// <summary>A first heartbeat is stored with the next commit, or by itself if there is none for this long.</summary>
    private static readonly TimeSpan heartbeatDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan longestWait = TimeSpan.FromDays(1);

    private readonly OutcomeResolver outcomes = new(journal.State);
    private readonly List<(string RunId, IReadOnlyList<string> Refs)> toPublish = [];
    private readonly HashSet<string> endedJobs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobRunHeartbeatEventV1> heartbeats = new(StringComparer.Ordinal);
    private DateTimeOffset heartbeatsDue = DateTimeOffset.MaxValue;
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
        while (true)
        {
            if (stop.IsCancellationRequested && giveUp is null)
            {
                giveUp = clock() + endingTime;
                if (journal.State.ActiveRunCount > 0)
                {
                    report.Line("  stopping: jobs have five seconds to end; asked once more, they have none");
                }

                foreach (var run in journal.State.ActiveRuns.ToList())
                {
                    executor.Cancel(run.IdText);
                }
            }

            if (giveUp is not null && hurry.IsCancellationRequested && !hurried)
            {
                hurried = true;
                foreach (var run in journal.State.ActiveRuns.ToList())
                {
                    executor.Cancel(run.IdText);
                }
            }

            standing?.Turn(reconciler, TellReconciler);
            var runs = new List<PlannedRun>();
            var decision = Decide(runs, mayRun: giveUp is null);
            FlushHeartbeats();
            Commit(runs);
            EndUnwanted(executor);
            foreach (var run in runs)
            {
                var refs = run.Queue.Partitions.Select(partition => partition.Ref).ToList();
                if (Obstacles(refs) is { Count: > 0 } refused)
                {
                    inbox.Refuse(run.Queue.RunId, refs, refused);
                    continue;
                }

                var request = requests.For(run, refs, store.Stage(run.Queue.RunId, refs));
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
                return;
            }

            report.Progress(reconciler.Progress());
            foreach (var notice in inbox.Take(wait))
            {
                Take(notice, executor);
            }

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
            heartbeats[notice.RunId] = heartbeat;
            heartbeatsDue = heartbeats.Count == 1 ? clock() + heartbeatDelay : heartbeatsDue;
        }
        else if (notice.Progress is { } progress)
        {
            report.Progressed(notice.RunId, progress);
        }
        else if (notice.Return is { } returned)
        {
            // A run that ended needs no sign of life any more; where none is left, no instant is waited for either.
            if (heartbeats.Remove(notice.RunId) && heartbeats.Count == 0)
            {
                heartbeatsDue = DateTimeOffset.MaxValue;
            }

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

    private void FlushHeartbeats()
    {
        if (heartbeats.Count > 0 && (journal.HasUncommitted || clock() >= heartbeatsDue))
        {
            foreach (var heartbeat in heartbeats.Values)
            {
                journal.Add(new BuildEvent { JobRunHeartbeat = heartbeat }, clock());
            }

            heartbeats.Clear();
            heartbeatsDue = DateTimeOffset.MaxValue;
            TellReconciler();
        }
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
            return journal.State.ActiveRunCount == 0 || now >= deadline;
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

        until = heartbeatsDue < (until ?? DateTimeOffset.MaxValue) ? heartbeatsDue : until;
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
