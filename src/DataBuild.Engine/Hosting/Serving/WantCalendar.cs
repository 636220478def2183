using Cronos;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// When a project's wants are to be found anew: at each midnight of the graph's time zone those whose ends are relative to today, and
/// at the instants of its schedule each want that has one.
/// </summary>
internal sealed class WantCalendar(GraphLookup graph, TimeZoneInfo zone)
{
    private readonly CronExpression?[] schedules = [.. graph.Wants.Select(want => want.Definition.Schedule.Length == 0 ? null : Schedules.Parse(want.Definition))];

    private (DateTimeOffset Instant, DateTimeOffset? First)? known;

    /// <summary>The first instant after this one at which something is due; null if nothing ever is. Asked in each turn of the loop, and found once.</summary>
    public DateTimeOffset? After(DateTimeOffset instant)
    {
        if (known is not { } found || found.Instant != instant)
        {
            known = found = (instant, FirstAfter(instant));
        }

        return found.First;
    }

    private DateTimeOffset? FirstAfter(DateTimeOffset instant)
    {
        DateTimeOffset? first = null;
        for (int i = 0; i < schedules.Length; i++)
        {
            var next = schedules[i] is { } schedule
                ? schedule.GetNextOccurrence(instant, zone)
                : IsRelative(graph.Wants[i]) ? MidnightAfter(instant) : null;
            first = first is null || next < first ? next ?? first : first;
        }

        return first;
    }

    /// <summary>Which wants are due after one instant and up to another: by their place in the graph.</summary>
    public HashSet<int> Due(DateTimeOffset after, DateTimeOffset upTo)
    {
        var due = new HashSet<int>();
        for (int i = 0; i < schedules.Length; i++)
        {
            bool isDue = schedules[i] is { } schedule ? schedule.GetNextOccurrence(after, zone) <= upTo : MidnightAfter(after) <= upTo;
            if (isDue)
            {
                due.Add(i);
            }
        }

        return due;
    }

    /// <summary>The first instant of the next day; where the clock skips midnight, the instant it skips to.</summary>
    private DateTimeOffset MidnightAfter(DateTimeOffset instant) => Zones.InstantOf(zone, TimeZoneInfo.ConvertTime(instant, zone).Date.AddDays(1));

    private static bool IsRelative(StandingWant want) => want.Definition.Partitions.Contains("today", StringComparison.Ordinal);
}
