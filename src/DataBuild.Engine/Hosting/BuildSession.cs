using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Commands;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Log;
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
    /// <summary>Runs that are queued ahead of free slots, so that no slot waits for a commit.</summary>
    private const int QueuedAhead = 32;

    private readonly Workspace workspace = Workspace.Of(request);
    private readonly long began = time.GetTimestamp();
    private readonly List<Diagnostic> diagnostics = [];
    private FileHashCache? hashes;
    private CancellationToken hurry;
    private TimeZoneInfo zone = TimeZoneInfo.Utc;

    /// <summary>Of log and outputs. Builds always sync both; tests of power loss show what that is worth.</summary>
    internal SessionDurability Durability { get; init; } = SessionDurability.Full;

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
        CheckScope(graph);
        return request.Mode switch
        {
            EngineMode.Compile => new BuildResult { Outcome = BuildOutcome.Planned, Summary = $"{graph.Jobs.Count} jobs, {graph.Families.Count} families" },
            EngineMode.Plan => Plan(graph),
            EngineMode.Build => await BuildAsync(graph, stop).ConfigureAwait(false),
            _ => throw new InvalidOperationException($"mode {request.Mode} is unknown"),
        };
    }

    /// <summary>What the caller asks for beside the project has to make sense before anything is touched.</summary>
    private void CheckScope(GraphLookup graph)
    {
        foreach (string label in request.Jobs)
        {
            if (graph.FindJob(label) is null)
            {
                throw new DataBuildException(Rules.UnknownTarget, $"the project has no job '{label}'; it has {string.Join(", ", graph.Jobs.Select(job => job.Label))}");
            }
        }

        foreach (string set in request.Wants)
        {
            PartitionSet.Parse([set], graph, Now().Date);
        }

        foreach (var want in graph.Wants)
        {
            PartitionSet.Parse([want.Definition.Partitions], graph, Now().Date, want.Definition.Origin);
        }
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
            using var store = new PartitionStore(root, 0, Files.Durability.Full, Hashes);
            var journal = new Journal(null, state);
            var watch = new JobWatch(workspace.ProjectFolder, Hashes);
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
            var first = plan.Verdicts[0];
            report.Say(Rules.NotUpToDate.At($"{plan.WillRun} partitions would run and {plan.MayRun} may, {first.Ref} first: {first.Reason.ToText()}; the caller expects everything to be up to date"));
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
        var lease = await Lease.AcquireAsync(workspace.Log, Waiting, cancellation: stop).ConfigureAwait(false);
        using var session = new WriterSession(new LogSession(lease, Say, request.Environment, Durability.Log), workspace, Hashes, Say, Now, durability: Durability.Files);
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
        var executor = new LocalExecutor(inbox, new LocalExecutorOptions
        {
            Slots = Parallelism,
            RunMarker = session.Marker,
            ScratchDirectory = workspace.ScratchOf(session.Term),
            CheckRef = RefProblem,
        });
        await using (executor.ConfigureAwait(false))
        {
            loop.Run(executor, stop, hurry);
        }

        // A build of some wants or jobs does not know what the others still need.
        if (wantIds is null && request.Jobs.Count == 0 && !stop.IsCancellationRequested && loop.Expire() is > 0 and var expired)
        {
            report.Line($"  {expired} partition{(expired == 1 ? "" : "s")} removed: retention has passed and nothing wants {(expired == 1 ? "it" : "them")}");
        }

        var result = Finish(graph, journal, reconciler, loop, summary, report, observer, wantIds ?? [], stop.IsCancellationRequested);
        session.SaveSnapshot();
        return result;
    }

    /// <summary>Brings graph and wants up to the request's, and returns which wants it is about; null for all.</summary>
    private List<string>? Register(Journal journal, GraphLookup graph, JobWatch watch)
    {
        Registration.Bring(journal, graph, watch.Fingerprint, Now());
        if (request.Wants.Count == 0)
        {
            return null;
        }

        var ids = new List<string>();
        foreach (string text in request.Wants)
        {
            string id = $"want-{RunIds.Next(journal.LogId, journal.State.Offset, ids.Count, Now()):D}";
            journal.Add(new BuildEvent { WantCreate = new WantCreateEventV1 { Want = Registration.Explicit(graph, text, id, Now().Date) } }, Now());
            ids.Add(id);
        }

        return ids;
    }

    private Reconciler NewReconciler(Journal journal, List<string>? wantIds) => new(
        journal.State,
        new ReconcilerOptions
        {
            LogId = journal.LogId,
            Term = journal.Term,
            MostActiveRuns = Parallelism + QueuedAhead,
            SessionStart = journal.State.Offset,
            WantIds = wantIds,
            Jobs = request.Jobs,
            MaxRebuilds = request.MaxRebuilds,
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
        new RunRequests(workspace, new SourceFiles(workspace.Sources, workspace.ProjectFolder, journal.State.Graph!).For),
        report,
        new LiveCommands(journal, new CommandFiles(journal, root, store, workspace.ProjectFolder, Now), servesAllWants, Now),
        Now,
        request.MaxWait?.ToTimeSpan() ?? TimeSpan.Zero);

    /// <summary>One for data and programs alike: it is read once.</summary>
    private FileHashCache Hashes => hashes ??= new FileHashCache(workspace.Hashes, Say);

    private int Parallelism => request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount;

    private BuildResult Finish(
        GraphLookup graph, Journal journal, Reconciler reconciler, BuildLoop loop, BuildSummary summary, BuildReport report, Observer observer, List<string> asked, bool stopped)
    {
        var plan = reconciler.Plan();
        var rows = summary.Rows(plan);
        var wants = reconciler.WantRows();
        summary.Table(rows);
        if (loop.TooManyRebuilds > 0)
        {
            summary.Plan(plan);
            report.Say(Rules.TooManyRebuilds.At(
                $"changed jobs would replace {loop.TooManyRebuilds} live partitions, more than DataBuildMaxRebuilds={request.MaxRebuilds}; {(report.Runs == 0 ? "nothing was run" : "that happened during the build, and the rest was not run")}. Go on with -p:DataBuildMaxRebuilds={loop.TooManyRebuilds}"));
        }

        foreach (var unsettled in loop.Unsettled)
        {
            report.Say(unsettled);
        }

        summary.Kept(reconciler);
        long failures = stopped ? 0 : summary.Errors(reconciler);
        if (loop.PostponedTo is { } postponed && failures == 0)
        {
            report.Say(Rules.NotDone.At($"a job asked to be run again at {postponed:u}, later than DataBuildMaxWait allows; build again then"));
        }

        long held = stopped || failures > 0 ? 0 : SayHeld(reconciler, report);
        bool canceled = stopped || held > 0 || (failures == 0 && asked.Exists(id => journal.State.FindWant(id) is null or { IsCanceled: true }));
        if (canceled && !stopped && held == 0)
        {
            report.Say(Rules.RunCanceled.At("the want that this build was for was cancelled; build again if it is wanted after all"));
        }

        // Asked for the partitions of some jobs, a build is not about all that its wants name.
        bool satisfied = failures == 0
            && loop.Unsettled.Count == 0
            && (request.Jobs.Count > 0 ? plan.WillRun + plan.MayRun + plan.Blocked == 0 : wants.All(want => want.Live + want.NotDue == want.Total));
        var result = new BuildResult
        {
            Built = report.Built,
            Runs = report.Runs,
            Outcome = canceled ? BuildOutcome.Canceled
                : !satisfied ? BuildOutcome.Failed
                : report.Runs == 0 ? BuildOutcome.UpToDate
                : BuildOutcome.Built,
        };
        result.Summary = result.Outcome switch
        {
            BuildOutcome.UpToDate => BuildSummary.NothingToDo(wants, observer.Partitions, observer.Sources, Elapsed),
            BuildOutcome.Built => summary.Built(wants, Elapsed),
            BuildOutcome.Canceled when !stopped => $"cancelled: {report.Built} built, {report.Runs} runs; the next build goes on",
            BuildOutcome.Canceled => $"stopped: {report.Built} built, {report.Runs} runs; the next build goes on",
            _ => summary.Failed(rows, Elapsed),
        };
        result.Wants.AddRange(wants);
        result.Jobs.AddRange(rows);
        EndWants(journal, wants, asked, stopped);
        result.LogOffset = journal.State.Offset;
        foreach (var row in rows.Where(row => row is { Runs: 0, UpToDate: > 0 }))
        {
            send(new EngineMessage { Skip = new JobSkip { Job = row.Job, Reason = $"{row.UpToDate} partitions up to date" } });
        }

        return result;
    }

    /// <summary>One error a run that was cancelled by its id; returns how many refs wait because of that.</summary>
    private static long SayHeld(Reconciler reconciler, BuildReport report)
    {
        long count = 0;
        foreach (var (runId, refs) in reconciler.Held())
        {
            count += refs.Count;
            string more = refs.Count > 1 ? $" and {refs.Count - 1} more" : "";
            report.Say(Rules.RunCanceled.At($"run {runId} was cancelled: {refs[0]}{more} not made; build again, or `databuild retry` during a build"));
        }

        return count;
    }

    /// <summary>
    /// Wants made by hand end as far as they came. Those of this request end with it in any case; the others stay until they are
    /// satisfied or fail.
    /// </summary>
    private void EndWants(Journal journal, IReadOnlyList<WantRow> rows, List<string> asked, bool stopped)
    {
        foreach (var row in rows.Where(row => journal.State.FindWant(row.WantId) is { IsStanding: false, IsActive: true }))
        {
            var state = row.Failed > 0 ? WantEndState.Failed
                : row.Blocked > 0 ? WantEndState.UpstreamFailed
                : row.Live + row.NotDue == row.Total ? WantEndState.Successful
                : WantEndState.Unspecified;
            if ((state == WantEndState.Unspecified || stopped) && !asked.Contains(row.WantId))
            {
                continue;
            }

            var e = state != WantEndState.Unspecified && !stopped
                ? new BuildEvent { WantEnd = new WantEndEventV1 { WantId = row.WantId, State = state } }
                : new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = row.WantId, Comment = "the build ended" } };
            journal.Add(e, Now());
        }

        journal.Commit();
    }

    private void Waiting(LeaseHolder? holder) => send(new EngineMessage
    {
        Line = new ConsoleLine
        {
            Importance = Importance.High,
            Text = $"  {request.Graph.Name}: waiting for {(holder is null ? "another build" : holder.ToString())}, which has the log {workspace.Show(workspace.Log)}{holder?.Advice}",
        },
    });

    private static string? RefProblem(string text) =>
        text.Contains('{', StringComparison.Ordinal) || PartitionRef.TryValidate(text, out string problem) ? null : problem;

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
