using DataBuild.Engine.Graph;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>All facts of one run, from its events; its output from its files.</summary>
public sealed class RunQuery
{
    /// <summary>How far back the registration of the graph that a run was queued under is looked for.</summary>
    private const int MostEventsForCommand = 200_000;

    /// <summary>How far a chain of retries is followed in each direction.</summary>
    private const int MostEventsForAttempts = 200_000;

    private readonly LogView view;
    private readonly RunEvents run;

    /// <param name="view">The log.</param>
    /// <param name="written">The run's id, or its beginning or end.</param>
    public RunQuery(LogView view, string written)
    {
        this.view = view;
        run = RunFinder.Find(view, written);
    }

    public string RunId => run.Queue.RunId;

    /// <summary>The event that queued it.</summary>
    public ulong QueuedAt => run.Queued.Offset;

    /// <summary>Where its output is or will be.</summary>
    public string OutputFolder => Path.Combine(view.Place.StateDirectory, run.End is { Log.Length: > 0 } end ? end.Log : Path.Combine("runs", RunId));

    /// <param name="most">Elements a list.</param>
    /// <param name="outputBytes">Bytes of the end of each stream.</param>
    public RunDetails Answer(int most, long outputBytes)
    {
        var report = new RunDetails
        {
            Run = run.Row(view.Place),
            JobFingerprint = Convert.ToHexStringLower(run.Queue.JobFingerprint.Span),
            Term = run.Queue.Term,
            Pid = run.Started?.JobRunHeartbeat.Pid ?? 0,
            Host = run.Started?.JobRunHeartbeat.Host ?? "",
            Stdout = RunOutputs.Read(view.Place, OutputFolder, "stdout.log", outputBytes),
            Stderr = RunOutputs.Read(view.Place, OutputFolder, "stderr.log", outputBytes),
            OutputGone = view.Place.WhyGone(run.End?.Log ?? ""),
            EngineLives = run.Ended is null && Writer.Of(view.Place.Log) is not null,
        };
        report.LeftOff += Put(report.Refs, Refs(), most);
        report.LeftOff += Put(report.Reads, run.End is { } end ? end.Reads.Concat(end.Outcomes.SelectMany(outcome => outcome.Reads)).Distinct() : run.Queue.Inputs, most);
        report.LeftOff += Put(report.FileReads, run.End is { } ended ? ended.FileReads.Concat(ended.Outcomes.SelectMany(outcome => outcome.FileReads)).Distinct() : [], most);
        report.LeftOff += Put(report.WantIds, run.Queue.WantIds, most);
        report.Unasked.AddRange(run.End?.Unasked ?? []);
        report.Command.AddRange(Command());
        report.Attempts.AddRange(Attempts());
        return report;
    }

    private static long Put<T>(Google.Protobuf.Collections.RepeatedField<T> to, IEnumerable<T> items, int most)
    {
        long left = 0;
        foreach (var item in items)
        {
            if (to.Count < most)
            {
                to.Add(item);
            }
            else
            {
                left++;
            }
        }

        return left;
    }

    private IEnumerable<RunRef> Refs()
    {
        var outcomes = (run.End?.Outcomes ?? []).ToDictionary(outcome => outcome.Ref, StringComparer.Ordinal);
        foreach (var partition in run.Queue.Partitions)
        {
            var row = new RunRef { Ref = partition.Ref, Attempt = partition.Attempt, Text = partition.Reason?.ToText() ?? "" };
            if (outcomes.GetValueOrDefault(partition.Ref) is { } outcome)
            {
                row.Outcome = outcome.OutcomeCase.ToString().ToLowerInvariant();
                row.Size = outcome.Done?.Size ?? 0;
                row.Code = outcome.Failed?.Code ?? "";
                row.Message = outcome.Failed?.Message ?? "";
                row.Missed.AddRange(outcome.Missed?.Refs ?? []);
            }

            yield return row;
        }
    }

    private IEnumerable<string> Command()
    {
        foreach (var stored in Backwards.Read(view.Log, run.Queued.Offset).Take(MostEventsForCommand))
        {
            if (stored.Event.GraphRegister is { } registration)
            {
                return GraphCompiler.Compile(registration.Graph).Graph?.FindJob(run.Queue.Job)?.Command ?? [];
            }
        }

        return [];
    }

    /// <summary>Runs of the same job for the same refs, each with the number before or after: found by reading on from this one.</summary>
    private List<RunRow> Attempts()
    {
        var refs = run.Queue.Partitions.ToDictionary(partition => partition.Ref, partition => partition.Attempt, StringComparer.Ordinal);
        var before = new List<RunEvents>();
        if (refs.Values.Max() > 1)
        {
            // From this run's beginning on all runs before it have ended or never will.
            uint earliest = refs.Values.Max();
            foreach (var other in RunEvents.Newest(Backwards.Read(view.Log, run.Queued.Offset - 1).Take(MostEventsForAttempts)))
            {
                if (Shares(other.Queue, refs, attempt => attempt < earliest))
                {
                    before.Add(other);
                    earliest = other.Queue.Partitions.Max(partition => partition.Attempt);
                    if (earliest <= 1)
                    {
                        break;
                    }
                }
            }
        }

        var after = run.State is "Failed" or "MissedDeps" ? Later(refs) : [];
        return before.Count + after.Count == 0 ? [] : [.. before.AsEnumerable().Reverse().Append(run).Concat(after).Select(each => each.Row(view.Place))];
    }

    private List<RunEvents> Later(Dictionary<string, uint> refs)
    {
        uint latest = refs.Values.Max();
        var queued = new List<StoredEvent>();
        var window = view.Log.Read(run.Ended!.Value.Offset + 1, limit: MostEventsForAttempts).ToList();
        foreach (var stored in window)
        {
            if (stored.Event.JobRunQueue is { } queue && Shares(queue, refs, attempt => attempt > latest))
            {
                queued.Add(stored);
                latest = queue.Partitions.Max(partition => partition.Attempt);
            }
            else if (stored.Event.JobRunQueue is { } anew && Shares(anew, refs, attempt => attempt == 1))
            {
                // Another chain.
                break;
            }
        }

        var ids = queued.Select(stored => stored.Event.JobRunQueue.RunId).ToHashSet(StringComparer.Ordinal);
        return [.. RunEvents.Newest(window.AsEnumerable().Reverse()).Where(each => ids.Contains(each.Queue.RunId)).Reverse()];
    }

    private bool Shares(JobRunQueueEventV1 other, Dictionary<string, uint> refs, Func<uint, bool> attempt) =>
        other.Job == run.Queue.Job && other.Partitions.Any(partition => refs.ContainsKey(partition.Ref) && attempt(partition.Attempt));
}
