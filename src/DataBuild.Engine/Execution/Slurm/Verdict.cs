using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>How a run ended, as far as exit code and signal don't tell.</summary>
/// <param name="Ending">In one word.</param>
/// <param name="Fault">Whose budget it uses and what to do; null where the exit file says all.</param>
internal sealed record Verdict(RunEnding Ending, RunFault? Fault)
{
    public static Verdict Plain { get; } = new(RunEnding.Exited, null);

    /// <summary>What Slurm's state of a job that is over means for its run; null if it means nothing beyond what the run's exit file says.</summary>
    public static Verdict? Of(QueueEntry entry, string job)
    {
        var place = entry.Node.Length > 0 ? $"job {entry.Job} on node {entry.Node}" : $"job {entry.Job}";
        return entry.State switch
        {
            "NODE_FAIL" or "BOOT_FAIL" =>
                Is(RunEnding.Lost, FailureClass.Infrastructure, Rules.SlurmNodeLost, $"job '{job}' was lost with its node: {place} is {entry.State} ({entry.Reason})"),
            "CANCELLED" or "REVOKED" =>
                Is(RunEnding.Exited, FailureClass.Canceled, Rules.SlurmCancelled, $"job '{job}' was cancelled in Slurm, and not by this engine: {place}"),
            "PREEMPTED" =>
                Is(RunEnding.Exited, FailureClass.Infrastructure, Rules.SlurmPreempted, $"job '{job}' was preempted: {place}"),
            "OUT_OF_MEMORY" =>
                Is(RunEnding.Exited, FailureClass.User, Rules.SlurmOutOfMemory, $"job '{job}' took more memory than it was given: {place}"),
            "TIMEOUT" =>
                Is(RunEnding.TimedOut, FailureClass.Timeout, Rules.SlurmTimeLimit, $"job '{job}' took longer than Slurm allows: {place}"),
            "DEADLINE" =>
                Is(RunEnding.TimedOut, FailureClass.Timeout, Rules.SlurmDeadline, $"job '{job}' was removed at its --deadline: {place}"),
            _ => null,
        };
    }

    public static Verdict Is(RunEnding ending, FailureClass failure, DiagnosticRule rule, string what) =>
        new(ending, new RunFault(failure, rule.At($"{what}; {rule.Cure}")));
}
