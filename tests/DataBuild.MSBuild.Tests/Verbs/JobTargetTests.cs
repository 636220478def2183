namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>A target a job: listed, run by name, skipped in MSBuild's own words when there is nothing to do, and imported only when it changed.</summary>
public sealed class JobTargetTests
{
    private const string Generated = "obj/pages.dbproj.databuild.g.targets";

    [Fact]
    public void A_job_is_a_target_that_builds_what_it_makes_and_what_that_needs()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("build", "-t:split").Succeeded();
        Assert.Equal(["word/1", "word/2"], sandbox.Made());
        Assert.False(Directory.Exists(sandbox.PathOf("data/page")));

        var targets = sandbox.Dotnet("build", "--no-restore", "-targets").Succeeded().Output.Split('\n').Select(line => line.Trim()).ToList();
        Assert.Contains("split", targets);
        Assert.Contains("page", targets);

        // What the second job needs is there: its own two refs are all there is to do, and the first one is skipped as any target is.
        sandbox.Dotnet("build", "--no-restore", "-t:page", "-v:n", "-tl:off").Succeeded()
            .Says("Skipping target \"split\" because all output files are up-to-date with respect to the input files.")
            .Says("split: nothing to do: 2 partitions up to date")
            .DoesNotSay("Skipping target \"page\"");
        Assert.Equal(["page/1.txt", "page/2.txt"], sandbox.Made());

        sandbox.Dotnet("build", "--no-restore", "-t:page", "-v:n", "-tl:off").Succeeded()
            .Says("Skipping target \"split\" because all output files are up-to-date with respect to the input files.")
            .Says("Skipping target \"page\" because all output files are up-to-date with respect to the input files.")
            .Says("page: nothing to do: 2 partitions up to date");
        Assert.Empty(sandbox.Made());
    }

    [Fact]
    public void Generated_files_are_written_only_when_they_differ()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("build").Succeeded();
        string[] files = [Generated, "obj/databuild/request.binpb", "obj/databuild/graph.json"];
        var before = Times(sandbox, files);

        sandbox.Dotnet("build").Succeeded();
        sandbox.Dotnet("build", "-t:split").Succeeded();
        Assert.Equal(before, Times(sandbox, files));

        // Another label is another target; another want is none.
        sandbox.WriteProject(Pages.Items.Replace("{1..2}", "{1..3}", StringComparison.Ordinal));
        sandbox.Dotnet("build").Succeeded().Says("pages -> 2 built");
        Assert.Equal(before[0], Times(sandbox, files)[0]);
        Assert.NotEqual(before[1..], Times(sandbox, files)[1..]);
        sandbox.WriteProject(Pages.Items.Replace("\"split\"", "\"cut\"", StringComparison.Ordinal));
        sandbox.Dotnet("build", "-t:cut").Succeeded();
        Assert.NotEqual(before[0], Times(sandbox, files)[0]);
    }

    [Fact]
    public void A_thousand_jobs_are_a_thousand_targets_and_no_target_or_task_is_called_once_a_job()
    {
        using var sandbox = Pages.New();
        sandbox.WriteProject(Pages.Items + "<ItemGroup>" + string.Concat(Enumerable.Range(0, 1000).Select(number =>
            $"<Job Include=\"job{number}\" Command=\"sh job.sh\" /><Partition Include=\"p{number}/{"{name}"}\" Job=\"job{number}\" />")) + "</ItemGroup>");
        sandbox.Write("job.sh", "echo \"$1\" > \"$DATABUILD_OUTPUT_ROOT/$1\"");
        sandbox.Dotnet("restore").Succeeded();

        var said = sandbox.Dotnet("build", "--no-restore", "-p:Want=p999/a", "-clp:PerformanceSummary", "-tl:off").Succeeded().Output;
        Assert.Equal("p999/a\n", sandbox.Read("data/p999/a"));
        Assert.Contains("<Target Name=\"job999\"", sandbox.Read(Generated), StringComparison.Ordinal);
        var calls = System.Text.RegularExpressions.Regex.Matches(said, @"ms +(\S+) +(\d+) calls").Select(match => (Name: match.Groups[1].Value, Count: int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture))).ToList();
        Assert.Contains(calls, call => call.Name == "_DataBuildGenerateJobTargets");
        Assert.DoesNotContain(calls, call => call.Count > 100);
    }

    private static DateTime[] Times(Sandbox sandbox, string[] files) => [.. files.Select(file => File.GetLastWriteTimeUtc(sandbox.PathOf(file)))];
}
