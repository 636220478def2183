using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Runs whose end is asked for, and jobs that stand for no run any more.</summary>
public sealed partial class SlurmExecutor
{
    private void AskEnd(string runId)
    {
        if (!_runs.TryGetValue(runId, out var run) || run.Phase == RunPhase.Ending)
        {
            return;
        }

        run.CancelsAsked++;
        switch (run.Phase)
        {
            case RunPhase.Waiting:
                _waiting.Remove(run);
                TakeBackForGood(run);
                break;
            case RunPhase.Judged:
                Finish(run, run.Exit!, new Verdict(RunEnding.Canceled, null));
                break;
            case RunPhase.Handed:
                EndHanded(run);
                break;
        }
    }

    private void EndHanded(ClusterRun run)
    {
        if (!LateExit(run))
        {
            TakeBackForGood(run);
        }

        if (run.Phase == RunPhase.Handed && !_slurm.IsOn)
        {
            _queueDue = Deadline.After(TimeSpan.Zero);
        }
    }

    /// <summary>If it has not begun it never will: its end is told at once, whatever Slurm knows. Else its job is to be told.</summary>
    private void TakeBackForGood(ClusterRun run)
    {
        if (TryClaim(run) == true)
        {
            foreach (var place in run.Places)
            {
                _leftovers.TryAdd(place, Deadline.After(LeftoverPatience));
                _queueDue = _slurm.IsOn ? _queueDue : Deadline.After(TimeSpan.Zero);
            }

            End(run, () => RunReturns.NeverBegun(run, RunEnding.Canceled, null));
        }
        else if (run.Phase == RunPhase.Waiting)
        {
            HandedOver(run);
        }
    }

    // True if it is ours now, false if it began; null if that cannot be told.
    private bool? TryClaim(ClusterRun run)
    {
        try
        {
            return File.Exists(run.Files.Engine) || _exchange.TryClaim(run.Request.RunId);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Unlisted(error);
            return null;
        }
    }

    /// <summary>The run's job runs, and its end is asked for.</summary>
    private void Cancelling(ClusterRun run, QueueEntry entry)
    {
        if (run.CancelsAsked == 0 || entry.State is not ("RUNNING" or "SUSPENDED"))
        {
            return;
        }

        if (run.CancelsSent == 0)
        {
            run.CancelsSent = 1;
            run.CancelPatience = Deadline.After(_options.Grace + _options.Settle);
            _ends.Add((run, entry.Job, "TERM"));
        }
        else if (run.CancelsAsked > 1 && run.CancelsSent == 1)
        {
            run.CancelsSent = 2;
            _ends.Add((run, entry.Job, "USR2"));
        }
        else if (run.CancelPatience.IsPast)
        {
            run.CancelPatience = Deadline.After(_options.Settle);
            _ends.Add((run, entry.Job, ""));
        }
    }

    private void EndLeftovers(QueueAnswer queue)
    {
        foreach (var (place, until) in _leftovers.ToList())
        {
            var alive = queue.Of([place]).FindAll(entry => !entry.IsOver);
            alive.ForEach(entry => _ends.Add((null, entry.Job, "")));
            if (until.IsPast)
            {
                _leftovers.Remove(place);
            }
        }
    }

    /// <summary>One call of scancel for each signal, for all jobs together.</summary>
    private void SendEnds()
    {
        foreach (var group in _ends.GroupBy(end => end.Signal).ToList())
        {
            foreach (var some in group.Chunk(200))
            {
                List<string> arguments = group.Key.Length > 0 ? ["--quiet", "--batch", "--signal=" + group.Key] : ["--quiet"];
                arguments.AddRange(some.Select(end => end.Job));
                Beside(() => _tool.Run("scancel", arguments, "", _abandon.Token), answer => Sent(answer, some));
            }
        }

        _ends.Clear();
    }

    private static void Sent(ToolAnswer answer, (ClusterRun? Run, string Job, string Signal)[] ends)
    {
        if (answer.IsGood)
        {
            return;
        }

        // Told again after the next look, where they still run.
        foreach (var (run, _, signal) in ends)
        {
            if (run is not null && signal.Length > 0)
            {
                run.CancelsSent = signal == "USR2" ? 1 : 0;
            }
        }
    }
}
