using DataBuild.V1;

namespace DataBuild.Cli.Tests.Asking;

public sealed class RunsTests
{
    [Fact]
    public void Runs_are_told_newest_first_with_how_they_went()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        var report = project.Ask("runs", "--json").Succeeded().As<RunsReport>();
        Assert.Equal(1ul, report.SearchedFrom);
        Assert.Equal(report.Runs.OrderByDescending(run => run.QueuedAt), report.Runs);
        Assert.Equal(project.Ask("log", "--json").LinesAs<LoggedEvent>().Count(e => e.Event.JobRunQueue is not null), report.Runs.Count);
        var failed = report.Runs.First(run => run.State == "Failed");
        Assert.Equal(("raw", 3), (failed.Job, failed.ExitCode));
        Assert.True(failed.Failed > 0);
        Assert.All(report.Runs, run => Assert.True(run.EndedAt > run.QueuedAt && run.Started is not null && run.Duration is not null && run.Text.Length > 0));
        Assert.Contains("Failed, exit 3", project.Ask("runs").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Jobs_states_refs_limits_and_times_choose_runs()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        IReadOnlyList<RunRow> Runs(params string[] arguments) => project.Ask(["runs", "--json", .. arguments]).Succeeded().As<RunsReport>().Runs;
        var all = Runs();
        Assert.Equal(all.Where(run => run.Job == "report"), Runs("--job", "report"));
        Assert.Equal(all.Where(run => run.State == "Failed"), Runs("--state", "failed"));
        Assert.Equal(all.Take(1), Runs("--limit", "1"));
        Assert.Equal(all.Where(run => run.Job == "raw"), Runs("--ref", "raw/*"));
        Assert.Equal(all.Where(run => run.Job == "report"), Runs("--ref", "report/{2..9}"));
        Assert.Equal(all.Where(run => run.QueuedAt >= all[0].QueuedAt), Runs("--since", all[0].QueuedAt.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(all, Runs("--since", "2001-01-01"));
        Assert.Empty(Runs("--since", "2999-12-31T06:30"));
        project.Ask("runs", "--since", "yesterday").Failed(2, "DBLD2116", "yesterday");
        project.Ask("runs", "--limit", "0").Failed(2, "DBLD2101", "--limit");
    }

    [Fact]
    public void A_run_is_found_by_the_beginning_or_the_end_of_its_id()
    {
        using var project = Project.Small();
        project.Build();
        var runs = project.Ask("runs", "--json").As<RunsReport>().Runs;
        var run = runs[0];
        foreach (string written in new[] { run.RunId, run.RunId[..^1], run.RunId[^8..] })
        {
            Assert.Equal(run, project.Ask("run", written, "--json").Succeeded().As<RunDetails>().Run);
        }

        project.Ask("run", run.RunId[..8]).Failed(2, "DBLD2114", [.. runs.Select(each => each.RunId)]);
        project.Ask("run", "no-such").Failed(2, "DBLD2113", "no-such");
    }

    [Fact]
    public void All_facts_of_a_run_are_told()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        string id = project.Ask("runs", "--json", "--state", "Failed", "--limit", "1").As<RunsReport>().Runs[0].RunId;
        var details = project.Ask("run", id, "--json").Succeeded().As<RunDetails>();
        var failed = details.Refs.Single(item => item.Ref == "raw/2");
        Assert.Equal("failed", failed.Outcome);
        Assert.NotEmpty(failed.Code);
        Assert.Equal(["sh", "write.sh"], details.Command);
        Assert.Contains("no good: raw/2", details.Stderr.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(project.Folder, details.Stderr.Path)));
        Assert.Equal("", details.Stdout.Path);
        Assert.NotEmpty(details.WantIds);
        string text = project.Ask("run", id).Succeeded().Out;
        Assert.Contains("no good: raw/2", text, StringComparison.Ordinal);
        Assert.Contains("sh write.sh", text, StringComparison.Ordinal);

        string report = project.Ask("runs", "--json", "--job", "report").As<RunsReport>().Runs[0].RunId;
        var reads = project.Ask("run", report, "--json").Succeeded().As<RunDetails>();
        Assert.Equal(["raw/3", "raw/4"], reads.Reads.Select(read => read.Ref).Order());
        Assert.True(reads.Refs.Single(item => item.Ref == "report/3") is { Outcome: "done", Size: > 0 });
    }

    [Fact]
    public void The_attempts_of_a_chain_of_retries_are_told_together()
    {
        using var project = new Project().Job("raw", "raw/1").Partition("raw/{n:int}", "raw").Want("raw/1");
        project.Graph.Jobs[0].Retries = "2";
        project.Graph.Jobs[0].RetryDelay = "1ms";
        project.Build();
        var runs = project.Ask("runs", "--json").Succeeded().As<RunsReport>().Runs;
        Assert.Equal([3u, 2u, 1u], runs.Select(run => run.Attempt));
        foreach (var run in runs)
        {
            Assert.Equal(runs.Reverse(), project.Ask("run", run.RunId, "--json").Succeeded().As<RunDetails>().Attempts);
        }
    }

    [Fact]
    public void A_long_output_is_shown_from_its_end_unless_all_is_asked_for()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/1");
        File.WriteAllText(Path.Combine(project.Folder, "write.sh"), "seq 1 5000\n" + Project.Writes);
        project.Build();
        string id = project.Ask("runs", "--json").As<RunsReport>().Runs[0].RunId;
        var tail = project.Ask("run", id, "--json").Succeeded().As<RunDetails>().Stdout;
        Assert.EndsWith("\n4999\n5000\n", tail.Text, StringComparison.Ordinal);
        Assert.True(tail.Text.Length <= 4_096 && tail.Bytes > 20_000);
        Assert.Equal(string.Concat(Enumerable.Range(1, 5000).Select(n => $"{n}\n")), project.Ask("run", id, "--json", "--full").Succeeded().As<RunDetails>().Stdout.Text);
        Assert.Equal(5_000, project.Ask("run", id, "--follow").Succeeded().Out.Split('\n').Count(line => int.TryParse(line, out _)));
    }

    [Fact]
    public void Jobs_are_told_with_their_runs_and_limits()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Graph.Jobs[0].Timeout = "10m";
        project.Build();
        var before = project.Ask("jobs", "--json").Succeeded().As<JobsReport>();
        Assert.Equal(["raw", "report"], before.Jobs.Select(job => job.Job.Job));
        var raw = before.Jobs[0];
        Assert.Equal((3L, 1L, 0L), (raw.Job.Live, raw.Job.Failed, raw.Job.Building));
        Assert.Equal(project.Ask("runs", "--json", "--job", "raw").As<RunsReport>().Runs.Count, raw.Runs);
        Assert.Equal(project.Ask("runs", "--json", "--job", "raw", "--limit", "1").As<RunsReport>().Runs[0], raw.LastRun);
        Assert.True(raw.FailedRuns > 0 && raw.MeanDuration.ToTimeSpan() > TimeSpan.Zero);
        Assert.Equal((1000, 600L), (raw.Limits.BatchSize, raw.Limits.Timeout.Seconds));
        Assert.Equal(["raw/{n:int}"], raw.Families);
        Assert.Equal("", raw.Changed);

        File.AppendAllText(Path.Combine(project.Folder, "write.sh"), "\n# changed\n");
        project.Build();
        var after = project.Ask("jobs", "--json").Succeeded().As<JobsReport>().Jobs[0];
        Assert.NotEqual(raw.Fingerprint, after.Fingerprint);
        Assert.Contains("write.sh", after.Changed, StringComparison.Ordinal);
        Assert.Contains("timeout 10m", project.Ask("jobs").Succeeded().Out, StringComparison.Ordinal);
    }
}
