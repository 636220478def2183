using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Commands;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Hosting.RunLogs;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting;

/// <summary>One request, from the declared graph to the result: compile, plan or build.</summary>
public sealed class BuildSession(EngineRequest request, Action<EngineMessage> send, TimeProvider time)
{
    private readonly Workspace workspace = Workspace.Of(request);
    private readonly long began = time.GetTimestamp();
    private readonly List<Diagnostic> diagnostics = [];
    private FileHashCache? hashes;
    private CancellationToken hurry;
    private TimeZoneInfo zone = TimeZoneInfo.Utc;

    /// <summary>Of log and outputs. Builds always sync both; tests of power loss show what that is worth.</summary>
    internal SessionDurability Durability { get; init; } = SessionDurability.Full;

    /// <summary>What makes the executor for Slurm; another one in tests.</summary>
    internal Func<IRunSink, SlurmOptions, IOutlivingExecutor>? MakeSlurm { get; init; }

    /// <param name="stop">Asks it to stop: what runs gets some grace, what has ended is recorded.</param>
    /// <param name="hurryUp">Asks it to stop without grace; asked after <paramref name="stop"/>.</param>
    public async Task<BuildResult> RunAsync(CancellationToken stop, CancellationToken hurryUp = default)
    {
        hurry = hurryUp;
        BuildResult result;
        try
        {
            result = await AnswerAsync(stop).ConfigureAwait(false);
        }
        catch (DataBuildException e)
        {
            Say(e.ToDiagnostic());
            result = new BuildResult { Outcome = BuildOutcome.Failed, Summary = "not built" };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            result = new BuildResult { Outcome = BuildOutcome.Canceled, Summary = "stopped" };
        }

        result.Wall = Duration.FromTimeSpan(Elapsed);
        result.Diagnostics.AddRange(diagnostics);
        if (ReportFile.Write(request.ResultFile, result) is { } unwritten)
        {
            Say(unwritten);
            result.Diagnostics.Add(unwritten);
        }

        send(new EngineMessage { Result = result });
        return result;
    }

    private TimeSpan Elapsed => time.GetElapsedTime(began);

    private DateTimeOffset Now() => TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);

    private async Task<BuildResult> AnswerAsync(CancellationToken stop)
    {
        var compilation = GraphCompiler.Compile(request.Graph);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            Say(diagnostic);
        }

        if (compilation.Graph is not { } graph)
        {
            return new BuildResult { Outcome = BuildOutcome.Invalid, Summary = "not built: the project has errors" };
        }

        zone = Zones.Of(graph);
        RequestScope.Check(request, graph, Now().Date);
        return request.Mode switch
        {
            EngineMode.Compile => new BuildResult { Outcome = BuildOutcome.Planned, Summary = $"{graph.Jobs.Count} jobs, {graph.Families.Count} families" },
            EngineMode.Plan => Plan(graph),
            EngineMode.Build => await BuildAsync(graph, stop).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"mode {request.Mode} is unknown"),
        };
    }

    private BuildResult Plan(GraphLookup graph)
    {
        SqliteBuildEventLog? log = null;
        try
        {
            var state = new BuildState();
            EnvironmentMark.Check(workspace.Log, request.Environment);
            if (File.Exists(workspace.Log))
            {
                log = SqliteBuildEventLog.OpenReader(workspace.Log);
                state = StateLoader.Load(log, new FileSnapshotStore(log), out _);
            }

            using var root = DataRoot.Open(workspace.DataRoot, log?.LogId ?? "", create: false, expectExisting: state.LiveCount > 0);
            // Who asks writes nothing, and a cache is something.
            var known = new KnownHashes(Hashes);
            using var store = new PartitionStore(root, 0, Files.Durability.Full, known);
            var journal = new Journal(null, state);
            var watch = new JobWatch(workspace.ProjectFolder, known);
            var wantIds = Register(journal, graph, watch);
            var report = new BuildReport(Forward, state, request.ReportRuns, Now);
            var reconciler = NewReconciler(journal, wantIds);
            using var inbox = new RunInbox(store, workspace.ProjectFolder);
            var loop = NewLoop(journal, reconciler, root, store, inbox, new Observer(store, workspace.ProjectFolder), watch, report, servesAllWants: false);
            loop.Look();
            return Planned(graph, reconciler, new BuildSummary(graph, state, workspace, report), report, log?.LastOffset ?? 0);
        }
        finally
        {
            log?.Dispose();
        }
    }

    private BuildResult Planned(GraphLookup graph, Reconciler reconciler, BuildSummary summary, BuildReport report, ulong offset)
    {
        var plan = reconciler.Plan();
        WritePlan(plan);
        send(new EngineMessage { Plan = plan });
        summary.Plan(plan);
        bool upToDate = plan.WillRun + plan.MayRun + plan.Blocked == 0;
        var result = new BuildResult
        {
            Outcome = upToDate ? BuildOutcome.UpToDate : BuildOutcome.Planned,
            LogOffset = offset,
            Summary = upToDate
                ? $"plan: nothing to do, {plan.UpToDate} up to date"
                : $"plan: {plan.WillRun} will run, {plan.MayRun} may run, {plan.UpToDate} up to date, {plan.Blocked} cannot; nothing was run",
        };
        result.Wants.AddRange(reconciler.WantRows());
        result.Jobs.AddRange(plan.Jobs);
        if (request.ExpectUpToDate && !upToDate)
        {
            report.Say(Expectation.NotMet(plan));
            result.Outcome = BuildOutcome.Failed;
        }

        return result;
    }

    private async Task<BuildResult> BuildAsync(GraphLookup graph, CancellationToken stop)
    {
        if (request.ExpectUpToDate)
        {
            return Plan(graph);
        }

        StateFolder.Guarded(workspace.StateDirectory, () => Directory.CreateDirectory(workspace.StateDirectory));
        var (lease, handedOver) = await new LeaseOrService(workspace, Waiting).GetAsync(request, Handed, stop, hurry).ConfigureAwait(false);
        if (handedOver is not null)
        {
            return handedOver;
        }

        using var session = new WriterSession(new LogSession(lease!, Say, request.Environment, Durability.Log), workspace, Hashes, Say, Now, durability: Durability.Files);
        var (journal, state) = (session.Journal, session.State);
        send(new EngineMessage { Ready = new EngineReady { RunMarker = session.Marker } });

        var watch = new JobWatch(workspace.ProjectFolder, Hashes);
        var wantIds = Register(journal, graph, watch);
        journal.Commit();
        var report = new BuildReport(Forward, state, request.ReportRuns, Now);
        var reconciler = NewReconciler(journal, wantIds);
        journal.Change.Clear();
        using var inbox = new RunInbox(session.Store, workspace.ProjectFolder);
        using var listener = CommandListener.Start(workspace.StateDirectory, inbox.Asked, Say);
        var observer = new Observer(session.Store, workspace.ProjectFolder);
        var loop = NewLoop(journal, reconciler, session.Root, session.Store, inbox, observer, watch, report, servesAllWants: wantIds is null && request.Jobs.Count == 0);
        loop.Look();
        var summary = new BuildSummary(graph, state, workspace, report);
        var plan = reconciler.Plan();
        WritePlan(plan);
        send(new EngineMessage { Plan = plan });
        summary.Header(reconciler.WantRows(), plan);
        var executor = Executors.Make(inbox, workspace, session);
        await using (executor.ConfigureAwait(false))
        {
            loop.Run(executor, stop, hurry);
        }

        // A build of some wants or jobs does not know what the others still need.
        if (wantIds is null && request.Jobs.Count == 0 && !stop.IsCancellationRequested && loop.Expire() is > 0 and var expired)
        {
            report.Line($"  {Expiry.Words(expired)}");
        }

        if (report.Runs > 0 && BuildRunLogs.Prune(workspace.Runs, RunLogLimits.Of(request), state, Now(), Say) is > 0 and var pruned)
        {
            report.Line($"  {BuildRunLogs.Words(pruned, RunLogLimits.Of(request))}", Importance.Normal);
        }

        var result = new BuildEnding(request, journal, reconciler, summary, report, send, Now).Finish(
            new LoopEnd(loop.TooManyRebuilds, loop.PostponedTo, loop.Unsettled, observer.Partitions, observer.Sources), wantIds ?? [], stop.IsCancellationRequested, Elapsed);
        session.SaveSnapshot();
        return result;
    }

    /// <summary>Brings graph and wants up to the request's, and returns which wants it is about; null for all.</summary>
    private List<string>? Register(Journal journal, GraphLookup graph, JobWatch watch)
    {
        Registration.Bring(journal, graph, watch.Fingerprint, Now());
        return request.Wants.Count == 0 ? null : Registration.Explicit(journal, graph, request.Wants, Now());
    }

    private Reconciler NewReconciler(Journal journal, List<string>? wantIds) => new(
        journal.State,
        new ReconcilerOptions
        {
            LogId = journal.LogId,
            Term = journal.Term,
            MostActiveRuns = Executors.MostActiveRuns,
            MostOutlivingRuns = Executors.MostOutlivingRuns,
            SessionStart = journal.State.Offset,
            WantIds = wantIds,
            Jobs = request.Jobs,
            MaxRebuilds = request.MaxRebuilds,
            InstantOf = wall => Zones.InstantOf(zone, wall),
        },
        new Moment(Now()));

    private BuildLoop NewLoop(
        Journal journal, Reconciler reconciler, DataRoot root, PartitionStore store, RunInbox inbox, Observer observer, JobWatch watch, BuildReport report, bool servesAllWants) => new(
        journal,
        reconciler,
        store,
        inbox,
        observer,
        watch,
        new RunRequests(workspace, new SourceFiles(workspace.Sources, workspace.ProjectFolder, () => journal.State.Graph!).For),
        report,
        new LiveCommands(journal, new CommandFiles(journal, root, store, workspace.ProjectFolder, Now), servesAllWants, Now),
        Now,
        request.MaxWait?.ToTimeSpan() ?? TimeSpan.Zero,
        Executors.UnknownTimeout);

    /// <summary>One for data and programs alike: it is read once.</summary>
    private FileHashCache Hashes => hashes ??= new FileHashCache(workspace.Hashes, Say);

    private Executors Executors => new(request, MakeSlurm, Say);

    private void Waiting(LeaseHolder? holder) => send(new EngineMessage
    {
        Line = new ConsoleLine
        {
            Importance = Importance.High,
            Text = $"  {request.Graph.Name}: waiting for {(holder is null ? "another build" : holder.ToString())}, which has the log {workspace.Show(workspace.Log)}{holder?.Advice}",
        },
    });

    internal static string? RefProblem(string text) =>
        text.Contains('{', StringComparison.Ordinal) || PartitionRef.TryValidate(text, out string problem) ? null : problem;

    /// <summary>What the service that does the work says, as if it were said here; what it plans is written here.</summary>
    private void Handed(EngineMessage message)
    {
        if (message.Plan is { } plan)
        {
            WritePlan(plan);
        }

        if (message.Result is null)
        {
            Forward(message);
        }
    }

    /// <summary>Everything that is said goes into the result as well.</summary>
    private void Forward(EngineMessage message)
    {
        if (message.Diagnostic is { } diagnostic)
        {
            diagnostics.Add(diagnostic);
        }

        send(message);
    }

    private void Say(Diagnostic diagnostic) => Forward(new EngineMessage { Diagnostic = diagnostic });

    private void WritePlan(PlanReport plan)
    {
        if (ReportFile.Write(request.PlanFile, plan) is { } unwritten)
        {
            Say(unwritten);
        }
    }
}
