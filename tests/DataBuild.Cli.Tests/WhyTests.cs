using DataBuild.V1;

namespace DataBuild.Cli.Tests;

public sealed class WhyTests
{
    [Fact]
    public void The_answer_is_the_same_to_the_byte_when_project_data_and_run_logs_are_gone()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        string[][] questions =
        [
            ["why", "report/3"], ["why", "raw/3", "--json"], ["why", "raw/2"], ["why", "report/1", "--full"], ["why", "report/2", "--json"], ["why", "raw/77"], ["status"],
        ];
        var before = questions.Select(question => project.Ask(question).Succeeded().Out).ToList();
        project.DeleteAllButTheLog();
        Assert.Equal(before, questions.Select(question => project.Ask(question).Succeeded().Out));
    }

    [Fact]
    public void What_was_built_tells_reason_run_reads_and_who_wants_it()
    {
        using var project = Project.Small();
        project.Build();
        var why = project.Ask("why", "raw/2", "--json").Succeeded().As<WhyReport>();
        Assert.Equal((RefState.Live, "it is up to date", "raw"), (why.Verdict.State, why.Text, why.Verdict.Job));
        Assert.Equal((true, 1u, "it was never built"), (why.Instance.Live, why.Instance.Attempt, why.Instance.Text));
        Assert.True(why.Instance.QueuedAt > 0 && why.Instance.PublishedAt > why.Instance.QueuedAt);
        Assert.Equal((ulong)"made raw/2\n".Length, why.Instance.Size);
        Assert.Equal(["report/1", "report/2"], why.Readers.Select(reader => reader.Ref));
        Assert.Equal("raw/2", Assert.Single(why.Requesters).Chain[^1]);
        Assert.Equal(2, why.Requesters[0].Chain.Count);

        var report = project.Ask("why", "report/2", "--json").Succeeded().As<WhyReport>();
        Assert.Equal([("raw/2", true), ("raw/3", true)], report.Reads.Select(read => (read.Ref, read.Equal)));
        Assert.Equal(["report/2"], report.Requesters[0].Chain);
    }

    [Fact]
    public void A_rebuild_tells_what_was_compared_with_old_and_new_value()
    {
        using var project = Project.Small();
        project.Build();
        project.Graph.Jobs[0].Environment = "A=1";
        project.Build();
        var why = project.Ask("why", "raw/1", "--json").Succeeded().As<WhyReport>();
        Assert.Equal(ReasonKind.JobChanged, why.Instance.Reason.Kind);
        Assert.NotEqual(why.Instance.Reason.Was, why.Instance.Reason.Now);
        Assert.Equal("its job changed (environment)", why.Instance.Text);
        string text = project.Ask("why", "raw/1").Out;
        Assert.Contains($"was {why.Instance.Reason.Was}, now {why.Instance.Reason.Now}, event {why.Instance.Reason.Offset}", text, StringComparison.Ordinal);

        // Its bytes came out equal, so what read it was not run again, and says so.
        Assert.Equal(ReasonKind.EarlyCutoff, project.Ask("why", "report/1", "--json").As<WhyReport>().Verdict.Reason.Kind);
    }

    [Fact]
    public void A_failed_ref_tells_exit_code_last_words_and_log()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        var why = project.Ask("why", "raw/2", "--json").Succeeded().As<WhyReport>();
        Assert.Equal((RefState.Failed, 3, "raw"), (why.Verdict.State, why.Failure.ExitCode, why.Failure.Job));
        Assert.Contains("no good: raw/2", why.Failure.LastWords, StringComparison.Ordinal);
        Assert.Equal(["report/1", "report/2"], why.Waiting.Select(waiting => waiting.Ref));
        Assert.All(why.Waiting, waiting => Assert.Equal(RefState.UpstreamFailed, waiting.State));
        Assert.Null(why.Instance);
    }

    [Fact]
    public void A_ref_that_waits_for_a_failed_one_names_it()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        var why = project.Ask("why", "report/1", "--json").Succeeded().As<WhyReport>();
        Assert.Equal((RefState.UpstreamFailed, "raw/2"), (why.Verdict.State, why.Verdict.Reason.Ref));
        Assert.Equal("raw/2", Assert.Single(why.Awaited).Ref);
    }

    [Fact]
    public void A_ref_that_nobody_wants_says_so()
    {
        using var project = Project.Small();
        project.Build();
        var why = project.Ask("why", "raw/77", "--json").Succeeded().As<WhyReport>();
        Assert.Equal((RefState.Absent, ReasonKind.NotWanted, "nothing wants it"), (why.Verdict.State, why.Verdict.Reason.Kind, why.Text));
        Assert.Empty(why.Requesters);
    }

    [Fact]
    public void A_ref_that_is_wanted_through_refs_that_never_ran_tells_the_chain()
    {
        using var project = Project.Small();
        project.Want("report/{8..9}");
        project.Build("report/{1..3}");
        var why = project.Ask("why", "raw/10", "--json").Succeeded().As<WhyReport>();
        Assert.Equal(["report/9", "raw/10"], Assert.Single(why.Requesters).Chain);
        Assert.Equal((RefState.Ready, ReasonKind.Absent), (why.Verdict.State, why.Verdict.Reason.Kind));
        Assert.Equal("report/9", Assert.Single(why.Waiting).Ref);
        var report = project.Ask("why", "report/9", "--json").Succeeded().As<WhyReport>();
        Assert.Equal((RefState.Waiting, ReasonKind.Absent, ReasonKind.Waiting), (report.Verdict.State, report.Verdict.Reason.Kind, report.HeldBy.Kind));
        Assert.Equal(["raw/9", "raw/10"], report.Awaited.Select(awaited => awaited.Ref));
    }

    [Fact]
    public void An_open_interval_is_told_with_its_end()
    {
        using var project = new Project().Job("raw").Partition("raw/{date}", "raw").Want("raw/{2001-01-01|9998-01-01}");
        project.Build();
        var why = project.Ask("why", "raw/9998-01-01", "--json").Succeeded().As<WhyReport>();
        Assert.Equal(ReasonKind.IntervalOpen, why.Verdict.Reason.Kind);
        Assert.Contains("9998-01-02", why.Text, StringComparison.Ordinal);
        Assert.Equal(1, project.Ask("status", "--json").As<StatusReport>().Wants[0].Refs.NotDue);
    }

    [Fact]
    public void An_earlier_offset_is_answered_as_of_then()
    {
        using var project = Project.Small();
        project.Build();
        ulong published = project.Ask("why", "raw/2", "--json").As<WhyReport>().Instance.PublishedAt;
        var then = project.Ask("why", "raw/2", "--at", $"{published - 1}", "--json").Succeeded().As<WhyReport>();
        Assert.Equal((published - 1, RefState.Building), (then.Offset, then.Verdict.State));
        Assert.Null(then.Instance);
        project.Ask("why", "raw/2", "--at", "100000").Failed(2, "DBLD2107", "it holds events 1 to");
        project.Ask("why", "raw/2", "--at", "0").Failed(2, "DBLD2107");
    }

    [Fact]
    public void A_source_tells_what_was_seen_of_it_and_who_read_it()
    {
        using var project = new Project().Job("raw").Source("csv", "in.csv").Partition("raw/{n:int}", "raw", "csv").Want("raw/{1..2}");
        File.WriteAllText(Path.Combine(project.Folder, "in.csv"), "x");
        project.Build();
        var why = project.Ask("why", "csv", "--json").Succeeded().As<WhyReport>();
        Assert.Equal((true, true, "in.csv"), (why.IsSource, why.Source.Present, why.Source.Path));
        Assert.Equal(["raw/1", "raw/2"], why.Readers.Select(reader => reader.Ref));
        Assert.Contains("there, content", project.Ask("why", "csv").Out, StringComparison.Ordinal);
    }
}
