using DataBuild.V1;

namespace DataBuild.Engine.State;

/// <summary>What stands between a ref and its next good run. Gone with that run.</summary>
public sealed class Trouble
{
    /// <summary>The last failure, if the last outcome was one.</summary>
    public PartitionFailed? Failure { get; set; }

    /// <summary>Its own run failed for good; only a retry request, a changed job or a new graph helps.</summary>
    public bool IsFinal => Failure is { RetryAt: null, BatchLimit: 0 };

    /// <summary>The run of the last failure or miss.</summary>
    public Guid Run { get; set; }

    /// <summary>The event of the last failure or miss.</summary>
    public ulong Offset { get; set; }

    /// <summary>Version of the job that failed or missed: another one starts with a clean slate.</summary>
    public int JobVersion { get; set; }

    /// <summary>The event that cancelled its last run and held it: it waits until somebody asks. 0 if none did.</summary>
    public ulong HeldAt { get; set; }

    /// <summary>The run that was cancelled then.</summary>
    public Guid HeldRun { get; set; }

    public int? ExitCode { get; set; }

    public int Signal { get; set; }

    public string Log { get; set; } = "";

    public string StderrTail { get; set; } = "";

    /// <summary>Inputs that it reported missing since its last good run: obeyed, unlike remembered reads.</summary>
    public int[] Missed { get; set; } = [];

    /// <summary>The child want made for them.</summary>
    public string ChildWant { get; set; } = "";

    /// <summary>Not before this instant.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Most refs its next run may have; 0 for no limit.</summary>
    public int BatchLimit { get; set; }

    /// <summary>Number of the next run in the chain of retries.</summary>
    public int NextAttempt { get; set; } = 1;

    /// <summary>Failures that used up budget, by class.</summary>
    public int[] Spent { get; set; } = new int[8];

    public int SpentOn(FailureClass failureClass) => Spent[(int)failureClass];
}
