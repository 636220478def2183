using DataBuild.Engine.Reconciling;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting;

/// <summary>A run that ended, for the build's caller: everything that a reader of the build's log asks about it.</summary>
internal static class RunReports
{
    private const int MostInputs = 1_000;

    /// <param name="state">As it was before the run's end is recorded: what its refs were made from before is still known.</param>
    public static RunReport Of(PlannedRun run, RunReturn returned, RunResult result, string stateOfRun, BuildState state)
    {
        var partitions = run.Queue.Partitions;
        var report = new RunReport
        {
            RunId = returned.RunId,
            Job = run.Job.Label,
            State = stateOfRun,
            Reason = partitions[0].Reason.ToText(),
            Attempt = partitions.Max(partition => partition.Attempt),
            Duration = Duration.FromTimeSpan(returned.Duration),
            Log = returned.LogDirectory,
            Signal = returned.Signal,
        };
        report.Refs.AddRange(partitions.Select(partition => partition.Ref));
        report.Reasons.AddRange(partitions.All(partition => partition.Reason.Equals(partitions[0].Reason)) ? [partitions[0].Reason] : partitions.Select(partition => partition.Reason));
        report.CommandLine.AddRange(returned.CommandLine);
        report.Diagnostics.AddRange(returned.JobDiagnostics);
        if (returned.Started != default)
        {
            report.Started = Timestamp.FromDateTimeOffset(returned.Started);
        }

        if (returned.ExitCode is { } exitCode)
        {
            report.ExitCode = exitCode;
        }

        var end = EndOf(result);
        report.Problem = end?.Outcomes.FirstOrDefault(outcome => outcome.Failed is not null)?.Failed.Message ?? "";
        AddInputs(report, run, end, state);
        return report;
    }

    private static RunEnd? EndOf(RunResult result) =>
        result.Events.Select(e => e.RunEnd()).FirstOrDefault(end => end is not null);

    private static void AddInputs(RunReport report, PlannedRun run, RunEnd? end, BuildState state)
    {
        var before = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
        foreach (var partition in run.Queue.Partitions)
        {
            if (state.Refs.TryGet(partition.Ref, out int id))
            {
                foreach (var read in state[id].Reads ?? [])
                {
                    before.TryAdd(state.Refs[read.Ref], read.Content);
                }

                foreach (var file in state.FileReadsOf(id))
                {
                    before.TryAdd(file.Path, file.Content);
                }
            }
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, content) in Inputs(run, end).Where(input => seen.Add(input.Name)))
        {
            if (report.Inputs.Count == MostInputs)
            {
                report.InputsLeftOut++;
                continue;
            }

            var input = new ReportedRead { Ref = name, Content = Hex(content) };
            if (before.TryGetValue(name, out var was) && Hex(was) is var then && then != input.Content)
            {
                input.Was = then;
            }

            report.Inputs.Add(input);
            report.Reads.Add(name);
        }
    }

    /// <summary>Of a run whose end names none, those that it was known to need.</summary>
    private static IEnumerable<(string Name, Fingerprint Content)> Inputs(PlannedRun run, RunEnd? end)
    {
        var reads = end is null ? [] : end.Reads.Concat(end.Outcomes.SelectMany(outcome => outcome.Reads)).Select(Named).ToList();
        var files = end is null ? [] : end.FileReads.Concat(end.Outcomes.SelectMany(outcome => outcome.FileReads));
        return (reads.Count == 0 ? run.Queue.Inputs.Select(Named) : reads).Concat(files.Select(file => (file.Path, Fingerprint.From(file.ContentFingerprint))));
    }

    private static (string Name, Fingerprint Content) Named(Read read) => (read.Ref, Fingerprint.From(read.ContentFingerprint));

    private static string Hex(Fingerprint content) => content.IsNone ? "" : content.ToString();
}
