using DataBuild.V1;

namespace DataBuild.Engine.Ports;

/// <summary>Where an executor reports; called from any thread, in order for one run.</summary>
public interface IRunSink
{
    void Started(string runId, JobRunHeartbeatEventV1 heartbeat);

    /// <summary>
    /// Nothing can be told of the run at present: neither that it lives nor that it ended. Said once; when it is heard of again it has
    /// <see cref="Started"/> once more, or ended.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="cause">One line: what was asked and what the answer was.</param>
    void Unknown(string runId, string cause);

    void Progressed(string runId, Progress progress);

    void Ended(RunReturn result);
}
