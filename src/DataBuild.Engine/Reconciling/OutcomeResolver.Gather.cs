using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Reconciling;

/// <summary>First half: what the job said, gathered ref by ref. Nothing is decided here.</summary>
public sealed partial class OutcomeResolver
{
    private void Gather(
        RunFacts run, List<RunOutcome> outcomes, RunReturn returned, IReadOnlyDictionary<string, FileReadFact> fileReads, RunResult result)
    {
        if (returned.Refused.Count > 0)
        {
            foreach (var outcome in outcomes)
            {
                outcome.Refused = returned.Refused.GetValueOrDefault(outcome.Ref);
                outcome.Later = outcome.Refused is null ? new RetryAfter() : null;
            }

            return;
        }

        var byRef = outcomes.ToDictionary(outcome => outcome.Ref, StringComparer.Ordinal);
        foreach (var message in returned.Messages)
        {
            var concerned = Concerned(message, outcomes, byRef);
            switch (message.MessageCase)
            {
                case JobMessage.MessageOneofCase.PartitionDone:
                    concerned.ForEach(outcome => outcome.Done = message.PartitionDone);
                    break;
                case JobMessage.MessageOneofCase.PartitionFailed:
                    concerned.ForEach(outcome => outcome.Failed = message.PartitionFailed);
                    break;
                case JobMessage.MessageOneofCase.RetryAfter:
                    concerned.ForEach(outcome => outcome.Later = message.RetryAfter);
                    break;
                case JobMessage.MessageOneofCase.ReadDeps:
                    foreach (string @ref in message.ReadDeps.Refs.SelectMany(text => Expand(text) ?? [text]))
                    {
                        if (state.Graph!.Find(@ref) is null)
                        {
                            Warn(result, Rules.ReadUnknown, $"job {run.Job} reported reading '{@ref}', which nothing in the project answers to; it is not recorded");
                            continue;
                        }

                        concerned.ForEach(outcome => outcome.Reads.Add(@ref));
                    }

                    break;
                case JobMessage.MessageOneofCase.ReadFiles:
                    // Nobody looked at them where the run left what cannot be taken: it fails, and its reads are of no account.
                    foreach (string path in message.ReadFiles.Paths.Where(fileReads.ContainsKey))
                    {
                        concerned.ForEach(outcome => outcome.Files.Add(fileReads[path]));
                    }

                    break;
            }
        }

        // Misses come last: those without names are of the refs that have no other outcome, in whatever order the job spoke.
        foreach (bool named in (ReadOnlySpan<bool>)[true, false])
        {
            var silent = outcomes.Where(outcome => outcome is { IsExplicit: false, HasMissed: false }).ToList();
            foreach (var message in returned.Messages.Where(message => message.MissingDeps is not null && message.For.Count > 0 == named))
            {
                foreach (string text in message.MissingDeps.Refs)
                {
                    Miss(run, named ? Concerned(message, outcomes, byRef) : silent, text, isSure: named || outcomes.Count == 1);
                }
            }
        }
    }

    private static List<RunOutcome> Concerned(JobMessage message, List<RunOutcome> outcomes, Dictionary<string, RunOutcome> byRef) =>
        message.For.Count == 0 ? outcomes : [.. message.For.Distinct().Where(byRef.ContainsKey).Select(@ref => byRef[@ref])];

    /// <param name="run">The run.</param>
    /// <param name="lacking">Who lacks it.</param>
    /// <param name="text">What, as reported.</param>
    /// <param name="isSure">Each of them does; else, of a batch, at least one.</param>
    private void Miss(RunFacts run, List<RunOutcome> lacking, string text, bool isSure)
    {
        if (Expand(text) is not { } refs)
        {
            Fault(lacking, Rules.MissingWithoutProducer, state.Graph!.NoProducerText(text, $"reported missing by job {run.Job}"));
            return;
        }

        foreach (string missed in refs)
        {
            if (state.Graph!.Find(missed) is not { } family)
            {
                Fault(lacking, Rules.MissingWithoutProducer, state.Graph.NoProducerText(missed, $"reported missing by job {run.Job}"));
                continue;
            }

            // One that the run was not queued with may be gone without anybody having looked: it is looked at first, and given to
            // the next run.
            bool wasGiven = state.Refs.TryGet(missed, out int id) && run.Inputs.Any(input => input.Ref == id);
            if (wasGiven && state[id] is { IsLive: true } fact && fact.Offset <= run.QueuedAt)
            {
                string what = family.IsSource ? "source" : "partition";
                Fault(lacking, Rules.NoProgress, $"job {run.Job} reported {what} {missed} as missing, which was there from before its start to its end");
                continue;
            }

            foreach (var outcome in lacking)
            {
                outcome.HasMissed = true;
                if (missed == outcome.Ref && isSure)
                {
                    outcome.Fault ??= (Rules.WaitsForItself, $"job {run.Job} reported {missed} as missing, which is what it was to make");
                }
                else if (missed != outcome.Ref)
                {
                    outcome.Missed.Add(missed);
                }
            }
        }
    }

    private static void Fault(List<RunOutcome> outcomes, DiagnosticRule rule, string text) =>
        outcomes.ForEach(outcome => outcome.Fault ??= (rule, text));

    /// <summary>A ref, or the refs of a set; null if it is neither.</summary>
    private IEnumerable<string>? Expand(string text)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
        {
            return [text];
        }

        return PartitionSet.TryParse([text], state.Graph!, today: null, origin: null, out _)?.Enumerate();
    }
}
