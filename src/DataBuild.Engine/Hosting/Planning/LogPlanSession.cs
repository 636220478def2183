using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Planning;

/// <summary>
/// What a project would rebuild, by a log that is not its own: production's, for the change that a pull request makes. The log is only
/// read, no data root is needed, and nothing is written.
/// </summary>
/// <param name="request">What compiling the project left.</param>
/// <param name="say">Told of errors and warnings.</param>
/// <param name="time">The clock: which intervals have ended.</param>
public sealed class LogPlanSession(EngineRequest request, Action<Diagnostic> say, TimeProvider time)
{
    private const int MostCauses = 1_000;

    private readonly Workspace workspace = Workspace.Of(request);

    /// <summary>Null if the project has errors, which have been said.</summary>
    /// <param name="file">Full path of the log.</param>
    /// <param name="name">What people call it: that path, or where it came from.</param>
    public LogPlan? Answer(string file, string name)
    {
        var compilation = GraphCompiler.Compile(request.Graph);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            say(diagnostic);
        }

        if (compilation.Graph is not { } graph)
        {
            return null;
        }

        var now = TimeZoneInfo.ConvertTime(time.GetUtcNow(), Zones.Of(graph));
        RequestScope.Check(request, graph, now.Date);
        try
        {
            using var log = OtherLog.Open(file);
            return Answer(graph, log.LogId, log.Load(), name, now);
        }
        catch (DataBuildException e) when (name != file)
        {
            throw new DataBuildException(e.Rule, e.Message.Replace(file, name, StringComparison.Ordinal), e.Origin, e);
        }
    }

    private LogPlan Answer(GraphLookup graph, string logId, BuildState state, string name, DateTimeOffset now)
    {
        var answer = new LogPlan
        {
            Log = name,
            LogId = logId,
            Graph = state.Graph?.Name ?? "",
            Offset = state.Offset,
            LastEvent = state.Offset == 0 ? null : Timestamp.FromDateTimeOffset(state.Time),
            RunsUnderWay = state.ActiveRunCount,
        };
        if (state.Graph is not null && state.Graph.Name != graph.Name)
        {
            say(Rules.LogOfAnotherGraph.At($"'{name}' is the log of '{state.Graph.Name}', and this project is '{graph.Name}'; name the log of this project, unless it was renamed"));
        }

        var before = state.GraphRegistration;
        var journal = new Journal(null, state);
        Registration.Bring(journal, graph, new JobWatch(workspace.ProjectFolder).Fingerprint, now);
        answer.Changes.AddRange(GraphChanges.Between(before, state.GraphRegistration!));

        var zone = Zones.Of(graph);

        // Equal to the one compiled here and, where the log had it already, another instance.
        graph = state.Graph!;
        var reconciler = new Reconciler(
            state,
            new ReconcilerOptions
            {
                LogId = logId,
                MostActiveRuns = Parallelism,
                SessionStart = state.Offset,
                WantIds = Wanted(journal, graph, now),
                Jobs = request.Jobs,
                InstantOf = wall => Zones.InstantOf(zone, wall),
            },
            new Moment(now));
        journal.Change.Clear();
        Look(reconciler, journal, answer, now);
        answer.Plan = reconciler.Plan();
        Reckon(answer, graph, state, reconciler.Planned());
        return answer;
    }

    private int Parallelism => request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount;

    /// <summary>Makes the wants of the call; null if it has none, for all that are.</summary>
    private List<string>? Wanted(Journal journal, GraphLookup graph, DateTimeOffset now)
    {
        var ids = new List<string>();
        foreach (string text in request.Wants)
        {
            string id = $"want-plan-{ids.Count}";
            journal.Add(new BuildEvent { WantCreate = new WantCreateEventV1 { Want = Registration.Explicit(graph, text, id, now.Date) } }, now);
            ids.Add(id);
        }

        return ids.Count == 0 ? null : ids;
    }

    /// <summary>Decides until there is nothing to learn. What is learned stays in memory.</summary>
    private void Look(Reconciler reconciler, Journal journal, LogPlan answer, DateTimeOffset now)
    {
        var files = new AbsentFiles(journal.State, workspace.ProjectFolder);
        Decision decision;
        do
        {
            decision = reconciler.Decide(new Moment(now), mayRun: false);
            foreach (var asked in decision.Observe)
            {
                reconciler.Observed(files.LookAt(asked, journal.State.Graph!));
            }

            foreach (var e in decision.Events)
            {
                journal.Add(e, now);
            }

            if (!journal.Change.IsEmpty)
            {
                reconciler.Changed(journal.Change);
                journal.Change.Clear();
            }
        }
        while (decision.Observe.Count > 0 || decision.Events.Count > 0);

        (answer.SourcesSeen, answer.SourcesTaken, answer.SourcesUnknown) = (files.Seen, files.Taken, files.Unknown);
    }

    private void Reckon(LogPlan answer, GraphLookup graph, BuildState state, IReadOnlyList<PlannedRef> planned)
    {
        var loads = graph.Jobs.ToDictionary(job => job, job => new JobLoad(job));
        foreach (var one in planned)
        {
            loads[one.Family.Job!].Add(one);
        }

        var busy = graph.Jobs.Select(job => loads[job]).Where(load => load.Will + load.May > 0).ToList();
        var forecast = new TimeForecast(graph, state, busy, Parallelism);
        answer.Time = forecast.Time();
        answer.Jobs.AddRange(busy.Select(load => new LogPlanJob
        {
            Job = load.Job.Label,
            WillRun = load.Will,
            MayRun = load.May,
            Runs = load.Runs,
            MeanRun = forecast.Mean(load.Job) is { } mean ? Duration.FromTimeSpan(mean) : null,
            GoodRuns = forecast.GoodRuns(load.Job),
        }));

        var will = planned.Where(one => one.Will).ToList();
        answer.Causes.AddRange(will
            .GroupBy(one => (one.Family.Job!.Label, one.Reason.Kind, one.Reason.Kind == ReasonKind.JobChanged ? one.Reason.Detail : ""))
            .Select(group => new PlanCause
            {
                Job = group.Key.Label,
                Partitions = group.LongCount(),
                First = group.First().Ref,
                Reason = group.First().Reason,
                Text = group.First().Reason.ToText(),
            })
            .OrderByDescending(cause => cause.Partitions)
            .Take(MostCauses));
        long codeChanges = will.LongCount(one => one.Reason.Kind == ReasonKind.JobChanged);
        answer.TooManyRebuilds = request.MaxRebuilds >= 0 && codeChanges > request.MaxRebuilds ? codeChanges : 0;
    }
}
