using DataBuild.V1;

namespace DataBuild.Slurm.Tests;

/// <summary>The real engine on a real cluster, while parts of either are taken away: it converges, and nothing is published twice.</summary>
[Collection(ClusterTests.Name)]
public sealed class FailureTests(PrivateCluster cluster)
{
    private const string BrieflyBusy = "sleep 0.3";

    [SlurmFact]
    public async Task An_engine_that_is_killed_after_a_third_of_the_submissions_leaves_runs_that_the_next_one_adopts()
    {
        using var project = new ItemsProject(24, BrieflyBusy);
        using (var first = project.Start())
        {
            await ItemsProject.When(() => project.BatchCount >= 2, "two of six batches are written");
            first.Kill();
        }

        var before = project.Executions.Count;
        using var second = project.Start();
        var result = second.WaitForResult();

        Assert.Equal(BuildOutcome.Built, result.Outcome);
        Assert.Contains(second.Lines, line => line.Contains("adopted", StringComparison.Ordinal));
        Assert.InRange(before, 0, 23);
        project.CheckNoneTwice();
        project.Check();
    }

    [SlurmFact]
    public async Task A_controller_that_is_killed_right_after_submissions_loses_jobs_and_no_run()
    {
        using var project = new ItemsProject(16, BrieflyBusy);
        using var engine = project.Start();
        await ItemsProject.When(() => project.BatchCount >= 4 || project.Executions.Count > 4, "all batches are written");
        cluster.Kill("slurmctld");
        cluster.Start();

        // A controller without its memory gives numbers again that nodes still know, and drains the nodes that refuse them: an administrator's
        // to mend, and told to the user until somebody does.
        using var ended = new CancellationTokenSource();
        var administrator = Administrate(ended.Token);
        var result = engine.WaitForResult();
        await ended.CancelAsync();
        await administrator;

        Assert.Equal(BuildOutcome.Built, result.Outcome);
        project.Check();
    }

    private static async Task Administrate(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            if (PrivateCluster.Ask("sinfo", "--noheader", "--Node", "--format=%T").Contains("drain", StringComparison.Ordinal))
            {
                PrivateCluster.Ask("scontrol", "update", "nodename=n1,n2", "state=resume");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), ended).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    [SlurmFact]
    public async Task A_controller_that_is_silent_for_10_s_costs_time_and_nothing_else()
    {
        using var project = new ItemsProject(12, BrieflyBusy);
        using var engine = project.Start();
        await ItemsProject.When(() => project.BatchCount >= 1, "a batch is written");
        var pid = cluster.Pid("slurmctld");
        PrivateCluster.Signal(pid, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(10));
        PrivateCluster.Signal(pid, "CONT");
        var result = engine.WaitForResult();

        Assert.Equal(BuildOutcome.Built, result.Outcome);
        Assert.DoesNotContain(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        project.CheckNoneTwice();
        project.Check();
    }

    [SlurmFact]
    public async Task A_job_that_somebody_cancels_is_told_as_that_and_made_by_the_next_build()
    {
        using var project = new ItemsProject(3, "[ \"$ref\" != item/2 ] || while [ ! -e go ]; do sleep 0.05; done");
        using var engine = project.Start();
        await ItemsProject.When(() => project.Executions.Any(execution => execution.Ref == "item/2"), "the run is under way");
        await ItemsProject.When(() => PrivateCluster.Ask("squeue", "-h", "-t", "RUNNING", "-n", project.JobName).Length > 0, "Slurm lists it");
        PrivateCluster.Ask("scancel", "--state=RUNNING", "--name=" + project.JobName);
        await ItemsProject.When(() => project.Events().Any(stored => stored.Event.ToString().Contains("DBLD5088", StringComparison.Ordinal)), "its cause is logged");
        File.WriteAllText(project.Go, "");
        var result = engine.WaitForResult();
        if (result.Outcome != BuildOutcome.Built)
        {
            using var next = project.Start();
            Assert.Equal(BuildOutcome.Built, next.WaitForResult().Outcome);
        }

        Assert.Equal(2, project.Executions.Count(execution => execution.Ref == "item/2"));
        project.Check();
    }

    [SlurmFact]
    public async Task A_node_whose_daemon_dies_while_its_run_lives_on_gives_nothing_to_the_data_any_more()
    {
        // The first execution waits until the second is over; by then it is a late attempt of a lost node.
        using var project = new ItemsProject(1, $"if mkdir first 2>/dev/null; then touch began; while [ ! -e go ]; do sleep 0.05; done; echo late > \"$DATABUILD_OUTPUT_ROOT/late\" || true; touch over; exit 0; fi");
        using var engine = project.Start();
        await ItemsProject.When(() => File.Exists(Path.Combine(project.Folder, "began")), "the run is under way");
        var node = "";
        await ItemsProject.When(() => (node = PrivateCluster.Ask("squeue", "-h", "-t", "RUNNING", "-n", project.JobName, "-o", "%N")).Length > 0, "Slurm lists it");
        cluster.Kill("slurmd-" + node);
        try
        {
            var result = engine.WaitForResult();
            Assert.Equal(BuildOutcome.Built, result.Outcome);
            Assert.Equal(2, project.Executions.Count);
            File.WriteAllText(project.Go, "");
            await ItemsProject.When(() => File.Exists(Path.Combine(project.Folder, "over")), "the late attempt ends");
            Assert.Contains(project.Events(), stored => stored.Event.ToString().Contains("DBLD5086", StringComparison.Ordinal));
            project.Check();
        }
        finally
        {
            File.WriteAllText(project.Go, "");
            cluster.Start();
        }
    }
}
