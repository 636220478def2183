using DataBuild.Engine.Ports;

namespace DataBuild.Simulation.Tests;

/// <summary>A job's process. It outlives the engine that started it until somebody ends it.</summary>
internal sealed class SimProcess(RunRequest request, SimEngine engine, string version)
{
    public RunRequest Request => request;

    public SimEngine Engine => engine;

    /// <summary>The job as it was when the process began.</summary>
    public string Version => version;

    /// <summary>Ended by another engine than the one that waits for it.</summary>
    public bool IsKilled { get; set; }
}
