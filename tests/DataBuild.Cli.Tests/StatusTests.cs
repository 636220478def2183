using DataBuild.V1;

namespace DataBuild.Cli.Tests;

public sealed class StatusTests
{
    [Fact]
    public void A_finished_build_shows_its_wants_and_jobs()
    {
        using var project = Project.Small();
        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
        var status = project.Ask("status", "--json").Succeeded().As<StatusReport>();
        Assert.Equal("p", status.Graph);
        Assert.Equal(".databuild/log.db", status.Log.Path);
        Assert.Equal(7, status.Live);
        var want = Assert.Single(status.Wants);
        Assert.Equal(("Successful", 3, 3), (want.State, want.Total, want.Refs.Live));
        Assert.Equal([("raw", 4L), ("report", 3L)], status.Jobs.Select(job => (job.Job, job.Live)));
        Assert.Empty(status.Runs);
        Assert.Empty(status.Failures);
        Assert.Null(status.Writer);
    }

    [Fact]
    public void Text_for_people_has_no_escape_sequences_where_it_is_redirected()
    {
        using var project = Project.Small();
        project.Build();
        string text = project.Ask("status").Succeeded().Out;
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("report/{1..3}  Successful  3 of 3 live", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public void A_failed_leaf_is_named_with_what_waits_for_it_though_that_never_ran()
    {
        using var project = Project.Small(fail: "raw/2");
        Assert.Equal(BuildOutcome.Failed, project.Build().Outcome);
        var status = project.Ask("status", "--json").Succeeded().As<StatusReport>();
        var failure = Assert.Single(status.Failures);
        Assert.Equal(("raw/2", "raw", 3, 1L), (failure.Ref, failure.Job, failure.ExitCode, status.Failed));
        Assert.Equal(2, failure.Blocked);
        Assert.StartsWith(".databuild/runs/", failure.Log, StringComparison.Ordinal);
        Assert.Contains("no good: raw/2", failure.LastWords, StringComparison.Ordinal);
        var want = Assert.Single(status.Wants);
        Assert.Equal(("UpstreamFailed", 1L, 2L), (want.State, want.Refs.Live, want.Refs.UpstreamFailed));
        Assert.Contains("2 wait for it", project.Ask("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_source_is_a_failure_that_the_log_alone_explains()
    {
        using var project = new Project().Job("raw").Source("csv/{n:int}", "in/{n}.csv").Partition("raw/{n:int}", "raw", "csv/{n}").Want("raw/{1..2}");
        Directory.CreateDirectory(Path.Combine(project.Folder, "in"));
        File.WriteAllText(Path.Combine(project.Folder, "in", "1.csv"), "x");
        Assert.Equal(BuildOutcome.Failed, project.Build().Outcome);
        var status = project.Ask("status", "--json").Succeeded().As<StatusReport>();
        var failure = Assert.Single(status.Failures);
        Assert.Equal("csv/2", failure.Ref);
        Assert.Contains("in/2.csv", failure.Message, StringComparison.Ordinal);
        Assert.Equal(("UpstreamFailed", 1L, 1L), (status.Wants[0].State, status.Wants[0].Refs.Live, status.Wants[0].Refs.UpstreamFailed));
        ulong events = status.Log.Events;
        project.Build();
        Assert.Equal(events, project.Ask("status", "--json").As<StatusReport>().Log.Events);
    }

    [Fact]
    public void A_million_wanted_refs_of_which_a_hundred_are_built_are_counted_right()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{0..999999}");
        Assert.Equal(100, project.Build("raw/{100..199}").Built);
        var status = project.Ask("status", "--json").Succeeded().As<StatusReport>();
        var want = Assert.Single(status.Wants);
        Assert.Equal((1_000_000L, 100L, 999_900L, "Idle"), (want.Total, want.Refs.Live, want.Refs.Untouched, want.State));
        Assert.Equal(100, status.Live);
        Assert.Contains("100 of 1,000,000 live, 999,900 not built", project.Ask("status").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_engine_died_is_said_to_be_without_one()
    {
        using var project = Project.Small();
        project.Build();
        project.Append(state =>
        {
            var queue = new JobRunQueueEventV1
            {
                RunId = "019a0000-0000-7000-8000-000000000001",
                Job = "raw",
                JobFingerprint = state.CurrentJob("raw")!.Fingerprint.Fingerprint,
                Term = 2,
            };
            queue.Partitions.Add(new RunPartition { Ref = "raw/9", Attempt = 1, Reason = new Reason { Kind = ReasonKind.Absent } });
            return new BuildEvent { JobRunQueue = queue };
        });
        var run = Assert.Single(project.Ask("status", "--json").Succeeded().As<StatusReport>().Runs);
        Assert.Equal(("raw", "raw/9", "Queued", false), (run.Job, run.FirstRef, run.State, run.EngineLives));
        Assert.Contains("their engine is gone", project.Ask("status").Out, StringComparison.Ordinal);
        Assert.Equal(RefState.Building, project.Ask("why", "raw/9", "--json").Succeeded().As<WhyReport>().Verdict.State);
    }

    [Fact]
    public void A_taint_is_shown_and_makes_what_read_it_suspect()
    {
        using var project = Project.Small();
        project.Build();
        project.Append(_ =>
        {
            var taint = new TaintCreateEventV1 { TaintId = "t1", Comment = "wrong feed", Partitions = new PartitionSet() };
            taint.Partitions.Expressions.Add("raw/1");
            return new BuildEvent { TaintCreate = taint };
        });
        var status = project.Ask("status", "--json").Succeeded().As<StatusReport>();
        Assert.Equal(("t1", 1L, "wrong feed"), (status.Taints[0].TaintId, status.Taints[0].Count, status.Taints[0].Comment));
        Assert.Equal((2L, 1L, "Idle"), (status.Wants[0].Refs.Live, status.Wants[0].Refs.Suspect, status.Wants[0].State));
        var why = project.Ask("why", "raw/1", "--json").Succeeded().As<WhyReport>();
        Assert.Equal(ReasonKind.Tainted, why.Verdict.Reason.Kind);
        Assert.Contains("wrong feed", why.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_writing_the_log_is_told_while_they_hold_it()
    {
        using var project = Project.Small();
        project.Build();
        using (Engine.Log.Lease.TryAcquire(project.Log))
        {
            Assert.Equal(Environment.ProcessId, project.Ask("status", "--json").Succeeded().As<StatusReport>().Writer.Pid);
            Assert.Contains($"being written by process {Environment.ProcessId}", project.Ask("status").Succeeded().Out, StringComparison.Ordinal);
        }

        Assert.Null(project.Ask("status", "--json").Succeeded().As<StatusReport>().Writer);
    }
}
