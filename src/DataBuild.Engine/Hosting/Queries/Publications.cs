using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>When live instances were published, and how large they are: said by the events that published them, which the fold names.</summary>
internal static class Publications
{
    /// <summary>Events between two that are asked for which are read over rather than beginning anew.</summary>
    private const ulong Gap = 100;

    public static void Fill(IBuildEventLog log, IReadOnlyList<(PartitionStatus Row, RefFacts Facts)> live)
    {
        foreach (var (row, facts) in live)
        {
            row.RunId = facts.LiveRun == Guid.Empty ? "" : facts.LiveRun.ToString("D");
            row.PublishedAt = facts.Offset;
            row.Content = facts.Content.ToString();
        }

        var byOffset = live.ToLookup(item => item.Facts.Offset, item => item.Row);
        foreach (var stored in Read(log, [.. byOffset.Select(group => group.Key).Order()]))
        {
            var sizes = stored.Event.JobRunSuccess?.End ?? stored.Event.JobRunFailure?.End ?? stored.Event.JobRunMissingDeps?.End;
            var done = (sizes?.Outcomes ?? []).Where(outcome => outcome.Done is not null).ToDictionary(outcome => outcome.Ref, outcome => outcome.Done, StringComparer.Ordinal);
            foreach (var row in byOffset[stored.Offset])
            {
                row.Published = stored.Event.Timestamp;
                row.Size = done.GetValueOrDefault(row.Ref)?.Size ?? 0;
            }
        }
    }

    private static IEnumerable<StoredEvent> Read(IBuildEventLog log, List<ulong> offsets)
    {
        for (int i = 0; i < offsets.Count;)
        {
            int end = i;
            while (end + 1 < offsets.Count && offsets[end + 1] - offsets[end] <= Gap)
            {
                end++;
            }

            int next = i;
            foreach (var stored in log.Read(offsets[i], limit: (int)(offsets[end] - offsets[i] + 1)))
            {
                if (stored.Offset == offsets[next])
                {
                    next++;
                    yield return stored;
                }
            }

            i = end + 1;
        }
    }
}
