using DataBuild.Engine.Hosting;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>An engine after the power came back: what it said and what it left.</summary>
internal sealed class Recovery
{
    private readonly PowerProject project;
    private readonly IReadOnlyList<StoredEvent> recorded;
    private readonly List<string> wrong = [];

    private Recovery(PowerProject project, IReadOnlyList<StoredEvent> recorded)
    {
        this.project = project;
        this.recorded = recorded;
    }

    /// <summary>How many of the recorded events were there.</summary>
    public int Kept { get; private set; }

    /// <summary>Finished partitions that were found lost or changed.</summary>
    public int NotAsRecorded { get; private set; }

    /// <summary>Lets an engine build on what is in the project's folder; the complaints are empty if all that is promised held.</summary>
    public static (Recovery Recovery, IReadOnlyList<string> Wrong) Run(
        PowerProject project, IReadOnlyList<StoredEvent> recorded, ulong versionBegan, IReadOnlyDictionary<string, string> expected)
    {
        var recovery = new Recovery(project, recorded);
        recovery.Run(versionBegan, expected);
        return (recovery, recovery.wrong);
    }

    private void Run(ulong versionBegan, IReadOnlyDictionary<string, string> expected)
    {
        var messages = new List<EngineMessage>();
        var result = new BuildSession(project.Request(), messages.Add, TimeProvider.System).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        foreach (var diagnostic in result.Diagnostics.Where(diagnostic => diagnostic.Code is not ("DBLD4017" or "DBLD6015")))
        {
            wrong.Add($"{diagnostic.Code} {diagnostic.Text}");
        }

        if (result.Outcome is not (BuildOutcome.Built or BuildOutcome.UpToDate))
        {
            wrong.Add($"{result.Outcome}: {result.Summary}");
            return;
        }

        var found = project.Published();
        wrong.AddRange(expected.Where(one => found.GetValueOrDefault(one.Key) != one.Value).Select(one => $"{one.Key} is '{Short(found.GetValueOrDefault(one.Key))}', not '{Short(one.Value)}'"));
        wrong.AddRange(found.Keys.Except(expected.Keys).Select(path => $"left over: {path}"));
        wrong.AddRange(LogVerification.Verify(project.Log).Findings.Select(finding => finding.Text));
        using var log = SqliteBuildEventLog.OpenReader(project.Log);
        CheckHistory([.. log.Read(1)], versionBegan);
    }

    /// <summary>The log is a beginning of the recorded one and what this engine did: nothing that was finished is done again.</summary>
    private void CheckHistory(List<StoredEvent> events, ulong versionBegan)
    {
        Kept = events.Zip(recorded).TakeWhile(pair => pair.First.Event.Equals(pair.Second.Event)).Count();
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (offset, e) in events)
        {
            if ((int)offset > Kept)
            {
                NotAsRecorded += e.Observe?.Observations.Count(seen => !seen.Ref.StartsWith("in/", StringComparison.Ordinal)) ?? 0;
                wrong.AddRange((e.JobRunQueue?.Partitions ?? []).Where(partition => done.Contains(partition.Ref)).Select(partition => $"{partition.Ref} was finished and ran again"));
            }

            if (offset > versionBegan)
            {
                var end = e.JobRunSuccess?.End ?? e.JobRunMissingDeps?.End ?? e.JobRunFailure?.End;
                done.UnionWith((end?.Outcomes ?? []).Where(outcome => outcome.Done is not null).Select(outcome => outcome.Ref));
            }
        }
    }

    private static string Short(string? text) => text is null ? "absent" : text.Length <= 60 ? text.TrimEnd() : text[..60] + "...";
}
