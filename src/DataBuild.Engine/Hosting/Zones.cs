using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>The time zone that a graph's dates are in, from this machine's data.</summary>
internal static class Zones
{
    public static TimeZoneInfo Of(GraphLookup graph)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(graph.TimeZone);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new DataBuildException(
                Rules.UnknownTimeZone,
                $"there is no time zone '{graph.TimeZone}' on this machine; DataBuildTimeZone takes an IANA name such as Europe/Berlin",
                new Origin { Include = "DataBuildTimeZone" });
        }
    }

    /// <summary>
    /// The instant of a wall-clock time, by the offset that the zone has then and not by the present one. Of a time that comes twice it is the
    /// first; of one that the clock skips, the instant at which it does.
    /// </summary>
    public static DateTimeOffset InstantOf(TimeZoneInfo zone, DateTime wall)
    {
        for (int minutes = 0; zone.IsInvalidTime(wall) && minutes < 24 * 60; minutes++)
        {
            wall = wall.AddMinutes(1);
        }

        // The offset before the change is the greater one.
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(Math.Clamp(wall.Ticks - offset.Ticks, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }
}
