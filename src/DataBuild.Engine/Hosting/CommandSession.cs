using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Commands;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Carries out one command: by itself where the log is free, else by the engine that holds it. A preview only reads. Either way the
/// report says what was done, and throws <see cref="DataBuildException"/> where the log cannot be had.
/// </summary>
public sealed class CommandSession(CommandRequest request, Action<Diagnostic> say, TimeProvider time)
{
    /// <summary>Version of the contract in proto/databuild/v1/command.proto.</summary>
    public const uint Version = CommandDecider.Version;

    /// <summary>How often lease and socket are tried: an engine that starts or ends is without a listener for a moment.</summary>
    private const int Tries = 15;

    private static readonly TimeSpan betweenTries = TimeSpan.FromSeconds(1);

    private TimeZoneInfo zone = TimeZoneInfo.Utc;

    /// <summary>On the log alone; neither project nor data need be there.</summary>
    public async Task<CommandReport> OnLogAsync(LogPlace place, CancellationToken stop)
    {
        if (request.Preview || !File.Exists(place.Log))
        {
            using var view = LogView.Open(place);
            return Decide(new Journal(null, view.Load()), null, null).Report;
        }

        var (lease, report) = await LeaseOrReportAsync(place.Log, place.StateDirectory, stop).ConfigureAwait(false);
        if (report is not null)
        {
            return report;
        }

        using var session = new LogSession(lease!, say);
        report = Apply(session.Journal, null, null);
        session.SaveSnapshot();
        return report;
    }

    /// <summary>The report of the engine that holds the log; null if none does, and the project is to be compiled.</summary>
    public async Task<CommandReport?> OnLiveEngineAsync(LogPlace place, CancellationToken stop)
    {
        if (request.Preview || !File.Exists(place.Log) || Writer.Of(place.Log) is null)
        {
            return null;
        }

        var (lease, report) = await LeaseOrReportAsync(place.Log, place.StateDirectory, stop).ConfigureAwait(false);
        lease?.Dispose();
        return report;
    }

    /// <summary>On a compiled project: its graph and wants are registered as a build does it.</summary>
    public async Task<CommandReport> OnProjectAsync(EngineRequest project, CancellationToken stop)
    {
        var compilation = GraphCompiler.Compile(project.Graph);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            say(diagnostic);
        }

        if (compilation.Graph is not { } graph)
        {
            return new CommandReport { Verb = CommandDecider.VerbOf(request), CommandId = request.CommandId, Error = compilation.Diagnostics[0] };
        }

        zone = Zones.Of(graph);
        var workspace = Workspace.Of(project);
        if (request.Preview)
        {
            return Preview(graph, workspace);
        }

        Directory.CreateDirectory(workspace.StateDirectory);
        var (lease, report) = await LeaseOrReportAsync(workspace.Log, workspace.StateDirectory, stop).ConfigureAwait(false);
        if (report is not null)
        {
            return report;
        }

        var hashes = new FileHashCache(workspace.Hashes, say);
        using var session = new WriterSession(new LogSession(lease!, say, project.Environment), workspace, hashes, say, Now, claim: request.Adopt is { Claim: true });
        if (request.Rename is null)
        {
            Registration.Bring(session.Journal, graph, new JobWatch(workspace.ProjectFolder, hashes).Fingerprint, Now());
        }

        session.Journal.Change.Clear();
        report = Apply(session.Journal, Files(session.Journal, session.Root, session.Store, workspace), graph);
        if (request.Rename is not null && report.Error is null)
        {
            RenamedFiles.Finish(session.Journal, session.Root, Now);
            Registration.Bring(session.Journal, graph, new JobWatch(workspace.ProjectFolder, hashes).Fingerprint, Now());
            session.Journal.Commit();
            report.LogOffset = session.State.Offset;
        }

        session.SaveSnapshot();
        return report;
    }

    private DateTimeOffset Now() => TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);

    private CommandReport Preview(GraphLookup graph, Workspace workspace)
    {
        using var log = File.Exists(workspace.Log) ? SqliteBuildEventLog.OpenReader(workspace.Log) : null;
        var state = log is null ? new BuildState() : StateLoader.Load(log, new FileSnapshotStore(log), out _);
        using var root = DataRoot.Open(workspace.DataRoot, log?.LogId ?? "", create: false, expectExisting: state.LiveCount > 0, claim: request.Adopt is { Claim: true });
        var hashes = new FileHashCache(workspace.Hashes, say);
        using var store = new PartitionStore(root, 0, Engine.Files.Durability.Full, hashes);
        var journal = new Journal(null, state);
        if (request.Rename is null)
        {
            Registration.Bring(journal, graph, new JobWatch(workspace.ProjectFolder, hashes).Fingerprint, Now());
        }

        journal.Change.Clear();
        return Decide(journal, Files(journal, root, store, workspace), graph).Report;
    }

    private CommandFiles Files(Journal journal, DataRoot root, PartitionStore store, Workspace workspace) =>
        new(journal, root, store, workspace.ProjectFolder, Now);

    private CommandDecision Decide(Journal journal, CommandFiles? files, GraphLookup? project)
    {
        zone = journal.State.Graph is { } graph ? Zones.Of(graph) : zone;
        return CommandDecider.Decide(request, new CommandContext { State = journal.State, Now = Now(), Files = files, Project = project });
    }

    private CommandReport Apply(Journal journal, CommandFiles? files, GraphLookup? project)
    {
        var decision = Decide(journal, files, project);
        foreach (var e in decision.Events)
        {
            journal.Add(e, Now());
        }

        // Also where nothing was decided: what was registered and seen on the way holds.
        journal.Commit();
        decision.Report.LogOffset = journal.State.Offset;
        return decision.Report;
    }

    /// <summary>The lease, or what the engine said that has it.</summary>
    private async Task<(Lease? Lease, CommandReport? Report)> LeaseOrReportAsync(string log, string stateDirectory, CancellationToken stop)
    {
        var lease = Lease.TryAcquire(log);
        for (int tried = 0; lease is null && tried < Tries; tried++)
        {
            if (await CommandClient.AskAsync(stateDirectory, request, stop).ConfigureAwait(false) is { } report)
            {
                return (null, report);
            }

            lease = await AwaitLeaseAsync(log, stop).ConfigureAwait(false);
        }

        return lease is not null ? (lease, null) : throw new DataBuildException(
            Rules.CommandNotAnswered,
            $"the log '{log}' is held by {Lease.ReadHolder(log)?.ToString() ?? "another process"}, which takes no commands; try again when it has started or ended");
    }

    /// <summary>Waits for the holder's end, which the kernel tells, for a moment.</summary>
    private static async Task<Lease?> AwaitLeaseAsync(string log, CancellationToken stop)
    {
        using var moment = CancellationTokenSource.CreateLinkedTokenSource(stop);
        moment.CancelAfter(betweenTries);
        try
        {
            return await Lease.AcquireAsync(log, _ => { }, cancellation: moment.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
