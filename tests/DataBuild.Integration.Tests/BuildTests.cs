using DataBuild.V1;

namespace DataBuild.Integration.Tests;

public sealed class BuildTests
{
    private const string Copy = "cat \"$in/a/${ref#b/}\" > \"$out\"";

    [Fact]
    public void A_want_is_built_through_what_it_needs_and_a_second_build_appends_and_runs_nothing()
    {
        using var project = new TestProject();
        project.Script("a", "echo \"$ref\" > \"$out\"").Script("b", Copy).Partition("a/{n:int}", "a").Partition("b/{n:int}", "b", "a/{n}").Want("b/{1..3}");

        var first = project.Build();
        int events = project.Events().Count;
        var second = project.Build();

        Assert.Equal(BuildOutcome.Built, first.Outcome);
        Assert.Equal(6, first.Built);
        Assert.Equal("a/2\n", project.Data("b/2"));
        Assert.Equal(BuildOutcome.UpToDate, second.Outcome);
        Assert.Equal(0, second.Runs);
        Assert.Equal(events, project.Events().Count);
    }

    [Fact]
    public void A_ref_with_spaces_and_other_alphabets_is_built()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"").Partition("a/{name}", "a").Want("a/{größe 1|日本|a b c}");

        Assert.Equal(3, project.Build().Built);
        Assert.Equal("x\n", project.Data("a/日本"));
    }

    [Fact]
    public void A_lost_file_is_rebuilt_and_nothing_else()
    {
        using var project = new TestProject();
        project.Script("a", "echo \"$ref\" > \"$out\"").Partition("a/{n:int}", "a").Want("a/{1..5}");
        project.Build();
        File.Delete(Path.Combine(project.DataRoot, "a/3"));

        var result = project.Build();

        Assert.Equal(1, result.Built);
        Assert.Equal("a/3\n", project.Data("a/3"));
    }

    [Fact]
    public void Inputs_found_at_run_time_are_built_and_remembered()
    {
        using var project = new TestProject();
        project.Script("a", "echo \"$ref\" > \"$out\"");
        project.Script("sum", """
            if [ ! -e "$in/a/1" ] || [ ! -e "$in/a/2" ]; then echo "databuild:missing-deps a/1 a/2"; exit 75; fi
            cat "$in/a/1" "$in/a/2" > "$out"
            """);
        project.Partition("a/{n:int}", "a").Partition("sum", "sum").Want("sum");

        var first = project.Build();
        Directory.Delete(Path.Combine(project.DataRoot, "a"), recursive: true);
        File.Delete(Path.Combine(project.DataRoot, "sum"));
        var again = project.Build();

        Assert.Equal((3L, 1L), (first.Built, first.Jobs.Single(job => job.Job == "sum").Missed));
        Assert.Equal(BuildOutcome.Built, again.Outcome);
        Assert.Equal((3L, 0L), (again.Built, again.Jobs.Sum(job => job.Missed)));
        var child = project.Events().Single(stored => stored.Event.WantCreate is not null).Event.WantCreate.Want;
        var root = project.Events().Single(stored => stored.Event.WantRegister is not null).Event.WantRegister.Wants.Single();
        Assert.Equal((root.WantId, root.WantId, 1u), (child.ParentWantId, child.RootWantId, child.Hops));
    }

    [Fact]
    public void Equal_bytes_stop_a_rebuild_from_going_further()
    {
        using var project = new TestProject();
        project.Write("in.txt", "1,keep\n");
        project.Source("in", "in.txt").Script("cut", "cut -d, -f2 in.txt > \"$out\"").Script("up", "tr a-z A-Z < \"$in/cut\" > \"$out\"");
        project.Partition("cut", "cut", "in").Partition("up", "up", "cut").Want("up");
        project.Build();

        project.Write("in.txt", "2,keep\n");
        var cutOff = project.Build();
        project.Write("in.txt", "2,changed\n");
        var through = project.Build();

        Assert.Equal((1L, 1L), (cutOff.Built, cutOff.Runs));
        Assert.Equal(2L, through.Built);
        Assert.Equal("CHANGED\n", project.Data("up"));
    }

    [Fact]
    public void A_batch_ends_with_an_outcome_for_each_of_its_refs()
    {
        using var project = new TestProject();
        project.Script("input", "echo \"$ref\" > \"$out\"");
        project.Script("four", """
            say() { echo "$1" >> "$DATABUILD_MESSAGES_FILE"; }
            n="${ref#four/}"
            case "$n" in
              1) echo one > "$out" ;;
              2) say "{\"for\":[\"$ref\"],\"partitionFailed\":{\"reason\":\"two is bad\"}}" ;;
              *) if [ -e "$in/input/$n" ]; then cat "$in/input/$n" > "$out"; else say "{\"for\":[\"$ref\"],\"missingDeps\":{\"refs\":[\"input/$n\"]}}"; fi ;;
            esac
            """, job => job.BatchSize = "4");
        project.Partition("input/{n:int}", "input").Partition("four/{n:int}", "four").Want("four/{1..4}");

        using var engine = EngineRun.Start(project.Request());
        var result = engine.WaitForResult();

        Assert.Equal(BuildOutcome.Failed, result.Outcome);
        Assert.Equal(5, result.Built);
        Assert.Equal("input/4\n", project.Data("four/4"));
        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Contains("four/2 failed: job four: two is bad", error.Text, StringComparison.Ordinal);
        var first = project.Events().First(stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure.End;
        Assert.Equal(["Done", "Failed", "Missed", "Missed"], first.Outcomes.OrderBy(outcome => outcome.Ref, StringComparer.Ordinal).Select(outcome => outcome.OutcomeCase.ToString()));
    }

    [Fact]
    public void A_failure_three_hops_below_is_one_error_that_names_the_leaf_and_the_rest_is_built()
    {
        using var project = new TestProject();
        project.Script("a", "if [ \"$ref\" = a/2 ]; then echo 'line 3501: delay late' >&2; exit 3; fi; echo x > \"$out\"");
        project.Script("b", "echo x > \"$out\"").Script("c", "echo x > \"$out\"").Script("d", "echo x > \"$out\"");
        project.Partition("a/{n:int}", "a").Partition("b/{n:int}", "b", "a/{n}").Partition("c/{n:int}", "c", "b/{n}").Partition("d/{n:int}", "d", "c/{n}").Want("d/{1..3}");

        using var engine = EngineRun.Start(project.Request());
        var result = engine.WaitForResult();

        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Equal("DBLD4010", error.Code);
        Assert.Contains("d/2", error.Text, StringComparison.Ordinal);
        Assert.Contains("blocked by a/2: job a exit 3, \"line 3501: delay late\"; log .databuild/runs/", error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Text);
        Assert.Equal("d/{1..3}", error.Origin.Include);
        Assert.Equal(8, result.Built);

        project.WriteScript("a", "echo x > \"$out\"");
        var mended = project.Build();
        Assert.Equal(BuildOutcome.Built, mended.Outcome);
    }

    [Fact]
    public void A_build_that_finds_another_waits_and_says_for_whom()
    {
        using var project = new TestProject();
        project.Script("a", "while [ ! -e gate ]; do sleep 0.05; done; echo x > \"$out\"").Partition("a", "a").Want("a");

        using var first = EngineRun.Start(project.Request());
        first.WaitFor(message => message.Progress is { Running: > 0 });
        using var second = EngineRun.Start(project.Request());
        second.WaitFor(message => message.Line?.Text.Contains("waiting for", StringComparison.Ordinal) == true);
        Assert.Contains(second.Lines, line => line.Contains(first.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        project.Write("gate", "");

        Assert.Equal(BuildOutcome.Built, first.WaitForResult().Outcome);
        Assert.Equal(BuildOutcome.UpToDate, second.WaitForResult().Outcome);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(1)]
    [InlineData(0)]
    public void A_build_that_is_stopped_leaves_no_process_and_the_next_one_goes_on(int signal)
    {
        using var project = new TestProject();
        project.Script("a", """
            setsid sh -c 'echo $$ > grandchild; trap "" TERM INT HUP; while [ ! -e gate ]; do sleep 0.05; done' &
            while [ ! -e gate ]; do sleep 0.05; done
            echo x > "$out"
            """).Script("b", "echo x > \"$out\"").Partition("a", "a").Partition("b", "b").Want("a").Want("b");

        using (var engine = EngineRun.Start(project.Request()))
        {
            engine.WaitFor(message => message.Run is { Job: "b" });
            while (!File.Exists(Path.Combine(project.Folder, "grandchild")))
            {
                Assert.DoesNotContain(engine.Messages, message => message.Result is not null);
                Thread.Yield();
            }

            if (signal == 0)
            {
                engine.CloseInput();
            }
            else
            {
                engine.Signal(signal);
            }

            Assert.Equal(BuildOutcome.Canceled, engine.WaitForResult().Outcome);
        }

        Assert.Empty(Processes.With(project.Folder));
        project.Write("gate", "");
        var next = project.Build();
        Assert.Equal((BuildOutcome.Built, 1L), (next.Outcome, next.Built));
    }

    [Fact]
    public void A_want_over_a_million_refs_is_one_event_and_only_what_is_asked_for_is_built()
    {
        using var project = new TestProject();
        project.Job("a", "/bin/sh a.sh", job => job.BatchSize = "50").Partition("a/{n:int}", "a").Want("a/{0..999999}");
        project.WriteScript("a", "echo \"$ref\" > \"$out\"");

        using var engine = EngineRun.Start(Scoped(project.Request()));
        var result = engine.WaitForResult();

        Assert.Equal((BuildOutcome.Built, 100L), (result.Outcome, result.Built));
        var registration = project.Events().Single(stored => stored.Event.WantRegister is not null).Event;
        Assert.InRange(registration.CalculateSize(), 1, 500);
        Assert.InRange(engine.PeakMemory, 1, 150L << 20);

        static EngineRequest Scoped(EngineRequest request)
        {
            request.Wants.Add("a/{0..99}");
            return request;
        }
    }

    [Fact]
    public void A_graph_with_errors_is_refused_before_anything_is_touched()
    {
        using var project = new TestProject();
        project.Script("a", "echo x > \"$out\"").Partition("a/{date}", "a").Want("b/{2001-01-01..2001-01-31}");

        using var engine = EngineRun.Start(project.Request());

        Assert.Equal(BuildOutcome.Invalid, engine.WaitForResult().Outcome);
        Assert.Contains(engine.Diagnostics, diagnostic => diagnostic is { Code: "DBLD3001", Origin.Include: "b/{2001-01-01..2001-01-31}" });
        Assert.False(Directory.Exists(project.StateDirectory));
    }
}
