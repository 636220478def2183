using System.Collections.Concurrent;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>Hands the ends of runs from the executor's threads to whoever waits for them.</summary>
internal sealed class RunEnds : IRunSink, IDisposable
{
    private readonly BlockingCollection<RunReturn?> ends = [];

    public void Started(string runId, JobRunHeartbeatEventV1 heartbeat)
    {
    }

    public void Unknown(string runId, string cause)
    {
    }

    public void Progressed(string runId, Progress progress)
    {
    }

    public void Ended(RunReturn result) => ends.Add(result);

    /// <summary>Lets <see cref="Take"/> return null.</summary>
    public void Wake() => ends.Add(null);

    /// <summary>The next run that ended; null if it was only woken.</summary>
    public RunReturn? Take() => ends.Take();

    public void Dispose() => ends.Dispose();
}
