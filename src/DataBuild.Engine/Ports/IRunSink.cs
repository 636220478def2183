using DataBuild.V1;

namespace DataBuild.Engine.Ports;

/// <summary>Where an executor reports; called from any thread, in order for one run.</summary>
public interface IRunSink
{
    void Started(string runId, JobRunHeartbeatEventV1 heartbeat);

    void Progressed(string runId, Progress progress);

    void Ended(RunReturn result);
}
