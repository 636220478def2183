using System.Globalization;
using DataBuild.Engine.Graph;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>
/// What a service holds after months: what the log's state knows of each partition there ever was, some hundred bytes, and nothing else that
/// grows. A longer run by DATABUILD_SOAK, in days.
/// </summary>
public sealed class MemoryTests
{
    private static readonly DateTimeOffset start = new(2001, 3, 1, 9, 30, 0, TimeSpan.Zero);

    /// <summary>Bytes for a ref that the log ever named: its name, its place in a table and its facts, in collections that grow by doubling.</summary>
    private const double MostBytesARef = 500;

    private const int RefsADay = 41;

    [Fact]
    public async Task It_grows_by_what_the_state_knows_of_each_partition_and_by_nothing_else()
    {
        int days = int.TryParse(Environment.GetEnvironmentVariable("DATABUILD_SOAK"), out int asked) ? asked : 160;
        using var world = new World(start) { Remembers = false };
        world.Graph.Sources.Add(new SourceDefinition { Pattern = "csv/{date}", Path = "csv/{date}.csv" });
        world.Graph.Jobs.Add(new JobDefinition { Label = "daily", Command = "true", BatchSize = "100" });
        world.Graph.Partitions.Add(new PartitionDefinition { Pattern = "daily/{date}/{n:int}", Job = "daily", Needs = "csv/{date}", Retention = "10d" });
        world.Graph.Wants.Add(new WantDefinition { Partitions = "daily/{today-3d..today-1d}/{1..40}", Sla = "6h" });
        world.Ask = request => request.RunLogAge = Duration.FromTimeSpan(TimeSpan.FromDays(10));
        for (int day = -4; day <= days; day++)
        {
            string date = start.Date.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            world.At(new DateTimeOffset(start.Date.AddDays(day), TimeSpan.Zero).AddHours(23), () => world.Write($"csv/{date}.csv", date));
        }

        var bytes = new Dictionary<int, long>();
        foreach (int day in (int[])[days / 4, days])
        {
            world.At(new DateTimeOffset(start.Date.AddDays(day), TimeSpan.Zero).AddHours(12), () => bytes[day] = GC.GetTotalMemory(forceFullCollection: true));
        }

        await world.ServeUntilAsync(new DateTimeOffset(start.Date.AddDays(days), TimeSpan.Zero).AddHours(13));

        double each = (bytes[days] - bytes[days / 4]) / (double)((days - (days / 4)) * RefsADay);
        Assert.True(each < MostBytesARef, string.Create(CultureInfo.InvariantCulture, $"{each:0} bytes a ref; {string.Join(", ", bytes.Select(pair => $"day {pair.Key}: {pair.Value:N0}"))}"));

        // Retention keeps what is there constant, and so is what is beside the data: logs of runs and folders that were emptied.
        Assert.InRange(Directory.GetDirectories(Path.Combine(world.Folder, ".databuild", "runs")).Length, 9, 12);
        Assert.InRange(Directory.GetFiles(world.DataRoot, "*", SearchOption.AllDirectories).Length, 40 * 3, 40 * 16);
    }
}
