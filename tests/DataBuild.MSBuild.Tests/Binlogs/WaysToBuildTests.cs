using DataBuild.V1;
using Microsoft.Build.Logging.StructuredLogger;

namespace DataBuild.MSBuild.Tests.Binlogs;

/// <summary>However MSBuild runs its tasks, and however many projects and targets there are, the log tells the same.</summary>
public sealed class WaysToBuildTests
{
    [Theory]
    [InlineData("MSBUILDFORCEALLTASKSOUTOFPROC", "-m:1")]
    [InlineData("", "-mt")]
    public void Tasks_in_another_process_lose_nothing_that_is_told(string variable, string option)
    {
        using var sandbox = new Sandbox(name: "weather", engine: Sandbox.Known("Engine"));
        Weather.Write(sandbox, "", "weather");
        sandbox.Write("raw/2001-01-03.csv", "bad\n");
        if (variable.Length > 0)
        {
            sandbox.EnvironmentVariables[variable] = "1";
        }

        sandbox.MSBuild("-restore", option, "-bl:out.binlog").Failed().Says("jobs/daily.sh(7,3): warning X1:").DoesNotSay("MSB5022").DoesNotSay("DBLD2150");

        var call = Assert.Single(sandbox.BinlogReport("out.binlog").Calls);
        Assert.Equal(5, call.Runs.Count);
        Assert.Equal("a bad value on 2001-01-03\n", Assert.Single(call.Runs, run => run.Run.State == "Failed").Stderr);
        Assert.Equal(["DBLD4010", "X1"], call.Diagnostics.Select(diagnostic => diagnostic.Code).Order(StringComparer.Ordinal));
        var build = BinaryLog.ReadBuild(sandbox.PathOf("out.binlog"));
        Assert.Equal(6, Assert.Single(build.FindChildrenRecursive<Project>(node => node.Name == "weather.jobs.proj")).FindChildrenRecursive<Target>().Count);
    }

    [Fact]
    public void Two_projects_of_a_solution_and_two_targets_of_one_project_are_told_apart()
    {
        using var sandbox = new Sandbox(name: "weather", engine: Sandbox.Known("Engine"));
        Weather.Write(sandbox, "north/", "north");
        Weather.Write(sandbox, "south/", "south");
        sandbox.Write("south/raw/2001-01-02.csv", "bad\n");
        sandbox.Write("all.slnx", """
            <Solution>
              <Project Path="north/north.dbproj" Type="9A19103F-16F7-4668-BE54-9A1E7A4F7556" />
              <Project Path="south/south.dbproj" Type="9A19103F-16F7-4668-BE54-9A1E7A4F7556" />
            </Solution>
            """);

        sandbox.Dotnet("build", "all.slnx", "-tl:off", "-m:8", "-p:DataBuildMode=run", "-bl:both.binlog").Failed();

        var calls = sandbox.BinlogReport("both.binlog").Calls.OrderBy(call => call.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(["north", "south"], calls.Select(call => call.Name));
        Assert.Equal([BuildOutcome.Built, BuildOutcome.Failed], calls.Select(call => call.Result.Outcome));
        Assert.Equal([6L, 5L], calls.Select(call => call.RunsHeld));
        Assert.Contains(calls[1].Diagnostics, diagnostic => diagnostic.Code == "DBLD4010");
        Assert.DoesNotContain(calls[0].Diagnostics, diagnostic => diagnostic.Code == "DBLD4010");
        sandbox.Binlog("both.binlog", "--failed").Succeeded().Says("north: 6 built").Says("none of its 6 runs is like that").Says("a bad value on 2001-01-02");

        sandbox.Dotnet("build", "north/north.dbproj", "-tl:off", "-t:daily;weekly", "-bl:targets.binlog").Succeeded();
        calls = [.. sandbox.BinlogReport("targets.binlog").Calls];
        Assert.Equal(["daily", "weekly"], calls.Select(call => Assert.Single(call.Request.Jobs)).Order(StringComparer.Ordinal));
        Assert.All(calls, call => Assert.Equal(BuildOutcome.UpToDate, call.Result.Outcome));
        Assert.Contains(BinaryLog.ReadBuild(sandbox.PathOf("targets.binlog")).FindChildrenRecursive<Message>(),
            message => message.Text.Contains("Skipping target \"weekly\"", StringComparison.Ordinal) && message.Text.Contains("up-to-date", StringComparison.Ordinal));
    }

    [Fact]
    public void Ten_thousand_runs_are_all_held_and_as_many_as_the_limit_says_are_targets()
    {
        using var sandbox = new Sandbox(engine: Sandbox.Known("FakeEngine"));
        sandbox.WriteProject("""<ItemGroup><Job Include="daily" Command="true" /></ItemGroup>""");
        sandbox.Write("engine.script", """
            #many-runs 10000
            {"result":{"outcome":"BUILD_OUTCOME_BUILT","summary":"done","runs":"10000"}}
            """);

        sandbox.MSBuild("-restore", "-bl:many.binlog").Succeeded();

        var call = Assert.Single(sandbox.BinlogReport("many.binlog", "--ref", "raw/9999").Calls);
        Assert.Equal((10_000L, 0L), (call.RunsHeld, call.RunsMissing));
        Assert.Equal("run-9999", Assert.Single(call.Runs).Run.RunId);
        Assert.Equal(2_000, BinaryLog.ReadBuild(sandbox.PathOf("many.binlog")).FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>(task => task.Name == "DataBuild.Tasks.ReportRun").Count);
        Assert.InRange(new FileInfo(sandbox.PathOf("many.binlog")).Length, 1, 3_000_000);
    }
}
