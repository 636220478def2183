using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>A run on its way through the executor. Used by the executor's own thread, but for what it reads.</summary>
internal sealed class ClusterRun(RunRequest request, RunFiles files)
{
    public RunRequest Request { get; } = request;

    public RunFiles Files { get; set; } = files;

    public RunPhase Phase { get; set; }

    /// <summary>Where it stands in batches that were handed over, or may have been: more than one if Slurm lost it.</summary>
    public List<(string BatchId, int Index)> Places { get; } = [];

    /// <summary>What was wrong when it was prepared, and did not keep it from starting.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>Reads what it says; one thread at a time.</summary>
    public RunReader? Reader { get; set; }

    /// <summary>The first question to Slurm whose answer says something about it: those before were asked before it was handed over.</summary>
    public long JudgedFrom { get; set; }

    /// <summary>The sink knows that it has begun.</summary>
    public bool IsStartTold { get; set; }

    /// <summary>The job that has it, as its payload wrote; empty until known.</summary>
    public string Job { get; set; } = "";

    /// <summary>When that began, by its node's clock.</summary>
    public DateTimeOffset? Begun { get; set; }

    /// <summary>How often its end was asked for.</summary>
    public int CancelsAsked { get; set; }

    /// <summary>How many of those its job was told.</summary>
    public int CancelsSent { get; set; }

    /// <summary>When its job has had enough time to end after it was told.</summary>
    public Deadline CancelPatience { get; set; } = Deadline.Never;

    /// <summary>When it is believed that Slurm does not know it; null while it does.</summary>
    public Deadline? UnknownAt { get; set; }

    public bool IsUnknownTold { get; set; }

    /// <summary>When it is believed that it has ended without an exit file; null while Slurm does not say that it has.</summary>
    public Deadline? OverAt { get; set; }

    /// <summary>Found, but only Slurm knows who sent the signal that it tells of.</summary>
    public ExitFile? Exit { get; set; }

    /// <summary>When Slurm is no longer waited for.</summary>
    public Deadline VerdictAt { get; set; } = Deadline.Never;

    /// <summary>Why it waits, as the sink was last told.</summary>
    public string WaitTold { get; set; } = "";
}
