using System.Globalization;

namespace Flights;

/// <summary>Where an airport is.</summary>
sealed record Airport(string Iata, string Name, string City, string State, decimal Latitude, decimal Longitude)
{
    public static IReadOnlyList<Airport> Read(string path) =>
        [.. CsvFile.Rows(path).Select(CsvFile.Columns).Select(columns => new Airport(
            columns[0], columns[1], columns[2], columns[3], Degrees(columns[5]), Degrees(columns[6])))];

    private static decimal Degrees(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
