using Cronos;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>The schedules of wants: five fields as cron has them, in the graph's time zone.</summary>
internal static class Schedules
{
    /// <summary>Every schedule has to make sense before anything is done.</summary>
    public static void Check(GraphLookup graph)
    {
        foreach (var want in graph.Wants.Where(want => want.Definition.Schedule.Length > 0))
        {
            Parse(want.Definition);
        }
    }

    public static CronExpression Parse(WantDefinition want) => CronExpression.TryParse(want.Schedule, out var schedule)
        ? schedule
        : throw new DataBuildException(
            Rules.BadSchedule,
            $"'{want.Schedule}' is no schedule (Schedule of the want for {want.Partitions}); write five fields, minute, hour, day of month, month and day of week, such as \"0 6 * * *\" for each day at 06:00",
            want.Origin);
}
