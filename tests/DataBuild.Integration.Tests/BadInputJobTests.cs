using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>Jobs whose own files change while they run.</summary>
public sealed class BadInputJobTests
{
    [Fact]
    public void A_job_that_changes_its_own_script_is_run_once_more_which_costs_no_retry()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"; [ -e once ] || { touch once; echo '# changed' >> a.sh; }").Partition("a", "a").Want("a");

        var diagnostics = Build(project, BuildOutcome.Built);

        Assert.Contains("'a.sh' of job a changed while the build ran", Assert.Single(diagnostics, diagnostic => diagnostic.Code == "DBLD5051").Text, StringComparison.Ordinal);
        var queued = project.Events().Where(stored => stored.Event.JobRunQueue is not null).Select(stored => stored.Event.JobRunQueue.Partitions[0]).ToList();
        Assert.Equal([1u, 1u], queued.Select(partition => partition.Attempt));
        Assert.Equal(ReasonKind.JobChanged, queued[1].Reason.Kind);
        Assert.Equal("file:a.sh", queued[1].Reason.Detail);
        Assert.Equal("x\n", project.Data("a"));
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
    }

    [Fact]
    public void A_job_that_changes_its_own_script_in_each_run_is_an_error_and_no_endless_build()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"; echo '# changed' >> a.sh").Partition("a", "a").Want("a");

        var diagnostics = Build(project, BuildOutcome.Failed);

        var error = Assert.Single(diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Equal("DBLD5050", error.Code);
        Assert.Contains("'a.sh' of job a changed 4 times while the build ran", error.Text, StringComparison.Ordinal);
        Assert.Equal(4, File.ReadAllLines(project.Witness).Length);
        Assert.Equal("x\n", project.Data("a"));
    }

    [Fact]
    public void A_script_that_is_edited_while_another_job_runs_is_noticed_when_its_own_next_run_ends()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"; echo 'echo new > \"$out\"' > b.body").Script("b", ". ./b.body").Partition("a", "a").Partition("b", "b", "a").Want("b");
        project.Graph.Jobs[1].Sources.Add("b.body");
        project.Write("b.body", "echo old > \"$out\"");

        var diagnostics = Build(project, BuildOutcome.Built);

        Assert.Contains("'b.body' of job b changed", Assert.Single(diagnostics, diagnostic => diagnostic.Code == "DBLD5051").Text, StringComparison.Ordinal);
        Assert.Equal("new\n", project.Data("b"));
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
    }

    [Fact]
    public void A_job_that_deletes_a_file_of_its_own_is_told_so()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"; rm part").Partition("a", "a").Want("a");
        project.Graph.Jobs[0].Sources.Add("part");
        project.Write("part", "of the job");

        var error = Assert.Single(Build(project, BuildOutcome.Failed), diagnostic => diagnostic.Severity == Severity.Error);

        Assert.Equal("DBLD6115", error.Code);
        Assert.Equal("x\n", project.Data("a"));
    }

    private static List<Diagnostic> Build(TestProject project, BuildOutcome expected)
    {
        using var engine = EngineRun.Start(project.Request());
        Assert.Equal(expected, engine.WaitForResult().Outcome);
        return [.. engine.Diagnostics];
    }
}
