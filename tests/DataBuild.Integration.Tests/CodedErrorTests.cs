using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>What goes wrong at run time: each has its code, one line, and loses nothing.</summary>
public sealed class CodedErrorTests
{
    [Fact]
    public void A_wanted_partition_whose_job_fails() =>
        Expect("DBLD5101", "a failed: job a exit 3, \"no luck\"", project => project.Script("a", "echo no luck >&2; exit 3").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_that_takes_too_long() =>
        Expect("DBLD5102", "took longer than its timeout of 300ms", project => project.Script("a", "sleep 60", job => job.Timeout = "300ms").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_that_ends_well_and_leaves_nothing() =>
        Expect("DBLD5103", "left nothing at DATABUILD_OUTPUT_ROOT/a", project => project.Script("a", "true").Partition("a", "a").Want("a"));

    [Fact]
    public void Output_that_was_not_asked_for_is_ignored_with_a_warning()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"; echo y > \"$DATABUILD_OUTPUT_ROOT/other\"").Partition("a", "a").Want("a");

        Warns(project, "DBLD5104", "job a wrote other");

        Assert.False(File.Exists(Path.Combine(project.DataRoot, "other")));
    }

    [Fact]
    public void A_job_that_lacks_what_is_there() => Expect("DBLD4011", "reported source in as missing, which was there", project =>
    {
        project.Write("in.txt", "x");
        project.Source("in", "in.txt").Script("a", "echo databuild:missing-deps in; exit 75").Partition("a", "a", "in").Want("a");
    });

    [Fact]
    public void A_job_that_lacks_what_nothing_produces() => Expect(
        "DBLD4012",
        "no job produces 'day/2001-01-07'",
        project => project.Script("a", "echo databuild:missing-deps day/2001-01-07; exit 75").Script("b", "true").Partition("a", "a").Partition("days/{date}", "b").Want("a"));

    [Fact]
    public void Partitions_that_wait_for_each_other() => Expect(
        "DBLD4013",
        "waits for itself: ",
        project => project.Script("a", "echo databuild:missing-deps b; exit 75").Script("b", "echo databuild:missing-deps a; exit 75").Partition("a", "a").Partition("b", "b").Want("a"));

    [Fact]
    public void Changed_code_that_would_replace_more_than_is_allowed_runs_nothing()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"").Partition("a/{n:int}", "a").Want("a/{1..3}");
        project.Build();
        project.WriteScript("a", "echo y > \"$out\"");

        Fails(project, "DBLD4015", "would replace 3 live partitions", request => request.MaxRebuilds = 2);
        Assert.Equal("x\n", project.Data("a/1"));
        Assert.Equal(3, project.Build(request => request.MaxRebuilds = 3).Built);
    }

    [Fact]
    public void A_caller_who_expects_everything_to_be_up_to_date()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"").Partition("a", "a").Want("a");

        Fails(project, "DBLD4016", "1 partition would run (a 1): a, it was never built", request => request.ExpectUpToDate = true);
        Assert.False(File.Exists(Path.Combine(project.DataRoot, "a")));
        project.Build();
        Assert.Equal(BuildOutcome.UpToDate, project.Build(request => request.ExpectUpToDate = true).Outcome);
    }

    [Fact]
    public void A_job_without_any_known_input_gets_one_warning()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"").Partition("a/{n:int}", "a").Want("a/{1..5}");

        Warns(project, "DBLD4017", "job a made a/");
    }

    [Fact]
    public void A_partition_that_somebody_changed_is_kept_with_a_warning()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"").Partition("a", "a").Want("a");
        project.Build();
        File.WriteAllText(Path.Combine(project.DataRoot, "a"), "mine\n");

        Warns(project, "DBLD4018", "a was changed by somebody else");

        Assert.Equal("mine\n", project.Data("a"));
    }

    [Fact]
    public void A_read_that_nothing_answers_to_is_not_recorded()
    {
        using var project = new TestProject();
        project.Script("a", "echo databuild:read-deps nowhere/1; echo x > \"$out\"").Partition("a", "a").Want("a");

        Warns(project, "DBLD4019", "'nowhere/1'");
    }

    [Fact]
    public void A_malformed_set_among_the_reads_is_said_and_not_swallowed()
    {
        using var project = new TestProject();
        project.Script("a", "echo 'databuild:read-deps a/{1..'; echo x > \"$out\"").Partition("a", "a").Want("a");

        Warns(project, "DBLD4019", "'a/{1..'");
    }

    [Fact]
    public void A_job_that_reads_a_file_and_leaves_what_cannot_be_published_fails_and_the_engine_goes_on() => Expect(
        "DBLD6108",
        "a failed: ",
        project => project.Script("a", "echo '{\"readFiles\":{\"paths\":[\"a.sh\"]}}' >> \"$DATABUILD_MESSAGES_FILE\"; ln -s /etc/passwd \"$out\"").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_that_asks_to_be_run_later_than_the_build_waits() => Expect(
        "DBLD4020",
        "asked to be run again at",
        project => project.Script("a", "echo '{\"retryAfter\":{\"seconds\":3600}}' >> \"$DATABUILD_MESSAGES_FILE\"; exit 75").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_that_asks_to_be_run_soon_is_waited_for()
    {
        using var project = new TestProject();
        project.Script("a", "if [ -e once ]; then echo x > \"$out\"; else touch once; echo '{\"retryAfter\":{\"seconds\":0.2}}' >> \"$DATABUILD_MESSAGES_FILE\"; exit 75; fi").Partition("a", "a").Want("a");

        var result = project.Build(request => request.MaxWait = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(30)));

        Assert.Equal((BuildOutcome.Built, 2L), (result.Outcome, result.Runs));
    }

    [Fact]
    public void A_target_that_is_no_job()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"").Partition("a", "a").Want("a");

        Fails(project, "DBLD4021", "no job 'b'", request => request.Jobs.Add("b"));
    }

    [Fact]
    public void Stale_data_of_a_job_that_keeps_it_gets_a_warning()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"", job => job.OnStale = "warn").Partition("a", "a").Want("a");
        project.Build();
        project.WriteScript("a", "echo y > \"$out\"");

        Warns(project, "DBLD4022", "1 stale partitions of job a are kept");

        Assert.Equal("x\n", project.Data("a"));
    }

    [Fact]
    public void A_source_that_is_not_there() => Expect(
        "DBLD4023",
        "source in is not there: no in.txt",
        project => project.Source("in", "in.txt").Script("a", "echo x > \"$out\"").Partition("a", "a", "in").Want("a"));

    [Fact]
    public void A_time_zone_that_the_machine_does_not_know()
    {
        using var project = new TestProject();
        project.Graph.TimeZone = "Europe/Nowhere";
        project.Script("a", "echo x > \"$out\"").Partition("a", "a").Want("a");

        Fails(project, "DBLD4024", "Europe/Nowhere");
    }

    private static void Expect(string code, string text, Action<TestProject> make)
    {
        using var project = new TestProject();
        make(project);
        Fails(project, code, text);
    }

    private static void Fails(TestProject project, string code, string text, Action<EngineRequest>? change = null)
    {
        var request = project.Request();
        change?.Invoke(request);
        using var engine = EngineRun.Start(request);
        var result = engine.WaitForResult();
        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Equal((BuildOutcome.Failed, code), (result.Outcome, error.Code));
        Assert.Contains(text, error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Text);
    }

    private static void Warns(TestProject project, string code, string text)
    {
        using var engine = EngineRun.Start(project.Request());
        Assert.NotEqual(BuildOutcome.Failed, engine.WaitForResult().Outcome);
        var warning = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Code == code);
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Contains(text, warning.Text, StringComparison.Ordinal);
    }
}
