using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
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

    private static GraphLookup Graph(params string[] wants)
    {
        var document = new GraphDocument { Name = "calendar" };
        document.Jobs.Add(new JobDefinition { Label = "day", Command = "true" });
        document.Partitions.Add(new PartitionDefinition { Pattern = "day/{date}", Job = "day" });
        document.Wants.AddRange(wants.Select(want => new WantDefinition { Partitions = want }));
        return GraphCompiler.Compile(document).Graph!;
    }
}
