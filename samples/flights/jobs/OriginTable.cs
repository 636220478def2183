using System.Globalization;

namespace Flights;

/// <summary>Delays by origin: the form of daily and weekly statistics alike.</summary>
sealed class OriginTable
{
    private const string Header = "origin,flights,late,delay_sum_min";

    private readonly SortedDictionary<string, Delays> origins = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, Delays>> Origins => origins;

    public Delays Total => origins.Values.Aggregate(default(Delays), (sum, delays) => sum + delays);

    /// <summary>The sum of the tables in the files.</summary>
    public static OriginTable Read(params IEnumerable<string> paths)
    {
        var table = new OriginTable();
        foreach (string row in paths.SelectMany(CsvFile.Rows))
        {
            string[] columns = row.Split(',');
            table.Add(columns[0], new Delays(Number(columns[1]), Number(columns[2]), Number(columns[3])));
        }

        return table;
    }

    public void Add(string origin, Delays delays) => origins[origin] = origins.GetValueOrDefault(origin) + delays;

    public void Write(string path) => CsvFile.Write(
        path, Header, origins.Select(origin => $"{origin.Key},{origin.Value.Flights},{origin.Value.Late},{origin.Value.Minutes}"));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
