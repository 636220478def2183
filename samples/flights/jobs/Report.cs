using System.Globalization;
using DataBuild.Jobs;

namespace Flights;

/// <summary>A month as one HTML page that needs nothing beside itself.</summary>
static class Report
{
    public static void Make(PartitionKey key, PartitionIO io)
    {
        // A trailing week is whole from the seventh day of the data on.
        DateOnly firstWeek = DateOnly.ParseExact(
            Environment.GetEnvironmentVariable("FLIGHTS_SINCE") ?? throw new PartitionFailedException("FLIGHTS_SINCE is not set: the first day of the data"),
            "yyyy-MM-dd", CultureInfo.InvariantCulture).AddDays(6);
        IReadOnlyList<DateOnly> days = key.Month().Days;
        List<DateOnly> ends = [.. days.Where(day => day >= firstWeek)];

        // The weeks first: making them makes the days, which are then there to be read.
        IReadOnlyList<string> weekly = io.Inputs(ends.Select(end => Ref.Of($"weekly/{end}")));
        IReadOnlyList<string> daily = io.Inputs("daily/{month.days}");
        IReadOnlyList<Airport> airports = Airport.Read(io.Input("airports"));

        OriginTable month = OriginTable.Read(daily);
        Dictionary<string, Airport> byCode = airports.ToDictionary(airport => airport.Iata, StringComparer.Ordinal);
        var figures = new Figures(
            key.Month(),
            month.Total,
            [.. days.Zip(daily, (day, path) => (day, OriginTable.Read(path).Total))],
            [.. ends.Zip(weekly, (end, path) => (end, OriginTable.Read(path).Total))],
            [.. month.Origins.Select(origin => (
                byCode.GetValueOrDefault(origin.Key) ?? throw new PartitionFailedException($"airports.csv has no '{origin.Key}'"),
                origin.Value))]);

        File.WriteAllText(io.Output(), Page.Render(figures, airports));
        io.Describe("flights", figures.Total.Flights);
        io.Describe("mean_delay_min", figures.Total.MeanMinutes);
    }
}
