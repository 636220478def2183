using System.Globalization;
using System.IO.Compression;
using System.Text;
using DataBuild.Jobs;

namespace Flights;

/// <summary>A month's flights by day. A bad row spoils its own day and no other.</summary>
sealed class MonthFile
{
    private readonly Dictionary<DateOnly, List<string>> days = [];
    private readonly Dictionary<DateOnly, string> faults = [];
    private readonly string name;

    private MonthFile(string name) => this.name = name;

    public static MonthFile Read(string path)
    {
        var month = new MonthFile(Path.GetRelativePath(Environment.CurrentDirectory, path));
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        if (reader.ReadLine() is var header && header != Flight.Header)
        {
            throw new PartitionFailedException($"{month.name} line 1: '{header}' is not '{Flight.Header}'");
        }

        int number = 1;
        while (reader.ReadLine() is { } line)
        {
            month.Add(line, ++number);
        }

        return month;
    }

    /// <summary>The day's rows as they stand in the file.</summary>
    public IReadOnlyList<string> Flights(DateOnly day)
    {
        if (faults.TryGetValue(day, out string? fault))
        {
            throw new PartitionFailedException(fault);
        }

        return days.TryGetValue(day, out List<string>? lines)
            ? lines
            : throw new PartitionFailedException($"{name} has no flight on {day:yyyy-MM-dd}");
    }

    private void Add(string line, int number)
    {
        if (line.Length < 10 || !DateOnly.TryParseExact(line.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day))
        {
            throw new PartitionFailedException($"{name} line {number}: no date of departure in '{line}'");
        }

        if (!Flight.TryParse(line, out _, out string fault))
        {
            faults.TryAdd(day, $"{name} line {number}: {fault}");
        }

        if (!days.TryGetValue(day, out List<string>? lines))
        {
            days[day] = lines = [];
        }

        lines.Add(line);
    }
}
