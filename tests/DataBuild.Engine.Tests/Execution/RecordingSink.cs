using System.Collections.Concurrent;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution;

/// <summary>Keeps what an executor reports, and lets a test wait for it.</summary>
internal sealed class RecordingSink : IRunSink
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JobRunHeartbeatEventV1>> _started = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RunReturn>> _ended = new();

    public ConcurrentQueue<(string RunId, string What)> Order { get; } = new();

    public ConcurrentQueue<Progress> Progress { get; } = new();

    public Task<JobRunHeartbeatEventV1> WhenStarted(string runId) => StartOf(runId).Task.WaitAsync(TimeSpan.FromSeconds(60));

    public Task<RunReturn> WhenEnded(string runId) => EndOf(runId).Task.WaitAsync(TimeSpan.FromSeconds(60));

    void IRunSink.Started(string runId, JobRunHeartbeatEventV1 heartbeat)
    {
        Order.Enqueue((runId, "started"));

        // Again after it was unknown.
        StartOf(runId).TrySetResult(heartbeat);
    }

    void IRunSink.Unknown(string runId, string cause) => Order.Enqueue((runId, "unknown"));

    void IRunSink.Progressed(string runId, Progress progress)
    {
        Order.Enqueue((runId, "progressed"));
        Progress.Enqueue(progress);
    }

    void IRunSink.Ended(RunReturn result)
    {
        Order.Enqueue((result.RunId, "ended"));
        EndOf(result.RunId).SetResult(result);
    }

    private TaskCompletionSource<JobRunHeartbeatEventV1> StartOf(string runId) =>
        _started.GetOrAdd(runId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource<RunReturn> EndOf(string runId) =>
        _ended.GetOrAdd(runId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
