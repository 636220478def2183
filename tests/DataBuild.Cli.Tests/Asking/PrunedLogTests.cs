using DataBuild.V1;

namespace DataBuild.Cli.Tests.Asking;

/// <summary>A log of a run that was removed, since it was older or larger than the project keeps them.</summary>
public sealed class PrunedLogTests
{
    [Fact]
    public void A_build_that_ran_something_removes_them_and_who_asks_is_told_why_they_are_gone()
    {
        using var project = new Project().Partition("loud/{n:int}", "loud").Partition("bad/{n:int}", "bad").Want("loud/{1..2}").Want("bad/1");
        File.WriteAllText(Path.Combine(project.Folder, "loud.sh"), "echo said; mkdir -p \"$DATABUILD_OUTPUT_ROOT/loud\"; for ref in \"$@\"; do echo 1 > \"$DATABUILD_OUTPUT_ROOT/$ref\"; done");
        project.Graph.Jobs.Add(new JobDefinition { Label = "loud", Command = "sh loud.sh" });
        project.Graph.Jobs.Add(new JobDefinition { Label = "bad", Command = "sh -c 'echo no good >&2; exit 3'", Retries = "0" });
        string runs = Path.Combine(project.Folder, ".databuild", "runs");
        project.Build();
        Assert.Equal(3, Directory.GetDirectories(runs).Length);
        Assert.False(File.Exists(Path.Combine(runs, "kept")));
        var rows = project.Ask("runs", "--json").As<RunsReport>().Runs;
        string loud = rows.First(run => run.Job == "loud").RunId;
        Assert.Equal("", project.Ask("run", loud, "--json").As<RunDetails>().OutputGone);

        // A build that runs nothing never looks, whatever it is told.
        project.Request.RunLogBytes = 0;
        project.Request.Wants.Add("loud/1");
        Assert.Equal(0, project.Build().Runs);
        Assert.Equal(3, Directory.GetDirectories(runs).Length);

        project.Request.Wants.Clear();
        Assert.Equal(1, project.Build().Runs);
        string failed = project.Ask("runs", "--json", "--job", "bad").As<RunsReport>().Runs[0].RunId;
        Assert.Equal([failed], Directory.GetDirectories(runs).Select(folder => Path.GetFileName(folder)));
        Assert.Equal("no good\n", project.Ask("run", failed, "--json").As<RunDetails>().Stderr.Text);

        const string Gone = "removed since: logs of runs are kept for 0B (DataBuildRunLogAge, DataBuildRunLogSize)";
        var details = project.Ask("run", loud, "--json").Succeeded().As<RunDetails>();
        Assert.Equal((Gone, ""), (details.OutputGone, details.Stdout.Text));
        Assert.Contains($"output   {Gone}", project.Ask("run", loud).Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains(Gone, project.Ask("run", loud, "--follow").Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains(Gone, project.Ask("why", "loud/1").Succeeded().Out, StringComparison.Ordinal);
    }
}
