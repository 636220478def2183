using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Runs, newest first. The fold keeps only what is under way, so this reads the log from its end backwards, as far as the limit asks
/// for: twenty runs cost the same in a log of a thousand events and of a million.
/// </summary>
public sealed class RunsQuery(LogView view)
{
    /// <summary>A writer's clock may have been set back so much: events are ordered by offset and not by time.</summary>
    private static readonly TimeSpan clockSlack = TimeSpan.FromHours(1);

    /// <summary>Labels of jobs; all where empty.</summary>
    public IReadOnlyCollection<string> Jobs { get; init; } = [];

    /// <summary>States; all where empty.</summary>
    public IReadOnlyCollection<string> States { get; init; } = [];

    /// <summary>Names, globs and sets of refs, of which a run has one; all where empty.</summary>
    public IReadOnlyCollection<string> Refs { get; init; } = [];

    public LogInstant Since { get; init; } = LogInstant.Begin;

    /// <summary>Only runs that were queued before this event: those of an earlier page are passed over.</summary>
    public ulong Before { get; init; } = ulong.MaxValue;

    public RunsReport Answer(int limit)
    {
        var report = new RunsReport { Offset = view.Log.LastOffset };
        report.SearchedFrom = report.Offset + 1;
        var refs = new RefChoice(Refs);
        foreach (var run in RunEvents.Newest(Back(report)))
        {
            if (report.Runs.Count == limit)
            {
                return report;
            }

            if (Passes(run, refs))
            {
                report.Runs.Add(run.Row(view.Place));
            }
        }

        // What was not read is not asked for.
        report.SearchedFrom = 1;
        return report;
    }

    private IEnumerable<Ports.StoredEvent> Back(RunsReport report)
    {
        foreach (var stored in Backwards.Read(view.Log, report.Offset))
        {
            if (stored.Offset < Since.Offset || (Since.Time is { } time && stored.Event.Timestamp?.ToDateTimeOffset() < time - clockSlack))
            {
                yield break;
            }

            report.SearchedFrom = stored.Offset;
            yield return stored;
        }
    }

    private bool Passes(RunEvents run, RefChoice refs) =>
        run.Queued.Offset < Before
        && (Jobs.Count == 0 || Jobs.Contains(run.Queue.Job))
        && (States.Count == 0 || States.Contains(run.State, StringComparer.OrdinalIgnoreCase))
        && (Since.Time is not { } time || run.Queued.Event.Timestamp?.ToDateTimeOffset() >= time)
        && (refs.IsEmpty || run.Queue.Partitions.Any(partition => refs.Has(partition.Ref)));
}
