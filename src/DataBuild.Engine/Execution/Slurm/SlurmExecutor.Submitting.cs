using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Processes;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>From a request to a job of Slurm's.</summary>
public sealed partial class SlurmExecutor
{
    // Beyond this an array is no cheaper for anybody, and what Slurm loses with it is more.
    private const int UsefulArray = 1000;
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(15);

    private readonly List<ClusterRun> _waiting = [];
    private readonly BackOff _full;
    private Dictionary<string, List<(string BatchId, int Index)>>? _earlier;
    private Dictionary<string, int> _batchUse = new(StringComparer.Ordinal);
    private Deadline _gatherDue = Deadline.Never;
    private int _clustersArray;
    private bool _submitting;
    private bool _warnedFull;
    private bool _closing;

    private void SubmitNext()
    {
        var room = _options.MaxJobs - _handed;
        if (_submitting || _slurm.IsOn || _waiting.Count == 0 || room <= 0 || !_gatherDue.IsPast)
        {
            if (_waiting.Count == 0 || room <= 0 || _slurm.IsOn || _submitting)
            {
                // Whatever changes that looks again.
                _gatherDue = Deadline.Never;
            }

            return;
        }

        var first = _waiting[0].Request;
        var words = SbatchArguments.Words(first.Resources.SlurmArguments, out var problem);
        if (words is null)
        {
            var refused = _waiting[0];
            _waiting.RemoveAt(0);
            CannotStart(refused, FailureClass.User, Rules.SlurmArgumentsUnusable, $"job '{first.Job}' cannot start: its SlurmArguments: {problem}");
            return;
        }

        var most = Math.Min(room, _options.MaxArraySize > 0 ? _options.MaxArraySize : UsefulArray);
        most = _clustersArray > 0 ? Math.Min(most, _clustersArray) : most;
        var together = _waiting.Where(run => run.Request.Resources == first.Resources && run.Request.Timeout == first.Timeout).Take(most).ToList();
        _submitting = true;
        if (_clustersArray == 0)
        {
            Beside(() => _tool.Run("scontrol", ["show", "config"], "", _abandon.Token), answer => Sized(answer));
            return;
        }

        var taken = together.ToHashSet();
        _waiting.RemoveAll(taken.Contains);
        var manifest = Manifest.New([.. together.Select(run => run.Request.RunId)]);
        for (var index = 0; index < together.Count; index++)
        {
            together[index].Phase = RunPhase.Submitting;
            Place(together[index], manifest.BatchId, index);
        }

        _handed += together.Count;
        var arguments = SbatchArguments.Of(manifest, _jobName, first.Resources, first.Timeout, _options.Grace, words);
        Beside(() => Submit(new Submission(manifest, together), arguments), Submitted);
    }

    private async Task<Submission> Submit(Submission submission, List<string> arguments)
    {
        try
        {
            _exchange.Write(submission.Manifest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return submission with { Unwritable = error.Message };
        }

        var script = Payload.Of(submission.Manifest, _exchange.Path, _options);
        return submission with { Answer = await _tool.Run("sbatch", arguments, script, _abandon.Token).ConfigureAwait(false) };
    }

    private void Sized(ToolAnswer answer)
    {
        _submitting = false;
        if (answer.IsGood)
        {
            var line = answer.Output.Split('\n').FirstOrDefault(line => line.StartsWith("MaxArraySize", StringComparison.Ordinal)) ?? "";
            var size = int.TryParse(line.Split('=')[^1].Trim(), out var number) ? number : UsefulArray;

            // It is the first index that may not be used. Below 2 there are no arrays.
            _clustersArray = Math.Clamp(size, 1, UsefulArray);
            _gatherDue = Deadline.After(TimeSpan.Zero);
        }
        else if (IsMissing(answer))
        {
            foreach (var run in _waiting.ToList())
            {
                _waiting.Remove(run);
                CannotStart(run, FailureClass.Infrastructure, Rules.SlurmMissing, $"job '{run.Request.Job}' cannot start: {answer.Words}");
            }
        }
        else
        {
            Unreachable(answer);
        }
    }

    private void Submitted(Submission submission)
    {
        _submitting = false;
        _gatherDue = _waiting.Count > 0 ? Deadline.After(TimeSpan.Zero) : Deadline.Never;
        if (submission.Answer is not { } answer)
        {
            foreach (var run in submission.Runs)
            {
                NotHanded(run);
                CannotStart(run, FailureClass.Infrastructure, Rules.SlurmExchangeUnusable, $"job '{run.Request.Job}' cannot start: '{_exchange.Path}': {submission.Unwritable}");
            }

            return;
        }

        if (answer.IsGood)
        {
            _full.Clear();
            _warnedFull = false;
            foreach (var run in submission.Runs)
            {
                HandedOver(run, counted: true);
            }
        }
        else if (IsMissing(answer) || Refusal.IsFinal(answer))
        {
            var rule = IsMissing(answer) ? Rules.SlurmMissing : Rules.SlurmRefused;
            foreach (var run in submission.Runs)
            {
                NotHanded(run);
                CannotStart(run, rule == Rules.SlurmMissing ? FailureClass.Infrastructure : FailureClass.User, rule, $"job '{run.Request.Job}' cannot start: {answer.Words}");
            }
        }
        else if (Refusal.IsLimit(answer))
        {
            // Not taken: none of an array is, or all.
            Again(submission);
            _gatherDue = Deadline.After(_full.Next());
            if (!_warnedFull)
            {
                _warnedFull = true;
                _options.Warn?.Invoke(Rules.SlurmQueueFull.At($"Slurm takes no more jobs at present: {answer.Words}; {Rules.SlurmQueueFull.Cure}"));
            }
        }
        else if (Refusal.IsUntouched(answer))
        {
            Again(submission);
            Unreachable(answer);
        }
        else
        {
            // It may have been taken. When Slurm answers again it is asked for the batch, and what it does not know is submitted anew.
            foreach (var run in submission.Runs)
            {
                HandedOver(run, counted: true);
            }

            Unreachable(answer);
        }
    }

    private void Again(Submission submission)
    {
        foreach (var run in submission.Runs)
        {
            NotHanded(run);
            if (run.CancelsAsked > 0)
            {
                TakeBackForGood(run);
            }
            else
            {
                Enqueue(run);
            }
        }
    }

    private void NotHanded(ClusterRun run)
    {
        _handed--;
        run.Phase = RunPhase.Waiting;
    }

    private void HandedOver(ClusterRun run, bool counted = false)
    {
        _handed += counted ? 0 : 1;
        run.Phase = RunPhase.Handed;
        run.JudgedFrom = _asked + 1;
        run.UnknownAt = null;
        run.OverAt = null;
        if (_endsDue.Left is null)
        {
            _endsDue = Deadline.After(_options.EndInterval);
        }

        if (_queueDue.Left is null)
        {
            _queueDue = Deadline.After(_options.Interval);
        }

        if (run.CancelsAsked > 0)
        {
            EndHanded(run);
        }
    }

    private static bool IsMissing(ToolAnswer answer) =>
        answer.Missing || answer.Error.Contains("Could not establish a configuration source", StringComparison.OrdinalIgnoreCase);
}
