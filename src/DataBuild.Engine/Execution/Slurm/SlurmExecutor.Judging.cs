using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Whose signal ended a run: only Slurm may know.</summary>
public sealed partial class SlurmExecutor
{
    /// <summary>Slurm answered for a run that a signal ended.</summary>
    private void Judge(ClusterRun run, List<QueueEntry> entries)
    {
        var exit = run.Exit!;
        var entry = entries.Find(entry => entry.Job == exit.Job);
        if (entry is { IsOver: true })
        {
            Finish(run, exit, Verdict.Of(entry, run.Request.Job) ?? Verdict.Plain);
        }
        else if (entry is null or { IsPending: true } || run.VerdictAt.IsPast)
        {
            // Not known, or back in the queue: what ran was ended by Slurm itself, which had forgotten it.
            var forgot = exit.Cause == "term" && entry is null or { IsPending: true };
            Finish(run, exit, forgot
                ? Verdict.Is(RunEnding.Exited, FailureClass.Infrastructure, Rules.SlurmForgot, $"job '{run.Request.Job}' was ended on node {exit.Node}, and Slurm does not know job {exit.Job} any more")
                : Verdict.Plain);
        }
    }

    /// <summary>Slurm does not answer: what waits for its word is taken as it stands when that has taken too long.</summary>
    private void JudgeWithout()
    {
        foreach (var run in _runs.Values.Where(run => run.Phase == RunPhase.Judged && run.VerdictAt.IsPast).ToList())
        {
            var exit = run.Exit!;
            Finish(run, exit, exit.Cause == "term"
                ? Verdict.Is(RunEnding.Exited, FailureClass.Infrastructure, Rules.SlurmForgot, $"job '{run.Request.Job}' was ended on node {exit.Node} while Slurm cannot be reached")
                : Verdict.Plain);
        }
    }
}
