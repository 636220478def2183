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
}
