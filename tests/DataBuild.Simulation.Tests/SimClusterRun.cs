using DataBuild.Engine.Ports;

namespace DataBuild.Simulation.Tests;

/// <summary>What the cluster has of a run, whoever gave it.</summary>
internal sealed class SimClusterRun(RunRequest request, string version)
{
    public RunRequest Request => request;

    public string Id => request.RunId;

    /// <summary>The job as it was when the run was queued.</summary>
    public string Version => version;

    /// <summary>How often its payload was executed.</summary>
    public int Executions { get; set; }

    /// <summary>What it left in its exit file; null before that.</summary>
    public RunReturn? Return { get; set; }

    /// <summary>Refs that it wrote.</summary>
    public HashSet<string> Wrote { get; } = new(StringComparer.Ordinal);

    /// <summary>The cluster knows nothing of it any more.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>The cluster says that its node is gone.</summary>
    public bool IsNodeLost { get; set; }

    /// <summary>An engine was told that nothing is known of it, and nobody that it was heard of again.</summary>
    public bool IsUnknown { get; set; }

    /// <summary>An engine was told at some time that nothing is known of it, or that it is lost.</summary>
    public bool WasDoubted { get; set; }

    /// <summary>Its process lives though it was given up, and will write to where it was told to.</summary>
    public bool IsLate { get; set; }

    /// <summary>The log says that it is lost or cancelled.</summary>
    public bool IsRevoked { get; set; }

    /// <summary>It wrote after that.</summary>
    public bool WroteLate { get; set; }

    public bool IsWaiting => Return is null && !IsForgotten && !IsNodeLost;
}
