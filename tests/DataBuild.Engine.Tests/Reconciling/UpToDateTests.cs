using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>What is rebuilt, what is not, and why.</summary>
public sealed class UpToDateTests
{
    /// <summary>in -> a -> b -> c -> d, each of one input.</summary>
    private static Simulator Chain(string onStale = "") => new Simulator(new Project()
            .Source("in/{n:int}").Makes("a/{n:int}", "in/{n}").Makes("b/{n:int}", "a/{n}", onStale: onStale).Makes("c/{n:int}", "b/{n}").Makes("d/{n:int}", "c/{n}").Want("d/1"))
        .Has("in/1", "x");

    [Fact]
    public void A_changed_source_rebuilds_what_was_made_of_it_and_says_old_and_new_content_and_the_event()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Has("in/1", "y");
        var build = simulator.Build();
        Assert.Equal(["a/1", "b/1", "c/1", "d/1"], build.Ran);
        var reason = build.Partition("a/1").Reason;
        Assert.Equal((ReasonKind.InputChanged, "in/1"), (reason.Kind, reason.Ref));
        Assert.Equal((Content.Fingerprint("x").ToString(), Content.Fingerprint("y").ToString()), (reason.Was, reason.Now));
        Assert.NotNull(simulator.Events.Single(stored => stored.Offset == reason.Offset).Event.Observe);
    }

    [Fact]
    public void A_changed_job_rebuilds_what_it_made_and_names_the_part_that_differs()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Project = simulator.Project.WithVersion("c", "2");
        var build = simulator.Build();
        Assert.Equal(["c/1", "d/1"], build.Ran);
        var reason = build.Partition("c/1").Reason;
        Assert.Equal((ReasonKind.JobChanged, "c", "version"), (reason.Kind, reason.Ref, reason.Detail));
        Assert.NotEqual(reason.Was, reason.Now);
        Assert.NotNull(simulator.Events.Single(stored => stored.Offset == reason.Offset).Event.GraphRegister);
    }

    [Fact]
    public void A_job_that_returns_to_what_it_was_leaves_what_it_made_then_up_to_date()
    {
        var simulator = Chain();
        simulator.Build();
        var first = simulator.Project;
        simulator.Project = first.WithVersion("d", "2");
        simulator.Open();
        simulator.Project = first;
        Assert.Empty(simulator.Build().Ran);
        simulator.Project = first.WithVersion("d", "2");
        Assert.Equal(["d/1"], simulator.Build().Ran);
        simulator.Project = first;
        Assert.Equal(["d/1"], simulator.Build().Ran);
    }

    [Fact]
    public void An_input_rebuilt_to_equal_bytes_cuts_off_everything_behind_it_over_several_hops()
    {
        var simulator = Chain().Does("b", run => run.Write(run.Ref, "always the same"));
        simulator.Build();
        simulator.Has("in/1", "y");
        var plan = simulator.Plan();
        Assert.Equal(["a/1"], plan.Verdicts.Where(verdict => verdict.WillRun).Select(verdict => verdict.Ref));
        Assert.Equal(["b/1", "c/1", "d/1"], plan.Verdicts.Where(verdict => verdict.MayRun).Select(verdict => verdict.Ref).Order());
        var build = simulator.Build();
        Assert.Equal(["a/1", "b/1"], build.Ran);
        Assert.True(build.IsSuccessful);
        Assert.Equal(ReasonKind.EarlyCutoff, build.Of("c/1").Reason.Kind);
        Assert.Equal(ReasonKind.UpToDate, build.Of("d/1").Reason.Kind);
    }

    [Fact]
    public void A_suspect_ref_waits_and_names_what_may_turn_out_to_differ()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Has("in/1", "y");
        simulator.Open();
        simulator.Begin();
        Assert.Equal(["a/1"], simulator.Look().Ran);
        var verdict = simulator.Look().Of("d/1");
        Assert.Equal((RefState.Suspect, ReasonKind.Suspect, "c/1", true), (verdict.State, verdict.Reason.Kind, verdict.Reason.Ref, verdict.MayRun));
    }

    [Fact]
    public void A_taint_rebuilds_the_ref_and_what_read_it_only_if_its_bytes_change()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Open();
        simulator.Taint("b/1", "wrong currency");
        simulator.Converge();
        Assert.Equal(["b/1"], simulator.Look().Ran);
        Assert.Equal("it is tainted: wrong currency", Engine.Reconciling.Reasons.ToText(simulator.Runs[0].Partitions[0].Reason));
        Assert.Empty(simulator.State.Taints);
    }

    [Fact]
    public void A_lost_file_is_rebuilt_where_wanted_and_no_difference_where_not()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Files.Remove("b/1");
        var build = simulator.Build();
        Assert.Empty(build.Ran);
        Assert.True(build.IsSuccessful);

        simulator.Files.Remove("d/1");
        build = simulator.Build();
        Assert.Equal(["d/1"], build.Ran);
        Assert.Equal(ReasonKind.Lost, build.Partition("d/1").Reason.Kind);

        // c has to run now and reads b.
        simulator.Project = simulator.Project.WithVersion("c", "2");
        Assert.Equal(["b/1", "c/1", "d/1"], simulator.Build().Ran);
    }

    [Fact]
    public void A_plan_says_that_an_absent_input_may_be_rebuilt_if_its_reader_turns_out_to_differ()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Project = new Project(simulator.Project).Makes("e/{n:int}", "d/{n};b/{n}").Want("e/1");
        simulator.Build();
        simulator.Files.Remove("b/1");
        simulator.Taint("d/1");
        simulator.Commit();
        var plan = simulator.Plan();
        Assert.Contains(plan.Verdicts, verdict => verdict is { Ref: "b/1", MayRun: true });
        simulator.Does("d", run => run.Write(run.Ref, "new"));
        Assert.Equal(["d/1", "b/1", "e/1"], simulator.Build().Ran);
    }

    [Fact]
    public void A_file_that_somebody_changed_is_kept_even_if_its_job_or_input_changes_until_it_is_tainted()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Files["b/1"] = "mended by hand";
        var build = simulator.Build();
        Assert.Empty(build.Ran);
        Assert.Equal((RefState.Live, ReasonKind.Kept), (build.StateOf("b/1"), build.Of("b/1").Reason.Kind));
        Assert.True(build.IsSuccessful);
        ulong end = simulator.LastOffset;
        simulator.Build();
        Assert.Equal(end, simulator.LastOffset);

        simulator.Project = simulator.Project.WithVersion("b", "2");
        simulator.Has("in/1", "y");
        Assert.DoesNotContain("b/1", simulator.Build().Ran);
        Assert.Equal("mended by hand", simulator.Files["b/1"]);

        simulator.Taint("b/1");
        simulator.Converge();
        Assert.Equal(["b/1", "c/1", "d/1"], simulator.Look().Ran.TakeLast(3));
        Assert.NotEqual("mended by hand", simulator.Files["b/1"]);
    }

    [Fact]
    public void A_changed_file_that_is_put_back_is_as_it_was()
    {
        var simulator = Chain();
        simulator.Build();
        string before = simulator.Files["b/1"];
        simulator.Files["b/1"] = "other";
        simulator.Build();
        simulator.Files["b/1"] = before;
        Assert.Equal(ReasonKind.UpToDate, simulator.Build().Of("b/1").Reason.Kind);
    }

    [Theory]
    [InlineData("warn")]
    [InlineData("ignore")]
    public void Stale_data_of_a_job_that_says_so_counts_as_up_to_date_and_says_what_differs(string onStale)
    {
        var simulator = Chain(onStale);
        simulator.Build();
        simulator.Project = simulator.Project.WithVersion("b", "2");
        var build = simulator.Build();
        Assert.Empty(build.Ran);
        Assert.True(build.IsSuccessful);
        Assert.Equal((RefState.Stale, ReasonKind.Kept), (build.StateOf("b/1"), build.Of("b/1").Reason.Kind));
        Assert.Contains("its job changed (version)", build.TextOf("b/1"), StringComparison.Ordinal);

        simulator.Has("in/1", "y");
        Assert.Equal(["a/1"], simulator.Build().Ran);
    }

    [Fact]
    public void A_change_of_code_that_would_replace_more_than_allowed_runs_nothing_and_says_how_many()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/{1..10}")) { MaxRebuilds = 9 };
        simulator.Build();
        simulator.Project = simulator.Project.WithVersion("a", "2");
        var build = simulator.Build();
        Assert.Empty(build.Ran);
        Assert.Equal(10, simulator.Last!.TooManyRebuilds);
        Assert.Equal(10, simulator.Reconciler.Plan().WillRun);
        simulator.MaxRebuilds = 10;
        Assert.Equal(10, simulator.Build().Ran.Count);
    }

    [Fact]
    public void An_input_that_changed_while_the_run_was_under_way_makes_its_result_at_once_stale_and_the_rerun_costs_no_retry()
    {
        var simulator = Chain();
        simulator.Open();
        simulator.Begin();
        simulator.Has("in/1", "y");
        simulator.Watch("in/1");
        simulator.End(simulator.UnderWay[0].RunId);
        simulator.Commit();
        Assert.Equal(Content.Fingerprint("x"), simulator.State[simulator.State.Refs.Intern("a/1")].Reads![0].Content);
        simulator.Converge();
        Assert.Equal(["a/1", "a/1", "b/1", "c/1", "d/1"], simulator.Look().Ran);
        Assert.All(simulator.Runs.SelectMany(run => run.Partitions), partition => Assert.Equal(1u, partition.Attempt));
        Assert.Equal(ReasonKind.InputChanged, simulator.Runs[1].Partitions[0].Reason.Kind);
    }

    [Fact]
    public void A_job_that_changed_while_its_run_was_under_way_makes_its_result_at_once_stale()
    {
        var simulator = Chain();
        simulator.Open();
        simulator.Begin();
        simulator.Project = simulator.Project.WithVersion("a", "2");
        simulator.Register();
        simulator.Converge();
        Assert.Equal(["a/1", "a/1", "b/1", "c/1", "d/1"], simulator.Look().Ran);
        Assert.Equal(ReasonKind.JobChanged, simulator.Runs[1].Partitions[0].Reason.Kind);
    }

    [Fact]
    public void Nothing_starts_from_an_input_that_was_tainted_after_it_was_ready()
    {
        var simulator = Chain();
        simulator.Slots = 1;
        simulator.Project = new Project(simulator.Project).Job("slow").Partition("slow/{n:int}", "slow").Want("slow/1", priority: 9);
        simulator.Open();
        simulator.Step();
        simulator.Step();
        Assert.Equal(["slow/1", "a/1"], simulator.Look().Ran);

        // b is ready, its run is not queued yet.
        simulator.Taint("a/1");
        simulator.Converge();
        Assert.Equal(["slow/1", "a/1", "a/1", "b/1", "c/1", "d/1"], simulator.Look().Ran);
    }

    [Fact]
    public void An_input_of_a_run_under_way_is_not_replaced_until_the_run_ends()
    {
        var simulator = Chain();
        simulator.Build();
        simulator.Project = simulator.Project.WithVersion("b", "2");
        simulator.Open();
        simulator.Begin();
        Assert.Equal(["b/1"], simulator.Look().Ran);
        simulator.Taint("a/1");
        simulator.Begin();
        Assert.Equal(["b/1"], simulator.Look().Ran);
        Assert.Contains("the end of a run that reads what it would replace", simulator.Look().TextOf("a/1"), StringComparison.Ordinal);
        simulator.Converge();
        Assert.Equal(["b/1", "a/1", "c/1", "d/1"], simulator.Look().Ran);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_reported_later_counts_as_the_instance_live_at_the_start_else_the_first_one_after(bool lost)
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}").Want("b/1")) { Slots = 2 };
        simulator.Does("b", run => run.Write("b/1", "first"));
        simulator.Build();
        var old = Content.Fingerprint("first");
        simulator.Project = new Project(simulator.Project).Want("a/1");
        simulator.Does("a", run =>
        {
            run.ReportReads(["b/1"]);
            run.Write("a/1", "made of the first b");
        }).Does("b", run => run.Write("b/1", "second"));
        simulator.Open();
        simulator.Begin();
        if (lost)
        {
            simulator.Files.Remove("b/1");
            simulator.Watch("b/1");
        }
        else
        {
            simulator.Taint("b/1");
        }

        simulator.Begin();
        simulator.End(simulator.UnderWay.Single(run => run.Job == "b").RunId);
        simulator.End(simulator.UnderWay.Single(run => run.Job == "a").RunId);
        Assert.Equal(old, simulator.State[simulator.State.Refs.Intern("a/1")].Reads![0].Content);
        simulator.Converge();
        Assert.Equal(["a/1", "b/1", "a/1"], simulator.Look().Ran);
    }

    [Fact]
    public void A_read_reported_later_of_what_was_not_there_at_the_start_counts_as_the_first_one_after()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}").Want("b/1").Want("a/1"));
        simulator.Does("a", run =>
        {
            run.ReportReads(["b/1"]);
            run.Write("a/1", "of b");
        });
        simulator.Open();
        simulator.Begin();
        simulator.End(simulator.UnderWay.Single(run => run.Job == "b").RunId);
        simulator.End(simulator.UnderWay.Single(run => run.Job == "a").RunId);
        simulator.Converge();
        Assert.Equal(["b/1", "a/1"], simulator.Look().Ran.OrderDescending());
        Assert.Equal(Content.Fingerprint(simulator.Files["b/1"]), simulator.State[simulator.State.Refs.Intern("a/1")].Reads![0].Content);
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void A_changed_file_beside_the_graph_rebuilds_once()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1")).Does("a", run => run.Write("a/1", run.ReadFile("rates.txt") ?? "none"));
        simulator.OtherFiles["rates.txt"] = "1";
        simulator.Build();
        Assert.Empty(simulator.Build().Ran);
        simulator.OtherFiles["rates.txt"] = "2";
        var build = simulator.Build();
        Assert.Equal(["a/1"], build.Ran);
        Assert.Equal((ReasonKind.InputChanged, "rates.txt"), (build.Partition("a/1").Reason.Kind, build.Partition("a/1").Reason.Ref));
        Assert.Empty(simulator.Build().Ran);
    }

    [Fact]
    public void A_failure_over_three_hops_is_named_by_its_leaf_the_rest_is_built_and_all_heals_with_the_leaf()
    {
        bool broken = true;
        var simulator = new Simulator(new Project()
                .Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}").Makes("c/{n:int}", "b/{n}").Makes("d/{n:int}", "c/{1..3}").Want("d/1").Want("c/3"))
            .Does("a", run =>
            {
                run.MakeFromNeeds();
                run.Exit(broken && run.Ref == "a/2" ? 3 : 0, "no such column");
            });
        var build = simulator.Build();
        Assert.All(["b/2", "c/2", "d/1"], @ref => Assert.Equal((RefState.UpstreamFailed, "a/2"), (build.StateOf(@ref), build.LeafOf(@ref))));
        Assert.Equal("it waits for a/2, which failed: job a exit 3, \"no such column\"", build.TextOf("d/1"));
        Assert.All(["a/1", "b/1", "c/1", "a/3", "b/3", "c/3"], @ref => Assert.Equal(RefState.Live, build.StateOf(@ref)));
        Assert.Equal(["UpstreamFailed", "Successful"], build.Wants.Select(want => want.State));
        var (leaf, blocked) = Assert.Single(simulator.Reconciler.Failures());
        Assert.Equal("a/2", leaf.Ref);
        Assert.Equal(["d/1", "c/2", "b/2"], blocked);

        broken = false;
        var healed = simulator.Build();
        Assert.Equal(["a/2", "b/2", "c/2", "d/1"], healed.Ran);
        Assert.True(healed.IsSuccessful);
    }

    [Fact]
    public void A_rebuild_that_fails_leaves_the_live_instance_in_place_and_holds_up_what_reads_it()
    {
        var simulator = Chain();
        simulator.Build();
        string before = simulator.Files["b/1"];
        simulator.Project = simulator.Project.WithVersion("b", "2");
        simulator.Does("b", run => run.Exit(1));
        var build = simulator.Build();
        Assert.Equal(["b/1"], build.Ran);
        Assert.Equal(before, simulator.Files["b/1"]);
        Assert.Equal((RefState.UpstreamFailed, "b/1"), (build.StateOf("d/1"), build.LeafOf("d/1")));
    }
}
