using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Carries out decisions until nothing more can be done. One thread; each turn takes what came in, decides, and stores the
/// results of ended runs and the intents of the next ones by one commit, after which it publishes and starts.
/// </summary>
internal sealed class BuildLoop(
    Journal journal,
    Reconciler reconciler,
    IPartitionStore store,
    RunInbox inbox,
    Observer observer,
    RunRequests requests,
    BuildReport report,
    Func<DateTimeOffset> clock,
    TimeSpan maxWait)
{
    /// <summary>How long runs that were told to end may take; what is left is killed by then.</summary>
    private static readonly TimeSpan endingTime = TimeSpan.FromSeconds(10);

    /// <summary>A first heartbeat is stored with the next commit, or by itself if there is none for this long.</summary>
    private static readonly TimeSpan heartbeatDelay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan longestWait = TimeSpan.FromDays(1);

    private readonly OutcomeResolver outcomes = new(journal.State);
    private readonly List<(string RunId, IReadOnlyList<string> Refs)> toPublish = [];
    private readonly Dictionary<string, JobRunHeartbeatEventV1> heartbeats = new(StringComparer.Ordinal);
    private DateTimeOffset heartbeatsDue = DateTimeOffset.MaxValue;

    /// <summary>Code changed, and more would be replaced than is allowed.</summary>
    public long TooManyRebuilds { get; private set; }

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

            var runs = new List<PlannedRun>();
            var decision = Decide(runs, mayRun: giveUp is null);
            FlushHeartbeats();
            Commit(runs);
            foreach (var run in runs)
            {
                var refs = run.Queue.Partitions.Select(partition => partition.Ref).ToList();
                var request = requests.For(run, refs, store.Stage(run.Queue.RunId, refs));
                inbox.Expect(request.RunId, request.Refs);
                executor.Start(request);
                report.Queued(run, request);
            }

            if (IsOver(decision, giveUp, out var wait))
            {
                return;
            }

            report.Progress(reconciler.Progress());
            foreach (var notice in inbox.Take(wait))
            {
                Take(notice);
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

    private void Take(RunNotice notice)
    {
        if (notice.Heartbeat is { } heartbeat)
        {
            heartbeats[notice.RunId] = heartbeat;
            heartbeatsDue = heartbeats.Count == 1 ? clock() + heartbeatDelay : heartbeatsDue;
        }
        else if (notice.Progress is { } progress)
        {
            report.Progressed(notice.RunId, progress);
        }
        else if (notice.Return is { } returned)
        {
            // A run that ended needs no sign of life any more.
            heartbeats.Remove(notice.RunId);
            var run = journal.State.FindRun(notice.RunId)!;
            string log = returned.LogDirectory.Length > 0 ? $"runs/{notice.RunId}" : "";
            var result = outcomes.Resolve(returned, notice.Staged, notice.FileReads, log, clock());
            report.Ended(run, returned, result, notice.Staged);
            foreach (var e in result.Events)
            {
                journal.Add(e, clock());
            }

            toPublish.Add((notice.RunId, result.Publish));
            TellReconciler();
        }
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
        if (decision.IsQuiet)
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

        until = heartbeatsDue < (until ?? DateTimeOffset.MaxValue) ? heartbeatsDue : until;
        if (until is { } instant)
        {
            // Bounded, since a timed wait can be no longer than 49 days.
            wait = instant <= now ? TimeSpan.Zero : instant - now < longestWait ? instant - now : longestWait;
        }

        return false;
    }

    private void TellReconciler()
    {
        if (!journal.Change.IsEmpty)
        {
            reconciler.Changed(journal.Change);
            journal.Change.Clear();
        }
    }

    private Moment Now() => new(clock());
}
