using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Cluster;

/// <summary>A run of a <see cref="FakeCluster"/>.</summary>
internal sealed class FakeRun(RunRequest request)
{
    public RunRequest Request => request;

    public RunReturn? Ended { get; set; }

    public JobRunHeartbeatEventV1? Heartbeat { get; set; }

    public string UnknownCause { get; set; } = "";

    /// <summary>How often it did its work.</summary>
    public int Works { get; private set; }

    /// <summary>Writes each ref's name and attempt by the path that it was given, whoever looks at that by now.</summary>
    public void Work()
    {
        Works++;
        foreach (string @ref in request.Refs)
        {
            string file = Path.Combine(request.OutputRoot, @ref);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, $"{@ref} by attempt {request.Attempt}");
        }
    }
}
