using System.Collections.Concurrent;
using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Cluster;

/// <summary>
/// A cluster that goes on without engines: what it was given it keeps, and each engine sees it through an executor of its own. Runs are
/// done at once, or when the test says so.
/// </summary>
internal sealed class FakeCluster
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, FakeRun> runs = new(StringComparer.Ordinal);
    private Executor? current;

    /// <summary>Runs wait until the test ends them.</summary>
    public bool Holds { get; set; } = true;

    /// <summary>Runs it was given, oldest first.</summary>
    public BlockingCollection<FakeRun> Given { get; } = [];

    public ConcurrentQueue<string> Adopted { get; } = new();

    public ConcurrentQueue<string> Canceled { get; } = new();

    /// <summary>What the last executor was told.</summary>
    public SlurmOptions? Options { get; private set; }

    /// <summary>Most runs under way at one time.</summary>
    public int Most { get; private set; }

    public IOutlivingExecutor Connect(IRunSink sink, SlurmOptions options)
    {
        lock (gate)
        {
            Options = options;
            return current = new Executor(this, sink);
        }
    }

    /// <summary>The run writes its refs and ends, whether an engine lives or not.</summary>
    public void Finish(FakeRun run)
    {
        run.Work();
        End(run, new RunReturn { RunId = run.Request.RunId, Ending = RunEnding.Exited, ExitCode = 0, Started = DateTimeOffset.UtcNow });
    }

    public void End(FakeRun run, RunReturn returned)
    {
        lock (gate)
        {
            run.Ended ??= returned;
            current?.Sink.Ended(run.Ended);
        }
    }

    public void Unknown(FakeRun run, string cause)
    {
        lock (gate)
        {
            run.UnknownCause = cause;
            current?.Sink.Unknown(run.Request.RunId, cause);
        }
    }

    public void Heard(FakeRun run, long pid = 7, ulong start = 0)
    {
        lock (gate)
        {
            run.UnknownCause = "";
            run.Heartbeat = new JobRunHeartbeatEventV1 { RunId = run.Request.RunId, Pid = pid, PidStart = start, Host = "n1", ExecutorRun = "slurm job 17" };
            current?.Sink.Started(run.Request.RunId, run.Heartbeat);
        }
    }

    private void Submit(RunRequest request)
    {
        FakeRun run;
        lock (gate)
        {
            if (runs.TryGetValue(request.RunId, out var known))
            {
                Report(known);
                return;
            }

            run = new FakeRun(request);
            runs.Add(request.RunId, run);
            Most = Math.Max(Most, runs.Values.Count(one => one.Ended is null));
        }

        Given.Add(run);
        if (!Holds)
        {
            Finish(run);
        }
    }

    private void Report(FakeRun run)
    {
        if (run.Ended is { } ended)
        {
            current!.Sink.Ended(ended);
        }
        else if (run.UnknownCause.Length > 0)
        {
            current!.Sink.Unknown(run.Request.RunId, run.UnknownCause);
        }
        else if (run.Heartbeat is { } heartbeat)
        {
            current!.Sink.Started(run.Request.RunId, heartbeat);
        }
    }

    private void Cancel(string runId)
    {
        Canceled.Enqueue(runId);
        lock (gate)
        {
            if (!runs.TryGetValue(runId, out var run) || run.UnknownCause.Length > 0)
            {
                return;
            }

            run.Ended ??= new RunReturn { RunId = runId, Ending = RunEnding.Canceled };
            current?.Sink.Ended(run.Ended);
        }
    }

    private void Disconnect(Executor executor)
    {
        lock (gate)
        {
            current = current == executor ? null : current;
        }
    }

    private sealed class Executor(FakeCluster cluster, IRunSink sink) : IOutlivingExecutor
    {
        public IRunSink Sink => sink;

        public void Start(RunRequest request) => cluster.Submit(request);

        public void Adopt(RunRequest request)
        {
            cluster.Adopted.Enqueue(request.RunId);
            cluster.Submit(request);
        }

        public void Cancel(string runId) => cluster.Cancel(runId);

        public ValueTask DisposeAsync()
        {
            cluster.Disconnect(this);
            return ValueTask.CompletedTask;
        }
    }
}
