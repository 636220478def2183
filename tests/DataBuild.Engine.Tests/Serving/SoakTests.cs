using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>Sixty days of a service: sources come each night, wants move with the calendar, and things go wrong as they do.</summary>
public sealed class SoakTests
{
    private const int Days = 60;

    private static readonly DateTimeOffset start = new(2001, 3, 1, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_day_is_there_by_its_deadline_or_its_lateness_is_explained()
    {
        using var world = new World(start);
        world.Graph.Sources.Add(new SourceDefinition { Pattern = "csv/{date}", Path = "csv/{date}.csv" });
        world.Graph.Jobs.Add(new JobDefinition { Label = "daily", Command = "sh daily.sh", Sources = { "daily.sh" } });
        world.Graph.Jobs.Add(new JobDefinition { Label = "flaky", Command = "sh flaky.sh", Retries = "3", RetryDelay = "10m" });
        world.Graph.Jobs.Add(new JobDefinition { Label = "report", Command = "sh report.sh" });
        world.Graph.Partitions.Add(new PartitionDefinition { Pattern = "daily/{date}", Job = "daily", Needs = "csv/{date}" });
        world.Graph.Partitions.Add(new PartitionDefinition { Pattern = "flaky/{date}", Job = "flaky", Needs = "daily/{date}" });
        world.Graph.Partitions.Add(new PartitionDefinition { Pattern = "report/{date}", Job = "report", Needs = "flaky/{date}" });
        world.Graph.Wants.Add(new WantDefinition { Partitions = "flaky/{today-7d..today}", Sla = "6h" });
        world.Graph.Wants.Add(new WantDefinition { Partitions = "report/{today-1d}", Schedule = "0 6 * * *" });
        foreach (string script in (string[])["daily.sh", "flaky.sh", "report.sh"])
        {
            world.Write(script, "exit 0");
        }

        // Two failures a day that heal by themselves.
        world.Job = (job, _, attempt) => job == "flaky" && attempt <= 2 ? "the upstream service is away" : null;
        for (int day = -7; day <= Days; day++)
        {
            // The data of a day comes at two in the night after it; that of day 40 comes eight hours late, after its deadline.
            string date = Date(day);
            var comes = Midnight(day + 1).AddHours(day == 40 ? 10 : 2);
            world.At(comes, () => world.Write($"csv/{date}.csv", date));
        }

        world.At(Midnight(20).AddHours(12), () => world.Write("daily.sh", "exit 0 # edited"));
        world.At(Midnight(30).AddHours(12), () => File.Delete(Path.Combine(world.DataRoot, "flaky", Date(29))));

        Assert.Equal(BuildOutcome.Canceled, await world.ServeUntilAsync(Midnight(Days)));

        var events = world.Events();
        var published = Published(events);
        var missed = events.Where(stored => stored.Event.WantTime?.DeadlineMissed is not null).SelectMany(stored => stored.Event.WantTime.DeadlineMissed.Expressions).ToList();
        for (int day = 0; day < Days - 1; day++)
        {
            var deadline = Midnight(day + 1).AddHours(6);
            var first = published[$"flaky/{Date(day)}"][0];
            Assert.True(first <= deadline || missed.Contains($"flaky/{Date(day)}"), $"{Date(day)} came at {first:u}, after {deadline:u}, and nobody said so");
        }

        // Only the one whose source was late was late, and it came as soon as its source was seen.
        Assert.Equal([$"flaky/{Date(40)}"], missed);
        Assert.InRange(published[$"flaky/{Date(40)}"][0], Midnight(41).AddHours(10), Midnight(41).AddHours(12));

        // The scheduled want moved at six, and not at midnight.
        for (int day = 1; day < Days - 2; day++)
        {
            Assert.Equal(6, published[$"report/{Date(day)}"][0].Hour is var hour && day == 40 ? 6 : hour);
        }

        // The edit made the last days anew, the lost file was made again within the hour; nothing else ran twice.
        Assert.Equal(2, published[$"daily/{Date(19)}"].Count);
        Assert.InRange(published[$"flaky/{Date(29)}"][^1], Midnight(30).AddHours(12), Midnight(30).AddHours(14));
        Assert.Single(published[$"daily/{Date(45)}"]);
        Assert.Single(published[$"flaky/{Date(45)}"]);

        // An idle service sleeps: some instants a day, not a tick.
        Assert.InRange(world.Waits, Days, Days * 24 * 12);
        Assert.DoesNotContain(world.Said, diagnostic => diagnostic.Severity == Severity.Error);
    }

    private static DateTimeOffset Midnight(int day) => new(start.Date.AddDays(day), TimeSpan.Zero);

    private static string Date(int day) => start.Date.AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, List<DateTimeOffset>> Published(IReadOnlyList<Ports.StoredEvent> events) => events
        .Where(stored => stored.Event.JobRunSuccess is not null)
        .SelectMany(stored => stored.Event.JobRunSuccess.End.Outcomes.Where(outcome => outcome.Done is not null).Select(outcome => (outcome.Ref, At: stored.Event.Timestamp.ToDateTimeOffset())))
        .GroupBy(made => made.Ref, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Select(made => made.At).ToList(), StringComparer.Ordinal);
}
