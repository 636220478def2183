using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>What becomes of runs that were handed over, by Slurm's hints.</summary>
public sealed partial class SlurmExecutor
{
    // Each holds buffers and open files.
    private const int MostFollowed = 256;

    private readonly BackOff _slurm;
    private readonly HashSet<string> _warnedReasons = new(StringComparer.Ordinal);
    private Deadline _queueDue = Deadline.Never;
    private long _asked;
    private int _handed;
    private bool _asking;
    private bool _following;

    private void AskQueue()
    {
        _queueDue = Deadline.Never;
        if (_asking)
        {
            return;
        }

        if (_handed == 0 && _leftovers.Count == 0 && !(_slurm.IsOn && _waiting.Count > 0))
        {
            return;
        }

        _asking = true;
        var number = ++_asked;
        Beside(
            () => _tool.Run("squeue", ["--noheader", "--array", "--states=all", "--name=" + _jobName, "--format=" + QueueEntry.Format], "", _abandon.Token),
            answer => Answered(answer, number));
        Follow();
    }

    private void Answered(ToolAnswer answer, long number)
    {
        _asking = false;
        if (!answer.IsGood)
        {
            Unreachable(answer);
            JudgeWithout();
            return;
        }

        if (_slurm.IsOn)
        {
            _slurm.Clear();
            _gatherDue = _waiting.Count > 0 ? Deadline.After(TimeSpan.Zero) : _gatherDue;
        }

        _queueDue = Deadline.After(_options.Interval);
        var queue = new QueueAnswer(answer.Output);
        foreach (var run in _runs.Values.Where(run => run.Phase is RunPhase.Handed or RunPhase.Judged && run.JudgedFrom <= number).ToList())
        {
            var entries = queue.Of(run.Places);
            if (run.Phase == RunPhase.Judged)
            {
                Judge(run, entries);
            }
            else
            {
                Look(run, entries);
            }
        }

        EndLeftovers(queue);
        SendEnds();
    }

    private void Look(ClusterRun run, List<QueueEntry> entries)
    {
        var alive = Alive(run, entries);
        if (alive is null)
        {
            if (entries.Count == 0)
            {
                NotKnown(run);
            }
            else
            {
                run.UnknownAt = null;
                Over(run, entries);
            }

            return;
        }

        run.UnknownAt = null;
        run.OverAt = null;
        if (alive.IsPending)
        {
            Pending(run, alive);
            return;
        }

        run.WaitTold = "";
        if (!run.IsStartTold || run.IsUnknownTold)
        {
            TellStart(run);
        }

        Cancelling(run, alive);
    }

    // Of several jobs for one run, the one that has it, or may still.
    private static QueueEntry? Alive(ClusterRun run, List<QueueEntry> entries) =>
        entries.Find(entry => !entry.IsOver && entry.Job == run.Job) ?? entries.Find(entry => entry is { IsOver: false, IsPending: false }) ?? entries.Find(entry => !entry.IsOver);

    /// <summary>Slurm answered, and does not list the run.</summary>
    private void NotKnown(ClusterRun run)
    {
        run.OverAt = null;
        run.UnknownAt ??= Deadline.After(_options.Settle);
        if (!run.UnknownAt.Value.IsPast || LateExit(run))
        {
            return;
        }

        if (Directory.Exists(run.Files.Claim))
        {
            if (!run.IsUnknownTold)
            {
                if (!run.IsStartTold)
                {
                    TellStart(run);
                }

                run.IsUnknownTold = true;
                _sink.Unknown(run.Request.RunId, $"its job began{(run.Job.Length > 0 ? $" as job {run.Job}" : "")}, has left no exit file, and Slurm does not know it any more");
            }

            if (run.CancelsAsked > 0)
            {
                End(run, reader => RunReturns.WithoutTrace(run, new Verdict(RunEnding.Canceled, null), reader));
            }

            return;
        }

        // Slurm has lost it, or never got it. Should it come back all the same, one of the two copies finds the claim taken.
        _handed--;
        Enqueue(run);
    }

    private void Pending(ClusterRun run, QueueEntry entry)
    {
        var began = Directory.Exists(run.Files.Claim);
        if (entry.IsLaunchFailed)
        {
            // Begun all the same: Slurm forgot the copy that has it and tried another. That one's exit file will tell.
            if (!began)
            {
                _leftovers.TryAdd((entry.BatchId, entry.Index), Deadline.After(LeftoverPatience));
                WithoutTrace(run, Verdict.Is(RunEnding.CannotStart, FailureClass.Infrastructure, Rules.SlurmLaunchFailed,
                    $"job '{run.Request.Job}' could not be started by Slurm: job {entry.Job} ({entry.Reason})"));
            }

            return;
        }

        if (run.CancelsAsked > 0 && !began)
        {
            TakeBackForGood(run);
            return;
        }

        if (run.WaitTold == entry.Reason || began || (WaitReason.IsUsual(entry.Reason) && !entry.IsHeld))
        {
            return;
        }

        run.WaitTold = entry.Reason;
        _sink.Progressed(run.Request.RunId, new Progress { Text = $"waits in Slurm: {entry.Reason}" });
        if ((entry.IsHeld || WaitReason.NeedsAct(entry.Reason)) && _warnedReasons.Count < 100 && _warnedReasons.Add($"{run.Request.Job} {entry.Reason}"))
        {
            _options.Warn?.Invoke(Rules.SlurmHolds.At($"job '{run.Request.Job}' waits in Slurm: job {entry.Job} ({entry.Reason}); {Rules.SlurmHolds.Cure}"));
        }
    }

    private void Unreachable(ToolAnswer answer)
    {
        if (!_slurm.IsOn)
        {
            _options.Warn?.Invoke(Rules.SlurmUnreachable.At($"Slurm cannot be reached: {answer.Tool}: {answer.Words}; {Rules.SlurmUnreachable.Cure}"));
        }

        _queueDue = Deadline.After(_slurm.Next());
    }
}
