using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>From a request to a prepared run, or to one that an engine before has got further with.</summary>
public sealed partial class SlurmExecutor
{
    private void Begin(RunRequest request)
    {
        if (_runs.ContainsKey(request.RunId))
        {
            throw new InvalidOperationException($"run {request.RunId} is under way");
        }

        var run = new ClusterRun(request, _exchange.Run(request.RunId));
        _runs.Add(request.RunId, run);
        try
        {
            if (_earlier is null)
            {
                _exchange.Make();
                _earlier = Earlier();
                _sweepDue = Deadline.After(TimeSpan.Zero);
            }

            if (Directory.Exists(_exchange.Done(request.RunId).Folder))
            {
                run.Files = _exchange.Done(request.RunId);
                TakeBack(run);
            }
            else if (Directory.Exists(run.Files.Folder))
            {
                TakeBack(run);
            }
            else if (Preparation.Do(request, _exchange, _options.LogId, run.Diagnostics))
            {
                Enqueue(run);
            }
            else
            {
                End(run, () => RunReturns.NeverBegun(run, RunEnding.CannotStart, null));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            CannotStart(run, FailureClass.Infrastructure, Rules.SlurmExchangeUnusable, $"job '{request.Job}' cannot start: '{_exchange.Path}': {error.Message}");
        }
    }

    /// <summary>An engine before this one has prepared it, and perhaps handed it over.</summary>
    private void TakeBack(ClusterRun run)
    {
        foreach (var place in _earlier!.GetValueOrDefault(run.Request.RunId) ?? [])
        {
            Place(run, place.BatchId, place.Index);
        }

        if (ReadExit(run) is { } exit)
        {
            HandedOver(run);
            Ended(run, exit);
        }
        else if (File.Exists(run.Files.Engine))
        {
            var taken = $"job '{run.Request.Job}' had been taken back before it began; {Rules.SlurmTakenBack.Cure}";
            End(run, () => RunReturns.NeverBegun(run, RunEnding.Lost, new RunFault(FailureClass.Infrastructure, Rules.SlurmTakenBack.At(taken))));
        }
        else if (run.Places.Count > 0 || Directory.Exists(run.Files.Claim))
        {
            HandedOver(run);
        }
        else
        {
            Enqueue(run);
        }
    }

    private void Enqueue(ClusterRun run)
    {
        run.Phase = RunPhase.Waiting;
        _waiting.Add(run);
        if (_gatherDue.Left is null)
        {
            _gatherDue = Deadline.After(_options.Gather);
        }
    }

    private void Place(ClusterRun run, string batchId, int index)
    {
        run.Places.Add((batchId, index));
        _batchUse[batchId] = _batchUse.GetValueOrDefault(batchId) + 1;
    }

    private Dictionary<string, List<(string BatchId, int Index)>> Earlier()
    {
        var places = new Dictionary<string, List<(string BatchId, int Index)>>(StringComparer.Ordinal);
        foreach (var manifest in _exchange.Manifests())
        {
            for (var index = 0; index < manifest.RunIds.Count; index++)
            {
                if (!places.TryGetValue(manifest.RunIds[index], out var of))
                {
                    places.Add(manifest.RunIds[index], of = []);
                }

                of.Add((manifest.BatchId, index));
            }
        }

        return places;
    }
}
