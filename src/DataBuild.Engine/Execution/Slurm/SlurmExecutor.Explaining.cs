using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Runs that are over by Slurm's word and left no exit file.</summary>
public sealed partial class SlurmExecutor
{
    /// <summary>All jobs that stood for the run are over. Usually its exit file is there; where it isn't, Slurm's word is all there is.</summary>
    private void Over(ClusterRun run, List<QueueEntry> entries)
    {
        if (run.OverAt is null)
        {
            run.OverAt = Deadline.After(_options.Settle);
            LookAnew();
        }

        if (LateExit(run))
        {
            return;
        }

        if (!run.OverAt.Value.IsPast)
        {
            return;
        }

        var entry = entries.Find(entry => entry.Job == run.Job) ?? entries[^1];
        if (entry.State is "FAILED" or "COMPLETED")
        {
            run.Phase = RunPhase.Ending;
            Beside(() => _tool.Run("scontrol", ["--oneliner", "show", "job", entry.Job], "", _abandon.Token), answer => Explained(run, entry, answer));
        }
        else
        {
            WithoutTrace(run, Verdict.Of(entry, run.Request.Job) ?? NoTrace(run, entry, ""));
        }
    }

    // Only of a job with that comment: numbers are given twice.
    private void Explained(ClusterRun run, QueueEntry entry, ToolAnswer answer)
    {
        run.Phase = RunPhase.Handed;
        if (LateExit(run))
        {
            return;
        }

        if (!answer.IsGood && !answer.Error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var code = answer.IsGood && answer.Output.Contains("Comment=" + entry.BatchId, StringComparison.Ordinal) ? ExitCode(answer.Output) : null;
        switch (code)
        {
            case Payload.NotOurs:
                // A second copy, that found the run taken; the first is not listed.
                run.UnknownAt ??= Deadline.After(_options.Settle);
                NotKnown(run);
                break;
            case Payload.NotShared:
                WithoutTrace(run, Verdict.Is(RunEnding.CannotStart, FailureClass.Infrastructure, Rules.SlurmShareNotSeen,
                    $"job '{run.Request.Job}' cannot start on node {entry.Node}: '{_exchange.Path}' is not there, or not the engine's"));
                break;
            case Payload.NotWritable:
                WithoutTrace(run, Verdict.Is(RunEnding.Lost, FailureClass.Infrastructure, Rules.SlurmShareNotWritable,
                    $"job '{run.Request.Job}' on node {entry.Node} could not write to '{_exchange.Path}'"));
                break;
            default:
                WithoutTrace(run, NoTrace(run, entry, code is { } number ? $", exit code {number}" : ""));
                break;
        }
    }

    private static int? ExitCode(string text)
    {
        var at = text.IndexOf(" ExitCode=", StringComparison.Ordinal);
        return at >= 0 && int.TryParse(text[(at + " ExitCode=".Length)..].Split(':', 2)[0], out var code) ? code : null;
    }

    private static Verdict NoTrace(ClusterRun run, QueueEntry entry, string more)
    {
        var reason = WaitReason.IsUsual(entry.Reason) ? "" : $" ({entry.Reason})";
        if (entry.Reason is "BadConstraints" or "PartitionConfig")
        {
            return Verdict.Is(RunEnding.CannotStart, FailureClass.User, Rules.SlurmRefused, $"job '{run.Request.Job}' cannot start: job {entry.Job} is {entry.State}{reason}");
        }

        return Verdict.Is(RunEnding.Lost, FailureClass.Infrastructure, Rules.SlurmNoTrace,
            $"job '{run.Request.Job}' left no exit file: job {entry.Job}{(entry.Node.Length > 0 ? " on node " + entry.Node : "")} is {entry.State}{reason}{more}");
    }

    /// <summary>It is over, or nobody lets it run. If it had not begun, it never will.</summary>
    private void WithoutTrace(ClusterRun run, Verdict verdict)
    {
        if (run.CancelsAsked > 0)
        {
            verdict = new Verdict(RunEnding.Canceled, null);
        }

        if (TryClaim(run) is not { } never)
        {
            return;
        }

        if (never)
        {
            var ending = verdict.Ending == RunEnding.Canceled ? RunEnding.Canceled : verdict.Ending == RunEnding.Lost ? RunEnding.Lost : RunEnding.CannotStart;
            End(run, () => RunReturns.NeverBegun(run, ending, verdict.Fault));
        }
        else
        {
            if (!run.IsStartTold)
            {
                TellStart(run);
            }

            End(run, reader => RunReturns.WithoutTrace(run, verdict, reader));
        }
    }
}
