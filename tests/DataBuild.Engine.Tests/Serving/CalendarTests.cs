using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>When a service finds wants anew.</summary>
public sealed class CalendarTests
{
    [Fact]
    public void Relative_wants_are_due_at_midnight_of_the_zone_and_others_never()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var calendar = new WantCalendar(Graph("day/{today}", "day/2001-01-01"), berlin);
        var noon = new DateTimeOffset(2001, 3, 24, 12, 0, 0, TimeSpan.Zero);

        var midnight = calendar.After(noon);
        Assert.Equal(new DateTimeOffset(2001, 3, 24, 23, 0, 0, TimeSpan.Zero), midnight);

        // Summer time begins in the night: the next day is an hour shorter.
        Assert.Equal(new DateTimeOffset(2001, 3, 25, 22, 0, 0, TimeSpan.Zero), calendar.After(midnight!.Value));
        Assert.Null(new WantCalendar(Graph("day/2001-01-01"), berlin).After(noon));
    }

    [Fact]
    public void A_want_with_a_schedule_is_due_at_its_instants_alone()
    {
        var graph = Graph("day/{today}", "day/{today-1d}");
        graph.Wants[1].Definition.Schedule = "30 6 * * 1";
        var calendar = new WantCalendar(graph, TimeZoneInfo.Utc);
        var sunday = new DateTimeOffset(2001, 4, 1, 12, 0, 0, TimeSpan.Zero);
        var monday = new DateTimeOffset(2001, 4, 2, 6, 30, 0, TimeSpan.Zero);

        Assert.Equal(monday, calendar.After(monday.AddHours(-1)));
        Assert.Equal([0], calendar.Due(sunday, monday.AddMinutes(-1)));
        Assert.Equal([0, 1], calendar.Due(sunday, monday).Order());
        Assert.Equal([1], calendar.Due(monday.AddHours(-1), monday));
    }

    [Theory]
    [InlineData("daily")]
    [InlineData("0 6 * *")]
    [InlineData("61 6 * * *")]
    public void What_is_no_schedule_is_refused_with_the_want(string schedule)
    {
        var graph = Graph("day/{today}");
        graph.Wants[0].Definition.Schedule = schedule;
        var refused = Assert.Throws<DataBuildException>(() => Schedules.Check(graph));
        Assert.Equal(Rules.BadSchedule, refused.Rule);
        Assert.Contains($"'{schedule}' is no schedule", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2001-03-22", "day/{2001-03-23..2001-03-26}", "2001-03-23 23:00, 2001-03-24 23:00, 2001-03-25 22:00, 2001-03-26 22:00")]
    [InlineData("2001-10-25", "day/{2001-10-26..2001-10-29}", "2001-10-26 22:00, 2001-10-27 22:00, 2001-10-28 23:00, 2001-10-29 23:00")]
    public async Task A_day_ends_at_midnight_by_the_clocks_of_that_day_however_far_from_it_the_service_began(string began, string days, string ends)
    {
        var start = DateTimeOffset.Parse(began + " 12:00Z", CultureInfo.InvariantCulture);
        using var world = new World(start);
        world.Graph.TimeZone = "Europe/Berlin";
        world.Graph.Jobs.Add(new JobDefinition { Label = "day", Command = "true", Retries = "0" });
        world.Graph.Partitions.Add(new PartitionDefinition { Pattern = "day/{date}", Job = "day" });
        world.Graph.Wants.Add(new WantDefinition { Partitions = days, Sla = "2h" });
        world.Job = (_, _, _) => "no luck";

        await world.ServeUntilAsync(start.AddDays(6));

        var expected = ends.Split(", ").Select(end => DateTimeOffset.Parse(end + "Z", CultureInfo.InvariantCulture)).ToList();
        var events = world.Events();
        Assert.Equal(expected, events.Where(stored => stored.Event.JobRunQueue is not null).Select(stored => stored.Event.Timestamp.ToDateTimeOffset()));
        Assert.Equal(
            expected.ConvertAll(end => end.AddHours(2).AddTicks(1)),
            events.Where(stored => stored.Event.WantTime?.DeadlineMissed is not null).Select(stored => stored.Event.Timestamp.ToDateTimeOffset()));
    }

    [Theory]
    [InlineData("2001-03-25 01:59", "2001-03-25 00:59")]
    [InlineData("2001-03-25 02:30", "2001-03-25 01:00")]
    [InlineData("2001-03-25 03:00", "2001-03-25 01:00")]
    [InlineData("2001-10-28 02:30", "2001-10-28 00:30")]
    [InlineData("2001-10-28 03:00", "2001-10-28 02:00")]
    [InlineData("0001-01-01 00:00", "0001-01-01 00:00")]
    public void A_time_that_clocks_skip_is_when_they_do_and_one_that_comes_twice_is_the_first(string wall, string instant)
    {
        var found = Zones.InstantOf(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), DateTime.Parse(wall, CultureInfo.InvariantCulture));
        Assert.Equal(DateTimeOffset.Parse(instant + "Z", CultureInfo.InvariantCulture), found);
    }

    private static GraphLookup Graph(params string[] wants)
    {
        var document = new GraphDocument { Name = "calendar" };
        document.Jobs.Add(new JobDefinition { Label = "day", Command = "true" });
        document.Partitions.Add(new PartitionDefinition { Pattern = "day/{date}", Job = "day" });
        document.Wants.AddRange(wants.Select(want => new WantDefinition { Partitions = want }));
        return GraphCompiler.Compile(document).Graph!;
    }
}
