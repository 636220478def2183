using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution;

/// <summary>Stands for code elsewhere in the process that waits for any child: takes the run's exit status before the executor can.</summary>
internal sealed class ThievingSink(TaskCompletionSource<RunReturn> ended) : IRunSink
{
    public void Started(string runId, JobRunHeartbeatEventV1 heartbeat) => Assert.True(Libc.Reap((int)heartbeat.Pid, out _));

    public void Unknown(string runId, string cause)
    {
    }

    public void Progressed(string runId, Progress progress)
    {
    }

    public void Ended(RunReturn result) => ended.SetResult(result);
}
