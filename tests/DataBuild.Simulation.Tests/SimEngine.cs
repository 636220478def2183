using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Log;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>
/// One engine's life: the loop, fold, reconciler, resolver, inbox and recovery are the real ones; log, store, executor and clock are
/// the world's.
/// </summary>
internal sealed class SimEngine
{
    private const string Folder = "/p";

    private readonly World world;
    private readonly InMemoryBuildEventLog storage;
    private readonly CancellationTokenSource stop = new();
    private SimExecutor? executor;

    public SimEngine(World world)
    {
        this.world = world;
        storage = world.Log.Reopen();
        world.Log = storage;
    }

    public ulong Term => storage.Term;

    public bool IsLeader => world.Log.Term == Term;

    public BuildState? State { get; private set; }

    public Reconciler? Reconciler { get; private set; }

    /// <summary>Gives a command to the loop; null while there is none.</summary>
    public Action<CommandRequest>? Ask { get; private set; }

    /// <summary>The cluster as this engine has it; null as long as it has no use for it.</summary>
    public SimClusterExecutor? Cluster { get; private set; }

    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>One effect, struck by whatever the scenario holds for it.</summary>
    public void Do(Effect effect, Action act) => world.Strike(this, effect, act);

    public void Stop() => stop.Cancel();

    public void KillOne(int choice) => executor?.KillOne(choice);

    /// <summary>A whole build, until nothing more can be done, a coded error, or its death.</summary>
    /// <returns>It came to its end without an error of its own.</returns>
    public bool Build()
    {
        try
        {
            Work();
            return true;
        }
        catch (EngineDiedException)
        {
            return false;
        }
        catch (DataBuildException e)
        {
            Diagnostics.Add(e.ToDiagnostic());
            executor?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return false;
        }
    }

    private DateTimeOffset Now() => world.Now;

    private void Work()
    {
        var log = new SimLog(world, this, storage);
        var snapshots = new SimSnapshots(world, this);
        BuildState? loaded = null;
        Do(Effect.Load, () => loaded = StateLoader.Load(log, snapshots, out _));
        var state = State = loaded!;
        var store = new SimStore(world, this, log.Term);
        var journal = new Journal(log, state);
        Recover(journal, store);
        Register(journal);
        journal.Commit();
        journal.Change.Clear();
        var reconciler = Reconciler = world.NewReconciler(state, log);
        using var inbox = new RunInbox(store, Folder, Idle);
        var report = new BuildReport(message => { }, state, reportRuns: false, Now);
        var workspace = new Workspace
        {
            ProjectFolder = Folder, ProjectFile = "/p/p.dbproj", DataRoot = "/p/data", StateDirectory = "/p/state", Log = "/p/state/log.db",
        };
        var loop = new BuildLoop(
            journal,
            reconciler,
            store,
            inbox,
            new Observer(store, Folder),
            new JobWatch(Folder),
            new RunRequests(workspace, _ => ""),
            report,
            new LiveCommands(journal, world.Files(journal, store), servesAllWants: true, Now),
            Now,
            TimeSpan.FromDays(1),
            TimeSpan.FromMinutes(10));
        Ask = request => inbox.Asked(new PendingCommand(request));
        executor = new SimExecutor(world, this, inbox, world.Slots);
        var executors = new ExecutorSet(inbox, executor, _ => Cluster = new SimClusterExecutor(world, this, inbox));
        loop.Look();
        loop.Run(executors, stop.Token, CancellationToken.None);
        if (!stop.IsCancellationRequested)
        {
            loop.Expire();
        }

        Ask = null;
        executor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (state.ActiveRunCount == 0)
        {
            snapshots.Write(StateSnapshot.Layout, state.Offset, stream => StateSnapshot.Write(state, stream));
        }
    }

    private void Recover(Journal journal, SimStore store)
    {
        if (world.Bug != Bug.ForgetsOrphans)
        {
            world.KillOthers(this);
        }

        foreach (var run in journal.State.OutlivingRuns.Where(_ => world.Bug == Bug.LosesClusterRuns).ToList())
        {
            journal.Add(new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = run.IdText, Cause = "its engine died" } }, Now());
        }

        if (world.Bug != Bug.ForgetsLostRuns)
        {
            Recovery.RecordLost(journal, _ => 0, Now);
        }

        Recovery.Publish(journal, store);
        if (world.Bug != Bug.ForgetsToRemove)
        {
            Expiry.Finish(journal, store, Now);
        }
    }

    private void Register(Journal journal)
    {
        var fingerprints = world.JobFingerprints().ToDictionary(fingerprint => fingerprint.Job, StringComparer.Ordinal);
        Registration.Bring(journal, world.CompiledGraph(), job => fingerprints[job.Label], Now());
    }

    /// <summary>The loop waits: a process ends, or time passes.</summary>
    private void Idle(TimeSpan atMost) => Do(Effect.Wait, () => world.Pass(this, executor!, atMost));
}
