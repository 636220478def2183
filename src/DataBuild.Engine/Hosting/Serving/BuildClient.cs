using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// A build that found a service: the service does its work, and this says of it what the build would have said, and when it would have
/// ended. It has a reconciler of its own, which sees the same state for the build's wants alone and never starts anything.
/// </summary>
internal sealed class BuildClient
{
    private readonly EngineRequest request;
    private readonly Journal journal;
    private readonly Reconciler view;
    private readonly Observer observer;
    private readonly BuildReport report;
    private readonly BuildSummary summary;
    private readonly BuildEnding ending;
    private readonly List<string> asked;
    private readonly HashSet<string> runs = new(StringComparer.Ordinal);
    private readonly Action<EngineMessage> send;
    private readonly Func<DateTimeOffset> now;
    private readonly DateTimeOffset began;
    private Decision latest = new();
    private bool isPlanned;

    /// <param name="request">What the build was asked for.</param>
    /// <param name="asked">Wants made for it alone; empty where it is about the project's.</param>
    /// <param name="journal">The service's.</param>
    /// <param name="observer">Looks at files for this build, and counts them.</param>
    /// <param name="send">To the build.</param>
    /// <param name="now">The clock.</param>
    public BuildClient(EngineRequest request, List<string> asked, Journal journal, Observer observer, Action<EngineMessage> send, Func<DateTimeOffset> now)
    {
        this.request = request;
        this.asked = asked;
        this.journal = journal;
        this.observer = observer;
        this.send = send;
        this.now = now;
        began = now();
        var state = journal.State;
        view = new Reconciler(
            state,
            new ReconcilerOptions
            {
                LogId = journal.LogId,
                Term = journal.Term,
                MostActiveRuns = 0,
                MostOutlivingRuns = 0,
                SessionStart = state.Offset,
                WantIds = asked.Count > 0 ? asked : null,
                Jobs = request.Jobs,
                MaxRebuilds = request.MaxRebuilds,
            },
            new Moment(began));
        report = new BuildReport(send, state, request.ReportRuns, now);
        summary = new BuildSummary(state.Graph!, state, Workspace.Of(request), report);
        ending = new BuildEnding(request, journal, view, summary, report, send, now);
    }

    /// <summary>When this build has to be looked at again, if nothing happens before.</summary>
    public DateTimeOffset? Next { get; private set; }

    public void Changed(StateChange change) => view.Changed(change);

    /// <summary>Learns what the build would have learned; true if that added events.</summary>
    public bool Learn()
    {
        bool learned = false;
        while (true)
        {
            var decision = view.Decide(new Moment(now()));
            foreach (var reply in observer.LookAt(decision.Observe, journal.State.Graph!))
            {
                view.Observed(reply);
            }

            foreach (var e in decision.Events)
            {
                journal.Add(e, now());
                report.Learned(e);
                learned = true;
            }

            if (decision.Events.Count > 0 || decision.Observe.Count == 0)
            {
                latest = decision;
                return learned;
            }
        }
    }

    /// <summary>The plan is told once, before the first run: it is what the build would have begun with.</summary>
    public void Plan()
    {
        if (!isPlanned)
        {
            isPlanned = true;
            var plan = view.Plan();
            send(new EngineMessage { Plan = plan });
            summary.Header(view.WantRows(), plan);
        }
    }

    public void Queued(PlannedRun run, RunRequest started)
    {
        if (run.Queue.Partitions.Any(partition => view.Demands(partition.Ref)) && runs.Add(run.Queue.RunId))
        {
            report.Queued(run, started);
        }
    }

    public void Started(string runId) => Of(runId)?.Started(runId);

    public void Progressed(string runId, Progress progress) => Of(runId)?.Progressed(runId, progress);

    public void Ended(RunFacts run, RunReturn returned, RunResult result, StagedOutput staged)
    {
        if (runs.Remove(run.IdText))
        {
            report.Ended(run, returned, result, staged);
        }
    }

    public void Progress() => report.Progress(view.Progress());

    /// <summary>The result, once nothing more can be done for it; null until then.</summary>
    /// <param name="unsettled">Errors of jobs whose own files did not come to rest.</param>
    /// <param name="stopped">The build asked to stop.</param>
    public BuildResult? Result(IReadOnlyList<Diagnostic> unsettled, bool stopped)
    {
        // What the service decided may concern this build: it is learned from before anything is concluded, and stored first.
        if (Learn())
        {
            return null;
        }

        var until = now() + (request.MaxWait?.ToTimeSpan() ?? TimeSpan.Zero);
        var decision = latest;
        Next = decision.RetryAt;
        if (!stopped && decision.TooManyRebuilds == 0 && !view.IsDone(until))
        {
            return null;
        }

        var postponed = decision.PostponedTo > until ? decision.PostponedTo : null;
        var end = new LoopEnd(decision.TooManyRebuilds, postponed, unsettled, observer.Partitions, observer.Sources);
        return ending.Finish(end, asked, stopped, now() - began);
    }

    private BuildReport? Of(string runId) => runs.Contains(runId) ? report : null;
}
