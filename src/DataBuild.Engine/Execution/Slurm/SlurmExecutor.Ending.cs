using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>How runs end: by their exit files, or because that is asked for.</summary>
public sealed partial class SlurmExecutor
{
    private static readonly TimeSpan LeftoverPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    /// <summary>Jobs that stand for no run any more. They would do nothing; they are only in the way of others.</summary>
    private readonly Dictionary<(string BatchId, int Index), Deadline> _leftovers = [];
    private readonly List<(ClusterRun? Run, string Job, string Signal)> _ends = [];
    private Deadline _endsDue = Deadline.Never;
    private Deadline _sweepDue = Deadline.Never;

    private void LookForEnds()
    {
        _endsDue = _handed > 0 ? Deadline.After(_options.EndInterval) : Deadline.Never;
        List<string> ended;
        try
        {
            ended = _exchange.Ended();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A share that is away for a moment. Looked at again; runs are lost by nobody's word but Slurm's.
            Unlisted(error);
            return;
        }

        foreach (var runId in ended)
        {
            if (_runs.TryGetValue(runId, out var run) && run.Phase == RunPhase.Handed)
            {
                LateExit(run);
            }
        }
    }

    private void Unlisted(Exception error)
    {
        if (_warnedReasons.Add("exchange"))
        {
            _options.Warn?.Invoke((Rules.SlurmExchangeUnusable with { Severity = Severity.Warning })
                .At($"'{_exchange.Path}' cannot be looked at for the time being: {error.Message}; {Rules.SlurmExchangeUnusable.Cure}"));
        }
    }

    private void LookAnew()
    {
        try
        {
            _exchange.Refresh();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Unlisted(error);
        }
    }

    private bool LateExit(ClusterRun run)
    {
        if (ReadExit(run) is not { } exit)
        {
            return false;
        }

        Ended(run, exit);
        return true;
    }

    private ExitFile? ReadExit(ClusterRun run)
    {
        try
        {
            return ExitFile.Read(_exchange.ExitFile(run.Request.RunId)) ?? ExitFile.Read(run.Files.Exit);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Unlisted(error);
            return null;
        }
    }

    private void Ended(ClusterRun run, ExitFile exit)
    {
        run.Job = exit.Job;
        if (exit.Began && (!run.IsStartTold || run.IsUnknownTold))
        {
            TellStart(run);
        }

        if (run.CancelsAsked > 0)
        {
            Finish(run, exit, new Verdict(RunEnding.Canceled, null));
        }
        else if (exit.Cause == "timeout")
        {
            Finish(run, exit, new Verdict(RunEnding.TimedOut, null));
        }
        else if (exit.IsSuspicious)
        {
            run.Phase = RunPhase.Judged;
            run.Exit = exit;
            run.JudgedFrom = _asked + 1;
            run.VerdictAt = Deadline.After(_options.Settle);
            _queueDue = _slurm.IsOn ? _queueDue : Deadline.After(TimeSpan.FromMilliseconds(50));
        }
        else
        {
            Finish(run, exit, Verdict.Plain);
        }
    }

    private void Finish(ClusterRun run, ExitFile exit, Verdict verdict) => End(run, reader => RunReturns.Of(run, exit, verdict, reader));

    private void CannotStart(ClusterRun run, FailureClass failure, DiagnosticRule rule, string what)
    {
        // Should a copy have been handed over before and begun meanwhile, it is that one that counts.
        if (run.Places.Count > 0 && TryClaim(run) == false)
        {
            HandedOver(run);
            return;
        }

        End(run, () => RunReturns.NeverBegun(run, RunEnding.CannotStart, new RunFault(failure, rule.At($"{what}; {rule.Cure}"))));
    }

    private void End(ClusterRun run, Func<RunReturn> result)
    {
        End(run, _ => result());
    }

    /// <summary>Makes and reports the run's end beside the executor's thread, since that reads files, and the sink looks at outputs.</summary>
    private void End(ClusterRun run, Func<RunReader, RunReturn> result)
    {
        _handed -= run.Phase is RunPhase.Handed or RunPhase.Judged ? 1 : 0;
        run.Phase = RunPhase.Ending;
        Beside(
            async () =>
            {
                await _readers.WaitAsync().ConfigureAwait(false);
                try
                {
                    using var reader = run.Reader ?? NewReader(run);
                    _sink.Ended(result(reader));
                }
                finally
                {
                    _readers.Release();
                }

                return run;
            },
            Over);
    }

    private void Over(ClusterRun run)
    {
        _runs.Remove(run.Request.RunId);
        _gatherDue = _waiting.Count > 0 && !_submitting && !_slurm.IsOn && _gatherDue.Left is null ? Deadline.After(TimeSpan.Zero) : _gatherDue;
        try
        {
            _exchange.Retire(run.Request.RunId);
            foreach (var (batchId, _) in run.Places)
            {
                if (--_batchUse[batchId] == 0)
                {
                    _batchUse.Remove(batchId);
                    _exchange.RemoveManifest(batchId);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Unlisted(error);
        }
    }

    private void Sweep()
    {
        _sweepDue = Deadline.After(SweepInterval);
        try
        {
            _exchange.Sweep(_options.KeepEnded, _runs.ContainsKey, _batchUse.ContainsKey);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Unlisted(error);
        }
    }
}
