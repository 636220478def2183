using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>What runs the jobs of a session, and how much of each.</summary>
/// <param name="request">What the session is asked for.</param>
/// <param name="makeSlurm">Makes the executor for Slurm, when a run first asks for it.</param>
/// <param name="warn">Told of what holds runs of a cluster up; from any thread.</param>
internal sealed class Executors(EngineRequest request, Func<IRunSink, SlurmOptions, IOutlivingExecutor>? makeSlurm = null, Action<Diagnostic>? warn = null)
{
    /// <summary>Runs that are queued ahead of free slots, so that no slot waits for a commit.</summary>
    private const int QueuedAhead = 32;

    private static readonly ClusterSettings defaults = new();

    private ClusterSettings Cluster => request.Cluster ?? defaults;

    public int Parallelism => request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount;

    /// <summary>Most runs of this machine, queued or running.</summary>
    public int MostActiveRuns => Parallelism + QueuedAhead;

    /// <summary>Most runs that a cluster has at one time.</summary>
    public int MostOutlivingRuns => Cluster.SlurmMaxJobs > 0 ? Cluster.SlurmMaxJobs : 1000;

    /// <summary>How long nothing may be known of a run before it is lost.</summary>
    public TimeSpan UnknownTimeout => Cluster.UnknownTimeout?.ToTimeSpan() is { Ticks: > 0 } timeout ? timeout : TimeSpan.FromMinutes(10);

    public ExecutorSet Make(IRunSink sink, Workspace workspace, WriterSession session) => new(
        sink,
        new LocalExecutor(sink, new LocalExecutorOptions
        {
            Slots = Parallelism,
            RunMarker = session.Marker,
            ScratchDirectory = workspace.ScratchOf(session.Term),
            CheckRef = BuildSession.RefProblem,
        }),
        name => name == ExecutorNames.Slurm
            ? (makeSlurm ?? SlurmFactory.Make)(sink, SlurmOptionsOf(workspace, session))
            : throw new DataBuildException(Rules.UnknownExecutor, $"the log names an executor '{name}' that this version does not have; build with the version that queued its runs"));

    private SlurmOptions SlurmOptionsOf(Workspace workspace, WriterSession session) => new()
    {
        LogId = session.Journal.LogId,
        Term = session.Term,
        ExchangeDirectory = Path.Join(workspace.DataRoot, DataRoot.Reserved, "cluster"),
        DataRoot = workspace.DataRoot,
        StateDirectory = workspace.StateDirectory,
        Interval = Cluster.SlurmInterval?.ToTimeSpan() is { Ticks: > 0 } interval ? interval : TimeSpan.FromSeconds(1),
        UnknownTimeout = UnknownTimeout,
        MaxJobs = MostOutlivingRuns,
        MaxArraySize = Cluster.SlurmArraySize,
        CheckRef = BuildSession.RefProblem,
        Warn = warn,
    };
}
