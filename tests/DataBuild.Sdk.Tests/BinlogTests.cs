using DataBuild.V1;
using Microsoft.Build.Logging.StructuredLogger;

namespace DataBuild.Sdk.Tests;

/// <summary>A binary log shows each run as a target, a job without work as a skipped one, and holds plan and result.</summary>
public sealed class BinlogTests
{
    [Fact]
    public void Runs_and_skips_are_targets_of_one_project_and_a_failed_run_is_one_error()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject("""
              <ItemGroup>
                <Job Include="ingest" Command="true" />
                <Job Include="daily" Command="true" />
              </ItemGroup>
            """);
        var plan = new EngineMessage { Plan = new PlanReport { WillRun = 3 } };
        sandbox.Script(
            plan,
            Say.Run("ingest", "Succeeded", 0, "raw/2001-01-01;x", "raw/2001-01-02"),
            Say.Run("ingest", "Failed", 3, "raw/(2001)*$@%"),
            Say.Run("ingest", "Failed", 3, "raw/(2001)*$@%"),
            Say.Skip("daily", "84 partitions are up to date"),
            Say.Error("DBLD5001", "job ingest exit 3"),
            Say.Result(BuildOutcome.Failed));

        sandbox.MSBuild("-bl:first.binlog").Failed();

        var build = BinaryLog.ReadBuild(sandbox.PathOf("first.binlog"));
        var project = Assert.Single(build.FindChildrenRecursive<Project>(node => node.Name == "flights.jobs.proj"));
        var targets = project.FindChildrenRecursive<Target>();
        Assert.Equal(
            ["ingest: raw/2001-01-01_x +1 Succeeded", "ingest: raw/_2001_____ Failed", "ingest: raw/_2001_____ Failed #2", "daily", "plan, result and logs"],
            targets.Select(target => target.Name));

        var task = Assert.Single(targets[0].FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>());
        Assert.Equal("DataBuild.Tasks.ReportRun", task.Name);
        Assert.Equal("dotnet exec Jobs.dll ingest raw/2001-01-01;x raw/2001-01-02", task.CommandLineArguments);
        var refs = task.FindChildrenRecursive<Parameter>(parameter => parameter.Name == "Refs").Single();
        Assert.Equal(["raw/2001-01-01;x", "raw/2001-01-02"], refs.Children.OfType<Item>().Select(item => item.Text));
        Assert.Contains(task.FindChildrenRecursive<Message>(), message => message.Text.Contains("Succeeded, exit 0, 1.234 s, attempt 1", StringComparison.Ordinal));
        Assert.Contains(task.FindChildrenRecursive<Message>(), message => message.Text == "read: csv/2001-01");

        Assert.Contains(build.FindChildrenRecursive<Message>(), message => message.Text.Contains("Skipping target \"daily\"", StringComparison.Ordinal)
            && message.Text.Contains("up-to-date", StringComparison.Ordinal));
        Assert.Contains(build.FindChildrenRecursive<Message>(), message => message.Text == "daily: nothing to do: 84 partitions are up to date");
        Assert.Equal("DBLD5001", Assert.Single(build.FindChildrenRecursive<Error>()).Code);

        var files = build.SourceFiles.Select(file => file.FullPath).ToList();
        Assert.Contains(sandbox.PathOf("obj/databuild/binlog/build/plan.json"), files);
        Assert.Contains(build.SourceFiles, file => file.FullPath == sandbox.PathOf("obj/databuild/binlog/build/result.json") && file.Text.Contains("FAILED", StringComparison.Ordinal));
    }

    [Fact]
    public void Runs_beyond_the_limit_are_one_structured_message_each_and_two_jobs_in_one_build_are_both_mirrored()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject("""<ItemGroup><Job Include="daily" Command="true" /><Job Include="weekly" Command="true" /></ItemGroup>""");
        sandbox.Script("#many-runs 5", Say.Result(BuildOutcome.Built));

        sandbox.MSBuild("-restore", "-t:daily;weekly", "-p:DataBuildMirrorLimit=2", "-bl:many.binlog").Succeeded();

        var build = BinaryLog.ReadBuild(sandbox.PathOf("many.binlog"));
        Assert.Equal(["Build daily", "Build weekly"], sandbox.Calls);
        Assert.Equal(
            ["flights.run.daily.jobs.proj", "flights.run.weekly.jobs.proj"],
            build.FindChildrenRecursive<Project>(node => node.Name.EndsWith(".jobs.proj", StringComparison.Ordinal)).Select(project => project.Name).Order(StringComparer.Ordinal));
        Assert.Equal(4, build.FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Task>(task => task.Name == "DataBuild.Tasks.ReportRun").Count);

        // Two assemblies have the type of these events, so it is told by its name.
        var refs = new List<string>();
        var reader = new BinLogReader();
        reader.AnyEventRaised += (_, raised) =>
        {
            if (raised.GetType().Name == "ExtendedBuildMessageEventArgs" && ((dynamic)raised).ExtendedType == "databuild.run")
            {
                refs.Add(((IDictionary<string, string>)((dynamic)raised).ExtendedMetadata)["refs"]);
            }
        };
        reader.Replay(sandbox.PathOf("many.binlog"));
        Assert.Equal(10, refs.Count);
        Assert.Equal(["raw/0", "raw/1", "raw/2", "raw/3", "raw/4"], refs.Distinct().Order());
    }
}
