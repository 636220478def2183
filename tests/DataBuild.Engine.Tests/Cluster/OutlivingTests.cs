using System.Diagnostics;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Tests.Cluster;

/// <summary>Runs that go on when their engine ends.</summary>
public sealed class OutlivingTests : IDisposable
{
    private readonly Site site = new();

    public void Dispose() => site.Dispose();

    [Fact]
    public async Task A_build_that_is_stopped_leaves_its_runs_and_the_next_one_adopts_them()
    {
        var run = Assert.Single(await site.LeaveAsync());
        Assert.Contains($"  1 run goes on on slurm: the next build or service adopts it; `databuild cancel {run.Request.RunId}` ends it", site.Lines);
        Assert.Empty(site.Cluster.Canceled);
        Assert.Equal(("slurm", 2, 4L << 30, "long", "--qos=high"), (run.Request.Executor, run.Request.Resources.Cpus, run.Request.Resources.MemoryBytes, run.Request.Resources.SlurmPartition, run.Request.Resources.SlurmArguments));
        Assert.Equal(Path.Combine(site.Data, ".databuild", "remote", run.Request.RunId), run.Request.OutputRoot);
        Assert.Equal(Path.Combine(site.Data, ".databuild", "cluster"), site.Cluster.Options!.ExchangeDirectory);

        // It ends while no engine lives.
        site.Cluster.Finish(run);
        var result = await site.BuildAsync();
        Assert.Equal((BuildOutcome.Built, 1L), (result.Outcome, result.Built));
        Assert.Equal([run.Request.RunId], site.Cluster.Adopted);
        Assert.Equal(1, run.Works);
        Assert.Equal("far/1 by attempt 1", File.ReadAllText(Path.Combine(site.Data, "far", "1")));
        Assert.Single(site.Events(), e => e.JobRunQueue is not null);
        Assert.False(Directory.Exists(Path.Combine(site.Data, ".databuild", "remote")));
        Assert.Equal(BuildOutcome.UpToDate, (await site.BuildAsync()).Outcome);
    }

    [Fact]
    public async Task A_run_that_was_never_handed_over_is_started_when_it_is_adopted()
    {
        // The engine died between the log and the cluster: the intent is all there is.
        site.Cluster.Holds = false;
        var lost = new BuildSession(site.Request(), site.Said.Enqueue, TimeProvider.System) { MakeSlurm = (_, _) => throw new EngineGoneException() };
        await Assert.ThrowsAsync<EngineGoneException>(() => lost.RunAsync(CancellationToken.None));
        Assert.Single(site.Events(), e => e.JobRunQueue is { Executor: "slurm" });

        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync()).Outcome);
        Assert.Equal(1, site.Given().Works);
        Assert.Single(site.Cluster.Adopted);
        Assert.Single(site.Events(), e => e.JobRunQueue is not null);
    }

    [Fact]
    public async Task No_process_of_an_adopted_run_is_killed_and_its_second_sign_of_life_is_no_news()
    {
        using var process = Process.Start(new ProcessStartInfo("sleep", "600") { Environment = { ["DATABUILD_ENGINE"] = "slurm:log:run" } })!;
        try
        {
            using var stop = new CancellationTokenSource();
            var build = site.BuildAsync(stop.Token);
            var run = site.Given();
            site.Cluster.Heard(run, process.Id, Engine.Execution.Processes.ProcessStat.ReadStart(process.Id));
            site.Stored(e => e.JobRunHeartbeat is not null);
            await stop.CancelAsync();
            await build;

            build = site.BuildAsync();
            Assert.Equal(run.Request.RunId, Assert.Single(await AdoptedAsync()));
            Assert.False(process.HasExited);
            site.Cluster.Finish(run);
            Assert.Equal(BuildOutcome.Built, (await build).Outcome);
            Assert.Single(site.Events(), e => e.JobRunHeartbeat is not null);
            Assert.DoesNotContain(site.Events(), e => e.JobRunLost is not null);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task Nothing_known_is_a_state_and_ends_with_the_next_sign_of_life()
    {
        var build = site.BuildAsync();
        var run = site.Given();
        site.Cluster.Unknown(run, "squeue does not know job 17");
        site.Stored(e => e.JobRunUnknown is { Cause: "squeue does not know job 17" });
        using (var view = LogView.Open(site.Place))
        {
            var row = Assert.Single(new RunsQuery(view).Answer(10).Runs);
            Assert.Equal(("Unknown", "slurm", "squeue does not know job 17"), (row.State, row.Executor, row.UnknownCause));
            Assert.NotNull(row.UnknownSince);
            var status = Assert.Single(new StatusQuery(view).Answer().Runs);
            Assert.Equal(("Unknown", "slurm", "squeue does not know job 17"), (status.State, status.Executor, status.UnknownCause));
        }

        site.Cluster.Heard(run);
        site.Stored(e => e.JobRunHeartbeat is { ExecutorRun: "slurm job 17" });
        using (var view = LogView.Open(site.Place))
        {
            var row = Assert.Single(new RunsQuery(view).Answer(10).Runs);
            Assert.Equal(("Running", "slurm job 17", "n1", ""), (row.State, row.ExecutorRun, row.Host, row.UnknownCause));
            Assert.Equal("slurm job 17 on n1", Assert.Single(new StatusQuery(view).Answer().Runs).ExecutorRun);
        }

        site.Cluster.Finish(run);
        Assert.Equal(BuildOutcome.Built, (await build).Outcome);
        Assert.Contains(site.Lines, line => line.Contains("nothing is known of run", StringComparison.Ordinal) && line.EndsWith("lost after 10m of that", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_unknown_for_too_long_is_lost_its_attempt_revoked_and_its_refs_tried_again()
    {
        site.Settings.UnknownTimeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200));
        var build = site.BuildAsync();
        var first = site.Given();
        site.Cluster.Unknown(first, "squeue does not know job 17");
        var second = site.Given();
        Assert.NotEqual(first.Request.RunId, second.Request.RunId);
        Assert.Equal(2, second.Request.Attempt);
        Assert.Contains(first.Request.RunId, site.Cluster.Canceled);
        Assert.False(Directory.Exists(first.Request.OutputRoot));

        // It lived after all: it writes by its old path, and says that it is done.
        site.Cluster.Finish(first);
        site.Cluster.Finish(second);
        Assert.Equal(BuildOutcome.Built, (await build).Outcome);
        Assert.Equal("far/1 by attempt 2", File.ReadAllText(Path.Combine(site.Data, "far", "1")));
        var lost = Assert.Single(site.Events(), e => e.JobRunLost is not null).JobRunLost;
        var failed = Assert.Single(lost.End.Outcomes).Failed;
        Assert.Equal((FailureClass.Infrastructure, "DBLD5105"), (failed.FailureClass, failed.Code));
        Assert.Equal(Rules.RunLost.Code, failed.Code);
        Assert.Contains("squeue does not know job 17", failed.Message, StringComparison.Ordinal);
        Assert.NotNull(failed.RetryAt);
        using (var view = LogView.Open(site.Place))
        {
            Assert.Equal(["Succeeded", "Lost"], new RunsQuery(view).Answer(10).Runs.Select(run => run.State));
        }

        // What it wrote is nobody's and goes with the next start.
        Assert.True(Directory.Exists(first.Request.OutputRoot));
        await site.BuildAsync();
        Assert.False(Directory.Exists(first.Request.OutputRoot));
    }

    [Fact]
    public async Task Lost_runs_have_a_budget()
    {
        var build = site.BuildAsync();
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            var run = site.Given();
            Assert.Equal(attempt, run.Request.Attempt);
            run.Work();
            site.Cluster.End(run, new RunReturn { RunId = run.Request.RunId, Ending = RunEnding.Lost, Fault = new RunFault(FailureClass.Infrastructure, Rules.RunLost.At($"node n{attempt} is down")) });
        }

        Assert.Equal(BuildOutcome.Failed, (await build).Outcome);
        Assert.False(File.Exists(Path.Combine(site.Data, "far", "1")));
        Assert.Contains(site.Said, message => message.Diagnostic is { Code: "DBLD5105" } said && said.Text.Contains("node n4 is down", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FailureClass.User, "DBLD5101")]
    [InlineData(FailureClass.Timeout, "DBLD5102")]
    [InlineData(FailureClass.Canceled, "DBLD5105")]
    public async Task An_executor_that_knows_better_than_the_exit_code_says_class_and_cause(FailureClass failureClass, string code)
    {
        site.Graph.Jobs[0].RetryDelay = "1d";
        using var stop = new CancellationTokenSource();
        var build = site.BuildAsync(stop.Token);
        var run = site.Given();
        run.Work();
        var why = new Diagnostic { Code = code, Severity = Severity.Error, Text = "the node says why" };
        site.Cluster.End(run, new RunReturn { RunId = run.Request.RunId, Ending = RunEnding.Exited, ExitCode = 0, Fault = new RunFault(failureClass, why) });
        var failure = site.Stored(e => e.JobRunFailure is not null).JobRunFailure;
        var failed = Assert.Single(failure.End.Outcomes).Failed;
        Assert.Equal((failureClass, failureClass, code, "job far: the node says why"), (failure.FailureClass, failed.FailureClass, failed.Code, failed.Message));
        await stop.CancelAsync();
        await build;
    }

    [Fact]
    public async Task A_cluster_run_takes_no_place_of_the_others_and_they_have_a_limit_of_their_own()
    {
        site.Settings.SlurmMaxJobs = 2;
        site.Graph.Wants[0].Partitions = "far/{1..5}";
        site.Graph.Jobs.Add(new JobDefinition { Label = "near", Command = "sh -c 'echo near > \"$DATABUILD_OUTPUT_ROOT/$1\"' near", Version = "1" });
        site.Graph.Partitions.Add(new PartitionDefinition { Pattern = "near-{n:int}", Job = "near" });
        site.Graph.Wants.Add(new WantDefinition { Partitions = "near-{1..40}" });
        var build = site.BuildAsync();
        var runs = new List<FakeRun> { site.Given(), site.Given() };

        // All of what is near is made while the cluster is full.
        Assert.Equal(40, Enumerable.Range(1, 40).Count(n => site.Stored(e => e.JobRunSuccess?.End.Outcomes[0].Ref == $"near-{n}") is not null));
        while (runs.Count > 0)
        {
            site.Cluster.Finish(runs[0]);
            runs.RemoveAt(0);
            if (site.Cluster.Given.TryTake(out var next, TimeSpan.FromSeconds(2)))
            {
                runs.Add(next);
            }
        }

        Assert.Equal((BuildOutcome.Built, 45L), ((await build).Outcome, (await build).Built));
        Assert.Equal(2, site.Cluster.Most);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_while_no_engine_is_at_work_is_ended_by_the_next()
    {
        var run = Assert.Single(await site.LeaveAsync());
        var report = await site.CommandAsync(new CommandRequest { Cancel = new CancelCommand { Target = run.Request.RunId, Comment = "wrong input" } });
        Assert.Null(report.Error);
        Assert.Contains("the next build or service ends it", report.Summary, StringComparison.Ordinal);
        using (var view = LogView.Open(site.Place))
        {
            var row = Assert.Single(new RunsQuery(view).Answer(10).Runs);
            Assert.Equal(("Queued", "wrong input"), (row.State, row.CancelAsked));
        }

        Assert.Equal(BuildOutcome.Canceled, (await site.BuildAsync()).Outcome);
        Assert.Equal([run.Request.RunId], site.Cluster.Canceled);
        var canceled = Assert.Single(site.Events(), e => e.JobRunCancel is { Asked: false }).JobRunCancel;
        Assert.Equal(("wrong input", true), (canceled.Cause, canceled.Hold));

        // The next build is a request to try again.
        site.Cluster.Holds = false;
        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync()).Outcome);
    }

    [Fact]
    public async Task What_nobody_wants_any_more_is_ended_by_the_next_engine()
    {
        var run = Assert.Single(await site.LeaveAsync(runs: 1, "far/7"));
        var want = Assert.Single(site.Events(), e => e.WantCreate is not null).WantCreate.Want;

        // A stopped build keeps the want of a run that goes on.
        Assert.DoesNotContain(site.Events(), e => e.WantCancel is not null);
        Assert.Null((await site.CommandAsync(new CommandRequest { Cancel = new CancelCommand { Target = want.WantId } })).Error);
        site.Cluster.Holds = false;
        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync()).Outcome);
        Assert.Equal([run.Request.RunId], site.Cluster.Canceled);
    }

    [Fact]
    public async Task A_build_of_something_else_neither_waits_for_others_runs_nor_ends_them()
    {
        var run = Assert.Single(await site.LeaveAsync());
        site.Cluster.Holds = false;
        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync(CancellationToken.None, "far/9")).Outcome);
        Assert.Empty(site.Cluster.Canceled);
        Assert.Equal(2, site.Lines.Count(line => line.StartsWith("  1 run goes on on slurm", StringComparison.Ordinal)));
        site.Cluster.Finish(run);
        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync()).Outcome);
        Assert.Equal(1, run.Works);
    }

    [Fact]
    public async Task A_job_that_left_the_project_takes_its_runs_with_it()
    {
        var run = Assert.Single(await site.LeaveAsync());
        site.Graph.Jobs[0].Label = "other";
        site.Graph.Partitions[0].Job = "other";
        site.Graph.Partitions[0].Pattern = "other/{n:int}";
        site.Graph.Wants[0].Partitions = "other/1";
        site.Cluster.Holds = false;
        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync()).Outcome);
        Assert.Equal([run.Request.RunId], site.Cluster.Adopted);
        Assert.Equal([run.Request.RunId], site.Cluster.Canceled);
    }

    [Fact]
    public async Task Where_the_cluster_cannot_be_had_new_runs_fail_and_adopted_ones_are_unknown()
    {
        var run = Assert.Single(await site.LeaveAsync());
        site.Settings.UnknownTimeout = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(200));
        var session = new BuildSession(site.Request(), site.Said.Enqueue, TimeProvider.System)
        {
            MakeSlurm = (_, _) => throw new DataBuildException(Rules.CommandNotFound, "sbatch is not there"),
        };
        Assert.Equal(BuildOutcome.Failed, (await session.RunAsync(CancellationToken.None)).Outcome);
        Assert.Contains(site.Events(), e => e.JobRunUnknown is { } unknown && unknown.RunId == run.Request.RunId && unknown.Cause == "DBLD5001: sbatch is not there");
        Assert.Contains(site.Events(), e => e.JobRunLost is { } lost && lost.RunId == run.Request.RunId);
        Assert.Contains(site.Said, message => message.Diagnostic is { Code: "DBLD5001" });
    }

    [Fact]
    public async Task Where_a_job_runs_is_no_part_of_its_fingerprint()
    {
        site.Cluster.Holds = false;
        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync()).Outcome);
        var job = site.Graph.Jobs[0];
        (job.Executor, job.Cpus, job.Memory, job.SlurmPartition, job.SlurmArguments) = ("local", "8", "1TB", "", "");
        Assert.Equal(BuildOutcome.UpToDate, (await site.BuildAsync()).Outcome);
    }

    [Fact]
    public async Task Nothing_is_renamed_while_a_run_is_under_way_on_a_cluster()
    {
        site.Cluster.Holds = false;
        site.Graph.Wants[0].Partitions = "far/{1..2}";
        Assert.Equal(BuildOutcome.Built, (await site.BuildAsync(CancellationToken.None, "far/1")).Outcome);
        site.Given();
        site.Cluster.Holds = true;
        var run = Assert.Single(await site.LeaveAsync());
        site.Graph.Partitions[0].Pattern = "moved/{n:int}";
        site.Graph.Wants[0].Partitions = "moved/1";
        var rename = new CommandRequest { ProtocolVersion = CommandSession.Version, CommandId = "1", Rename = new RenameCommand { From = "far/{n:int}", To = "moved/{n:int}" } };
        var report = await new CommandSession(rename, _ => { }, TimeProvider.System).OnProjectAsync(site.Request(), CancellationToken.None);
        Assert.Contains($"run {run.Request.RunId} of far is under way on slurm", report.Error.Text, StringComparison.Ordinal);

        // Nor did that session touch the run.
        Assert.DoesNotContain(site.Events(), e => e.JobRunLost is not null);
        Assert.True(Directory.Exists(run.Request.OutputRoot));
    }

    private Task<string[]> AdoptedAsync() => Task.Run(() =>
    {
        Assert.True(SpinWait.SpinUntil(() => !site.Cluster.Adopted.IsEmpty, TimeSpan.FromSeconds(60)));
        return site.Cluster.Adopted.ToArray();
    });

    private sealed class EngineGoneException : Exception;
}
