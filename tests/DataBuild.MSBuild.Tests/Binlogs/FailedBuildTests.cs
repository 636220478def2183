using DataBuild.V1;
using Microsoft.Build.Logging.StructuredLogger;
using LoggedTask = Microsoft.Build.Logging.StructuredLogger.Task;

namespace DataBuild.MSBuild.Tests.Binlogs;

/// <summary>What a build did, why, and what failed is in its binary log, and told from there when all else is gone.</summary>
public sealed class FailedBuildTests
{
    [Fact]
    public void A_failed_build_is_told_from_its_binary_log_when_project_data_and_log_are_gone()
    {
        using var sandbox = new Sandbox(name: "weather", parent: "/a b/Wetter für alle", engine: Sandbox.Known("Engine"));
        Weather.Write(sandbox, "", "weather");
        sandbox.Dotnet("build", "-tl:off").Succeeded();
        sandbox.Write("raw/2001-01-01.csv", "1 and more\n");
        sandbox.Write("raw/2001-01-03.csv", "bad\n");
        string binlog = Path.Combine(Directory.CreateTempSubdirectory("binlog").FullName, "build.binlog");

        sandbox.Dotnet("build", "-tl:off", "-bl:" + binlog).Failed();

        CheckStructure(sandbox, BinaryLog.ReadBuild(binlog));
        foreach (string folder in Directory.GetDirectories(sandbox.Root))
        {
            Directory.Delete(folder, recursive: true);
        }

        File.Delete(sandbox.PathOf(sandbox.Project));
        CheckReport(sandbox, sandbox.BinlogReport(binlog));
        CheckWords(sandbox, binlog);
        Directory.Delete(Path.GetDirectoryName(binlog)!, recursive: true);
    }

    /// <summary>As the Structured Log Viewer shows it.</summary>
    private static void CheckStructure(Sandbox sandbox, Build build)
    {
        var mirror = Assert.Single(build.FindChildrenRecursive<Project>(node => node.Name == "weather.jobs.proj"));
        var targets = mirror.FindChildrenRecursive<Target>();
        Assert.Equal(
            ["daily: daily/2001-01-01 Succeeded", "daily: daily/2001-01-03 Failed", "plan, result and logs", "weekly: weekly/2001-01-01 Succeeded"],
            targets.Select(target => target.Name).Order(StringComparer.Ordinal));

        var task = Assert.Single(targets.Single(target => target.Name.Contains("01-01 Succeeded", StringComparison.Ordinal) && target.Name.StartsWith("daily", StringComparison.Ordinal)).FindChildrenRecursive<LoggedTask>());
        Assert.Equal("sh jobs/daily.sh daily/2001-01-01", task.CommandLineArguments);
        var facts = task.FindChildrenRecursive<Message>().Select(message => message.Text).ToList();
        Assert.Contains(facts, fact => fact.StartsWith("daily: Succeeded, exit 0, ", StringComparison.Ordinal) && fact.Contains("attempt 1", StringComparison.Ordinal));
        Assert.Contains(facts, fact => fact.StartsWith("started: 20", StringComparison.Ordinal));
        Assert.Contains(facts, fact => fact.StartsWith("reason: InputChanged, ref raw/2001-01-01, was ", StringComparison.Ordinal) && fact.Contains(", now ", StringComparison.Ordinal));
        Assert.Matches("^read: raw/2001-01-01, content [0-9a-f]{32}, was [0-9a-f]{32}$", Assert.Single(facts, fact => fact.StartsWith("read:", StringComparison.Ordinal)));
        Assert.Contains("said: jobs/daily.sh(7,3): Warning X1: a strange value", facts);
        Assert.Contains(facts, fact => fact.StartsWith("log: " + sandbox.PathOf(".databuild/runs/"), StringComparison.Ordinal));

        // Two runs gave the same warning about the same place: it is one, under the task that ran them.
        var warning = Assert.Single(build.FindChildrenRecursive<Warning>());
        Assert.Equal(("X1", sandbox.PathOf("jobs/daily.sh"), 7, 3), (warning.Code, warning.File, warning.LineNumber, warning.ColumnNumber));
        Assert.Equal("DataBuild.Tasks.RunEngine", warning.GetNearestParent<LoggedTask>().Name);

        var names = build.SourceFiles.Select(file => file.FullPath).Where(path => path.Contains("/databuild/binlog/", StringComparison.Ordinal)).Select(Path.GetFileName).ToList();
        Assert.All((string[])["plan.json", "result.json", "graph.json", "request.json", "runs.jsonl"], name => Assert.Single(names, name));
        Assert.Single(names, name => name!.EndsWith(".stderr.log", StringComparison.Ordinal));
    }

    private static void CheckReport(Sandbox sandbox, BinlogReport report)
    {
        Assert.True(report.Complete);
        Assert.False(report.Succeeded);
        var call = Assert.Single(report.Calls);
        Assert.Equal((sandbox.PathOf("weather.dbproj"), "weather", BuildOutcome.Failed, 3L, 0L), (call.Project, call.Name, call.Result.Outcome, call.RunsHeld, call.RunsMissing));
        Assert.Equal(EngineMode.Build, call.Request.Mode);
        Assert.Equal(["DBLD4010", "X1"], call.Diagnostics.Select(diagnostic => diagnostic.Code).Order(StringComparer.Ordinal));
        var failed = Assert.Single(call.Runs, run => run.Run.State == "Failed");
        Assert.Equal(3, failed.Run.ExitCode);
        Assert.Equal("a bad value on 2001-01-03\n", failed.Stderr);
        Assert.Equal(ReasonKind.InputChanged, Assert.Single(failed.Run.Reasons).Kind);
        Assert.NotEqual("", Assert.Single(failed.Run.Inputs).Was);
        Assert.All(call.Runs.Where(run => run.Run.State != "Failed"), run => Assert.Equal("", run.Stdout + run.Stderr));
    }

    private static void CheckWords(Sandbox sandbox, string binlog)
    {
        sandbox.Binlog(binlog).Succeeded()
            .Says("weather: 2 built, 1 failed, 1 blocked, 3 runs").Says("Failed, exit 3").Says("why      raw/2001-01-03 changed").Says("    a bad value on 2001-01-03\n")
            .Says("error DBLD4010").Says("jobs/daily.sh(7,3): a strange value").DoesNotSay("DBLD2154");
        sandbox.Binlog(binlog, "--failed").Succeeded().Says("1 of 3 runs").DoesNotSay("2001-01-01:");
        sandbox.Binlog(binlog, "--job", "weekly").Succeeded().Says("1 of 3 runs").DoesNotSay("a bad value on 2001-01-03\n");
        sandbox.Binlog(binlog, "--ref", "*/2001-01-01").Succeeded().Says("2 of 3 runs");
        sandbox.Binlog(binlog, "--ref", "nothing/*").Succeeded().Says("none of its 3 runs is like that");
    }
}
