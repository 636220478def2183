using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
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
    private TimeZoneInfo zone = TimeZoneInfo.Utc;

    /// <summary>Of the log. Builds always sync it; tests of power loss show what that is worth.</summary>
    internal Log.Durability LogDurability { get; init; } = Log.Durability.Full;

    /// <summary>Of the outputs, likewise.</summary>
    internal Files.Durability FilesDurability { get; init; } = Files.Durability.Full;

    public async Task<BuildResult> RunAsync(CancellationToken stop)
    {
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
            if (File.Exists(workspace.Log))
            {
                log = SqliteBuildEventLog.OpenReader(workspace.Log);
                state = StateLoader.Load(log, new FileSnapshotStore(log), out _);
            }

            using var root = DataRoot.Open(workspace.DataRoot, log?.LogId ?? "", create: false, expectExisting: state.LiveCount > 0);
            using var store = new PartitionStore(root, 0, Files.Durability.Full, Hashes);
            var journal = new Journal(null, state);
            var wantIds = Register(journal, graph);
            var report = new BuildReport(Forward, state, request.ReportRuns, Now);
            var reconciler = NewReconciler(journal, wantIds);
            using var inbox = new RunInbox(store, workspace.ProjectFolder);
            var loop = NewLoop(journal, reconciler, store, inbox, new Observer(store, workspace.ProjectFolder), report);
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
        using var lease = await Lease.AcquireAsync(workspace.Log, Waiting, cancellation: stop).ConfigureAwait(false);
        using var log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = workspace.Log, Lease = lease, Durability = LogDurability });
        var snapshots = new FileSnapshotStore(log, Say);
        var state = StateLoader.Load(log, snapshots, out ulong replayed);
        var journal = new Journal(log, state);
        using var root = DataRoot.Open(workspace.DataRoot, log.LogId, create: true, expectExisting: state.LiveCount > 0);
        if (root.LatestTerm() is var seen && seen >= log.Term)
        {
            // The log is older than its data: it lost its newest events or came back from a backup.
            log.TakeTermAfter(seen);
        }

        string marker = $"{log.LogId}:{log.Term}";
        using var store = new PartitionStore(root, log.Term, FilesDurability, Hashes, Say);
        Recover(journal, store, log.LogId);
        send(new EngineMessage { Ready = new EngineReady { RunMarker = marker } });

        var wantIds = Register(journal, graph);
        journal.Commit();
        var report = new BuildReport(Forward, state, request.ReportRuns, Now);
        var reconciler = NewReconciler(journal, wantIds);
        journal.Change.Clear();
        using var inbox = new RunInbox(store, workspace.ProjectFolder);
        var observer = new Observer(store, workspace.ProjectFolder);
        var loop = NewLoop(journal, reconciler, store, inbox, observer, report);
        loop.Look();
        var summary = new BuildSummary(graph, state, workspace, report);
        var plan = reconciler.Plan();
        WritePlan(plan);
        send(new EngineMessage { Plan = plan });
        summary.Header(reconciler.WantRows(), plan);
        var executor = new LocalExecutor(inbox, new LocalExecutorOptions
        {
            Slots = Parallelism,
            RunMarker = marker,
            ScratchDirectory = workspace.Scratch,
            CheckRef = RefProblem,
        });
        await using (executor.ConfigureAwait(false))
        {
            loop.Run(executor, stop);
        }

        var result = Finish(graph, journal, reconciler, loop, summary, report, observer, stop.IsCancellationRequested);
        if (replayed + (ulong)journal.Stored >= StateLoader.SnapshotInterval && state.ActiveRunCount == 0)
        {
            SaveSnapshot(snapshots, state);
        }

        return result;
    }

    /// <summary>A snapshot that cannot be written costs the next start a replay, and this build nothing.</summary>
    private void SaveSnapshot(FileSnapshotStore snapshots, BuildState state)
    {
        try
        {
            snapshots.Write(StateSnapshot.Layout, state.Offset, stream => StateSnapshot.Write(state, stream));
        }
        catch (DataBuildException e) when (e.Rule.Severity == Severity.Warning)
        {
            Say(e.ToDiagnostic());
        }
    }

    /// <summary>Ends what a dead engine left running, records its runs as lost, and finishes or removes what it was publishing.</summary>
    private void Recover(Journal journal, PartitionStore store, string logId)
    {
        var strays = StrayProcesses.Kill(logId + ":").ToLookup(stray => stray.RunId, StringComparer.Ordinal);
        foreach (var run in journal.State.ActiveRuns.ToList())
        {
            int found = strays[run.IdText].Count();
            string cause = found > 0 ? $"its engine died; {found} of its processes were still running and were ended" : "its engine died";
            journal.Add(new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = run.IdText, Cause = cause } }, Now());
        }

        journal.Commit();
        var liveRefs = journal.State.LiveRefsByRun();
        store.Recover(runId => liveRefs(runId));
    }

    /// <summary>Brings graph and wants up to the request's, and returns which wants it is about; null for all.</summary>
    private List<string>? Register(Journal journal, GraphLookup graph)
    {
        var fingerprinter = new JobFingerprinter(workspace.ProjectFolder, Hashes);
        if (Registration.Graph(journal.State, graph, graph.Jobs.Select(job => fingerprinter.Compute(job.Definition, job.Command))) is { } registration)
        {
            journal.Add(registration, Now());
        }

        if (Registration.Wants(journal.State, Now().Date) is { } wants)
        {
            journal.Add(wants, Now());
        }

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

    private BuildLoop NewLoop(Journal journal, Reconciler reconciler, PartitionStore store, RunInbox inbox, Observer observer, BuildReport report) => new(
        journal,
        reconciler,
        store,
        inbox,
        observer,
        new RunRequests(journal.State.Graph!, workspace, new SourceFiles(workspace.Sources, workspace.ProjectFolder)),
        report,
        Now,
        request.MaxWait?.ToTimeSpan() ?? TimeSpan.Zero);

    /// <summary>One for data and programs alike: it is read once.</summary>
    private FileHashCache Hashes => hashes ??= new FileHashCache(workspace.Hashes, Say);

    private int Parallelism => request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount;

    private BuildResult Finish(
        GraphLookup graph, Journal journal, Reconciler reconciler, BuildLoop loop, BuildSummary summary, BuildReport report, Observer observer, bool stopped)
    {
        var plan = reconciler.Plan();
        var rows = summary.Rows(plan);
        var wants = reconciler.WantRows();
        summary.Table(rows);
        if (loop.TooManyRebuilds > 0)
        {
            summary.Plan(plan);
            report.Say(Rules.TooManyRebuilds.At(
                $"changed jobs would replace {loop.TooManyRebuilds} live partitions, more than DataBuildMaxRebuilds={request.MaxRebuilds}; nothing was run. Go on with -p:DataBuildMaxRebuilds={loop.TooManyRebuilds}"));
        }

        summary.Kept(reconciler);
        long failures = stopped ? 0 : summary.Errors(reconciler);
        if (loop.PostponedTo is { } postponed && failures == 0)
        {
            report.Say(Rules.NotDone.At($"a job asked to be run again at {postponed:u}, later than DataBuildMaxWait allows; build again then"));
        }

        // Asked for the partitions of some jobs, a build is not about all that its wants name.
        bool satisfied = failures == 0
            && (request.Jobs.Count > 0 ? plan.WillRun + plan.MayRun + plan.Blocked == 0 : wants.All(want => want.Live + want.NotDue == want.Total));
        var result = new BuildResult
        {
            Built = report.Built,
            Runs = report.Runs,
            Outcome = stopped ? BuildOutcome.Canceled
                : !satisfied ? BuildOutcome.Failed
                : report.Runs == 0 ? BuildOutcome.UpToDate
                : BuildOutcome.Built,
        };
        result.Summary = result.Outcome switch
        {
            BuildOutcome.UpToDate => BuildSummary.NothingToDo(wants, observer.Partitions, observer.Sources, Elapsed),
            BuildOutcome.Built => summary.Built(wants, Elapsed),
            BuildOutcome.Canceled => $"stopped: {report.Built} built, {report.Runs} runs; the next build goes on",
            _ => summary.Failed(rows, Elapsed),
        };
        result.Wants.AddRange(wants);
        result.Jobs.AddRange(rows);
        EndWants(journal, wants, stopped);
        result.LogOffset = journal.State.Offset;
        foreach (var row in rows.Where(row => row is { Runs: 0, UpToDate: > 0 }))
        {
            send(new EngineMessage { Skip = new JobSkip { Job = row.Job, Reason = $"{row.UpToDate} partitions up to date" } });
        }

        return result;
    }

    /// <summary>Wants of this request end with it, as far as they came; a stopped one is cancelled.</summary>
    private void EndWants(Journal journal, IReadOnlyList<WantRow> rows, bool stopped)
    {
        foreach (var row in rows.Where(row => journal.State.FindWant(row.WantId) is { IsStanding: false, IsActive: true }))
        {
            var state = row.Failed > 0 ? WantEndState.Failed
                : row.Blocked > 0 ? WantEndState.UpstreamFailed
                : row.Live + row.NotDue == row.Total ? WantEndState.Successful
                : WantEndState.Unspecified;
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
            Text = $"  {request.Graph.Name}: waiting for {(holder is null ? "another build" : holder.ToString())}, which has the log {workspace.Show(workspace.Log)}",
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
