using DataBuild.V1;

namespace DataBuild.Cli.Tests;

public sealed class LogTests
{
    [Fact]
    public void Events_are_told_one_a_line_in_order()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        string[] lines = project.Ask("log").Succeeded().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var logged = project.Ask("log", "--json").Succeeded().LinesAs<LoggedEvent>();
        Assert.Equal(lines.Length, logged.Count);
        Assert.Equal(Enumerable.Range(1, lines.Length).Select(offset => (ulong)offset), logged.Select(e => e.Offset));
        Assert.Contains("graph registered", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains("run failed", StringComparison.Ordinal) && line.Contains("raw/2", StringComparison.Ordinal));
    }

    [Fact]
    public void Filters_and_limits_choose_events()
    {
        using var project = Project.Small();
        project.Build();
        var about = project.Ask("log", "--json", "--ref", "report/*", "--job", "report").Succeeded().LinesAs<LoggedEvent>();
        Assert.NotEmpty(about);
        Assert.All(about.Where(e => e.Event.JobRunQueue is not null), e => Assert.Equal("report", e.Event.JobRunQueue.Job));
        string run = about.First(e => e.Event.JobRunQueue is not null).Event.JobRunQueue.RunId;
        var ofRun = project.Ask("log", "--json", "--run", run).Succeeded().LinesAs<LoggedEvent>();
        Assert.Equal(BuildEvent.EventOneofCase.JobRunSuccess, ofRun[^1].Event.EventCase);
        Assert.Equal([2ul, 3ul], project.Ask("log", "--json", "--since", "2", "--limit", "2").Succeeded().LinesAs<LoggedEvent>().Select(e => e.Offset));
        Assert.Equal("", project.Ask("log", "--ref", "nothing/**").Succeeded().Out);
    }

    [Fact]
    public void Long_lists_are_cut_unless_all_is_asked_for()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{1..150}");
        project.Build();
        var cut = project.Ask("log", "--json", "--job", "raw").Succeeded().LinesAs<LoggedEvent>().First(e => e.Event.JobRunQueue is not null);
        Assert.Equal((100, 50L), (cut.Event.JobRunQueue.Partitions.Count, cut.LeftOff));
        var whole = project.Ask("log", "--json", "--job", "raw", "--full").Succeeded().LinesAs<LoggedEvent>().First(e => e.Event.JobRunQueue is not null);
        Assert.Equal((150, 0L), (whole.Event.JobRunQueue.Partitions.Count, whole.LeftOff));
        Assert.DoesNotContain("raw/150", project.Ask("log").Out, StringComparison.Ordinal);
        Assert.Contains("raw/150", project.Ask("log", "--full").Out, StringComparison.Ordinal);
    }
}
