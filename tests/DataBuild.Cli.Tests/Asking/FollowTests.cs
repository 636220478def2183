using System.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli.Tests.Asking;

public sealed class FollowTests
{
    [Fact]
    public void Events_are_told_as_they_are_appended_until_it_is_interrupted()
    {
        using var project = Project.Small();
        project.Build();
        ulong last = project.Ask("status", "--json").As<StatusReport>().Log.Events;
        using var tool = new RunningTool(project.Folder, "log", "--follow", "--json", "--since", $"{last}");
        Assert.Equal(last, Offset(tool.Line()));
        project.Build("raw/7");
        Assert.Equal(last + 1, Offset(tool.Line()));
        Assert.Equal(last + 2, Offset(tool.Line()));
        Assert.Equal(130, tool.Stop());
        Assert.Equal("", tool.Errors());
    }

    [Fact]
    public void A_filter_holds_for_what_comes()
    {
        using var project = Project.Small();
        project.Build();
        using var tool = new RunningTool(project.Folder, "log", "--follow", "--json", "--since", "1", "--ref", "raw/7", "--limit", "2");
        project.Build("raw/{7..8}");
        var told = new[] { tool.Line(), tool.Line() }.Select(line => LoggedEvent.Parser.ParseJson(line!).Event.EventCase);
        Assert.Equal([BuildEvent.EventOneofCase.WantCreate, BuildEvent.EventOneofCase.JobRunQueue], told);
        Assert.Null(tool.Line());
        Assert.Equal(0, tool.End());
    }

    [Fact]
    public void Who_waits_for_events_uses_no_processor()
    {
        using var project = Project.Small();
        project.Build();
        using var tool = new RunningTool(project.Folder, "log", "--follow", "--json", "--since", "1", "--ref", "raw/7");
        project.Build("raw/7");
        Assert.NotNull(tool.Line());

        // It has started; what it does from here on is waiting, while others write and then while nobody does.
        using var other = new RunningTool(project.Folder, "log", "--follow");
        project.Build("raw/8");
        // What was just run is still being compiled in the background for a while.
        Assert.Contains(Enumerable.Range(0, 10), _ =>
        {
            var before = tool.ProcessorTime;
            Thread.Sleep(TimeSpan.FromSeconds(1));
            return tool.ProcessorTime - before < TimeSpan.FromMilliseconds(50);
        });
    }

    [Fact]
    public void A_log_that_is_replaced_meanwhile_is_not_followed_into_another_history()
    {
        using var project = Project.Small();
        project.Build();
        project.Ask("log", "backup", "b.db").Succeeded();
        using var tool = new RunningTool(project.Folder, "log", "--follow", "--since", "1", "--ref", "report/1");
        Assert.NotNull(tool.Line());
        project.Ask("log", "restore", "b.db").Succeeded();
        while (tool.Line() is not null)
        {
            // What it had to tell before.
        }

        Assert.Equal(1, tool.End());
        Assert.Contains("DBLD6013", tool.Errors(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_run_writes_is_shown_while_it_runs()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/1");
        File.WriteAllText(Path.Combine(project.Folder, "write.sh"), "echo hello\nwhile [ ! -e ../go ] && [ ! -e go ]; do sleep 0.05; done\necho bye >&2\n" + Project.Writes);
        var build = Task.Run(() => project.Build());
        string? id = null;
        Assert.True(SpinWait.SpinUntil(() => File.Exists(project.Log) && (id = Running(project)) is not null, TimeSpan.FromSeconds(60)));
        using var tool = new RunningTool(project.Folder, "run", id!, "--follow");
        Assert.Equal("hello", tool.Line());
        File.WriteAllText(Path.Combine(project.Folder, "go"), "");
        Assert.Equal("bye", tool.Line());
        Assert.Contains("Succeeded", tool.Line(), StringComparison.Ordinal);
        Assert.Equal(0, tool.End());
        Assert.Equal(BuildOutcome.Built, (await build).Outcome);
    }

    [Fact]
    public void A_reader_that_ends_ends_a_long_listing_quietly()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{0..999999}");
        project.Build("raw/1");
        using var tool = new RunningTool(project.Folder, "partitions", "--full");
        Assert.NotNull(tool.Line());
        tool.StopReading();
        Assert.Equal(0, tool.End());
        Assert.Equal("", tool.Errors());
    }

    private static string? Running(Project project)
    {
        var answer = project.Ask("runs", "--json", "--state", "Running");
        return answer.ExitCode == 0 ? answer.As<RunsReport>().Runs.FirstOrDefault()?.RunId : null;
    }

    private static ulong Offset(string? line) => LoggedEvent.Parser.ParseJson(line!).Offset;
}
