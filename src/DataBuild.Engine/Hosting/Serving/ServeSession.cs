using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Commands;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Hosting.RunLogs;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// Makes what a project wants for as long as it runs: the engine, log and files of a build, and no end. What stops a build (a full
/// disk, a lease lost) makes a service begin again once it may: every beginning is a recovery.
/// </summary>
public sealed class ServeSession(EngineRequest project, ServeOptions options, Action<EngineMessage> send, TimeProvider time)
{
    private static readonly TimeSpan firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan longestPause = TimeSpan.FromMinutes(1);

    private EngineRequest request = project;
    private GraphLookup? served;
    private TimeZoneInfo zone = TimeZoneInfo.Utc;

    /// <param name="stop">Asks it to end: nothing more is started, what runs gets some grace.</param>
    /// <param name="hurry">No grace any more.</param>
    public async Task<BuildOutcome> RunAsync(CancellationToken stop, CancellationToken hurry = default)
    {
        if ((served = CompileOrSay(request)) is null)
        {
            return BuildOutcome.Invalid;
        }

        var pause = firstPause;
        while (true)
        {
            var began = time.GetUtcNow();
            try
            {
                await ServeAsync(served, stop, hurry).ConfigureAwait(false);
                return BuildOutcome.Canceled;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return BuildOutcome.Canceled;
            }
            catch (DataBuildException e) when (options.Restarts)
            {
                options.Door?.Close($"{e.Rule.Code}: {e.Message}");
                Say(e.ToDiagnostic());
            }

            pause = time.GetUtcNow() - began > longestPause ? firstPause : pause * 2 < longestPause ? pause * 2 : longestPause;
            Line($"begins again in {pause.TotalSeconds:0} s");
            await Task.Delay(pause, time, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                return BuildOutcome.Canceled;
            }
        }
    }

    private DateTimeOffset Now() => TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);

    private DateTimeOffset InstantOf(DateTime wall) => Zones.InstantOf(zone, wall);

    private GraphLookup? Compile(EngineRequest from)
    {
        var compilation = GraphCompiler.Compile(from.Graph);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            Say(diagnostic);
        }

        if (compilation.Graph is { } graph)
        {
            zone = Zones.Of(graph);
            RequestScope.Check(from, graph, Now().Date);
        }

        return compilation.Graph;
    }

    private GraphLookup? CompileOrSay(EngineRequest from)
    {
        try
        {
            return Compile(from);
        }
        catch (DataBuildException e)
        {
            Say(e.ToDiagnostic());
            return null;
        }
    }

    private async Task ServeAsync(GraphLookup graph, CancellationToken stop, CancellationToken hurry)
    {
        var workspace = Workspace.Of(request);
        options.Door?.Announce(workspace);
        StateFolder.Guarded(workspace.StateDirectory, () => Directory.CreateDirectory(workspace.StateDirectory));
        var lease = await Lease.AcquireAsync(workspace.Log, holder => Line($"waits for {holder?.ToString() ?? "another build"}, which has the log{holder?.Advice}"), cancellation: stop).ConfigureAwait(false);
        var hashes = new FileHashCache(workspace.Hashes, Say);
        using var session = new WriterSession(new LogSession(lease, Say, request.Environment), workspace, hashes, Say, Now);
        var (journal, state) = (session.Journal, session.State);
        var watch = new JobWatch(workspace.ProjectFolder, hashes);
        Registration.Bring(journal, graph, watch.Fingerprint, Now());
        journal.Commit();
        journal.Change.Clear();
        var executors = new Executors(request, options.MakeSlurm, Say);
        var reconciler = new Reconciler(
            state,
            new ReconcilerOptions
            {
                LogId = journal.LogId,
                Term = journal.Term,
                MostActiveRuns = executors.MostActiveRuns,
                MostOutlivingRuns = executors.MostOutlivingRuns,
                SessionStart = state.Offset,
                RetryUpTo = 0,
                RetrySource = "service",
                MaxRebuilds = request.MaxRebuilds,
                HoldsRebuilds = true,
                EndsWants = true,
                InstantOf = InstantOf,
            },
            new Moment(Now()));
        using var inbox = new RunInbox(session.Store, workspace.ProjectFolder, options.Idle);
        var clients = new List<BuildClient>();
        var report = new ServiceReport(send, state, clients, Now);
        var runLogs = new RunLogPruning(workspace.Runs, RunLogLimits.Of(request), state, Say);
        var work = new ServiceWork(
            workspace, clients, journal, watch, options.SweepInterval, report.JobChanged, Now, () => session.SaveSnapshot(atEnd: false), runLogs, text => Line($"{served!.Name}: {text}"));
        var commands = new LiveCommands(journal, new CommandFiles(journal, session.Root, session.Store, workspace.ProjectFolder, Now), servesAllWants: true, Now);
        var requests = new RunRequests(workspace, new SourceFiles(workspace.Sources, workspace.ProjectFolder, () => state.Graph!).For);
        var loop = new BuildLoop(
            journal, reconciler, session.Store, inbox, new Observer(session.Store, workspace.ProjectFolder), watch, requests, report, commands, Now, TimeSpan.Zero, executors.UnknownTimeout, work);
        using var listener = CommandListener.Start(workspace.StateDirectory, inbox.Asked, Say);
        using var builds = BuildListener.Start(
            workspace.StateDirectory, build => inbox.Post(_ => Take(build, work, report, journal, session.Store, workspace, reconciler)), () => inbox.Wake(), Say);
        options.Door?.Open(new LogPlace(workspace.Log, workspace.StateDirectory, workspace.ProjectFolder), journal, inbox);
        using var closing = new Closing(options.Door);
        using var reload = new ProjectReload(options.Compile, compiled => inbox.Post(executor => Reload(compiled, work, journal, reconciler, runLogs, executor)), Say, stop);
        using var files = options.Watches ? ServiceFiles.Watch(workspace, graph, paths => Changed(paths, workspace, work, reload, inbox), () => inbox.Post(_ => work.Sweep()), Say) : null;
        var executor = options.Executor?.Invoke(inbox) ?? executors.Make(inbox, workspace, session);
        Line($"{graph.Name}: serves {graph.Wants.Count} want{(graph.Wants.Count == 1 ? "" : "s")}, log {workspace.Show(workspace.Log)}");
        try
        {
            await using (executor.ConfigureAwait(false))
            {
                loop.Run(executor, stop, hurry);
            }
        }
        finally
        {
            work.End();
        }

        session.SaveSnapshot();
        Line($"{graph.Name}: ended at event {state.Offset}");
    }

    /// <summary>On the watchers' threads.</summary>
    private static void Changed(IReadOnlyCollection<string> paths, Workspace workspace, ServiceWork work, ProjectReload reload, RunInbox inbox)
    {
        if (ChangedFiles.MayBeOfProject(paths, workspace))
        {
            reload.Ask();
        }

        inbox.Post(_ =>
        {
            work.LookAt(paths);
            work.LookAtJobs();
        });
    }

    /// <summary>The project as it is now; where it has errors, it goes on as it was. What the request says beside the graph is followed too.</summary>
    private void Reload(EngineRequest compiled, ServiceWork work, Journal journal, Reconciler reconciler, RunLogPruning runLogs, IJobExecutor executor)
    {
        if (CompileOrSay(compiled) is not { } graph)
        {
            return;
        }

        if (FixedValues.Difference(request, compiled) is { Length: > 0 } differences)
        {
            Say(Rules.TakesARestart.At($"{graph.Name}: {differences}: that takes a restart of the service; everything else that changed in the project is followed"));
        }

        (request, served) = (FixedValues.Of(request, compiled), graph);
        reconciler.Limit(request.MaxRebuilds, new Executors(request).MostActiveRuns);
        (executor as ExecutorSet)?.ResizeLocal(new Executors(request).Parallelism);
        runLogs.Limits = RunLogLimits.Of(request);
        ulong before = journal.State.Offset;
        work.Register(graph);
        if (journal.State.Offset > before)
        {
            Line($"{graph.Name}: the project changed and is registered");
        }
    }

    /// <summary>A build of the same project hands over what it wants.</summary>
    private void Take(PendingBuild build, ServiceWork work, ServiceReport report, Journal journal, PartitionStore store, Workspace workspace, Reconciler reconciler)
    {
        try
        {
            var asked = build.Request;
            if (asked.ProjectFile != request.ProjectFile || Path.TrimEndingDirectorySeparator(asked.DataRoot) != workspace.DataRoot)
            {
                throw new DataBuildException(
                    Rules.OtherServicesProject, $"the service of this log serves '{request.ProjectFile}' with data in '{workspace.DataRoot}', and not '{asked.ProjectFile}' with data in '{asked.DataRoot}'; end it, or build that project");
            }

            if (Compile(asked) is not { } graph)
            {
                build.End(new BuildResult { Outcome = BuildOutcome.Invalid, Summary = "not built: the project has errors" });
                return;
            }

            // Its graph is the project's; what else it says is for it alone, but for a higher limit, which is how rebuilds that are held back are let go.
            request = new EngineRequest(request) { Graph = asked.Graph };
            served = graph;
            if (reconciler.MaxRebuilds >= 0 && (asked.MaxRebuilds < 0 || asked.MaxRebuilds > reconciler.MaxRebuilds))
            {
                reconciler.Limit(asked.MaxRebuilds, new Executors(request).MostActiveRuns);
            }

            work.Register(graph);
            var wants = Registration.Explicit(journal, graph, asked.Wants, Now());
            reconciler.Spare(wants);
            journal.Commit();
            var client = new BuildClient(asked, wants, journal, new Observer(store, workspace.ProjectFolder), build.Send, Now, InstantOf);
            foreach (var (run, started) in report.UnderWay)
            {
                client.Queued(run, started);
            }

            work.Add(client, build);
        }
        catch (DataBuildException e)
        {
            build.Send(new EngineMessage { Diagnostic = e.ToDiagnostic() });
            build.End(new BuildResult { Outcome = BuildOutcome.Failed, Summary = "not built" });
        }
    }

    /// <summary>The session's end, in whatever way, before its inbox goes.</summary>
    private sealed class Closing(ServiceDoor? door) : IDisposable
    {
        public void Dispose() => door?.Close("it ends, or begins again");
    }

    private void Line(string text) => send(new EngineMessage { Line = new ConsoleLine { Importance = Importance.High, Text = text } });

    private void Say(Diagnostic diagnostic) => send(new EngineMessage { Diagnostic = diagnostic });
}
