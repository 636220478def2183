using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>What an ended run comes to, ref by ref.</summary>
public sealed class OutcomeTests
{
    private static Project Four() => new Project()
        .Source("in/{n:int}")
        .Makes("a/{n:int}", batch: 4)
        .Makes("x/{n:int}")
        .Want("a/{1..4}");

    [Fact]
    public void A_batch_of_four_in_which_one_is_done_one_fails_and_two_miss_different_inputs_ends_so_for_each()
    {
        bool first = true;
        var simulator = new Simulator(Four()).Does("a", run =>
        {
            if (!first)
            {
                run.MakeFromNeeds();
                return;
            }

            first = false;
            run.Write("a/1", "one");
            run.Done("a/1");
            run.Fail("a/2", "line 7: delay 'late'", retryable: false);
            run.Miss("x/3", "a/3");
            run.Miss("x/4", "a/4");
            run.Exit(75);
        });
        var build = simulator.Build();

        var end = simulator.Events.First(stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure.End;
        Assert.Equal(["Done", "Failed", "Missed", "Missed"], end.Outcomes.Select(outcome => outcome.OutcomeCase.ToString()));
        Assert.Equal("one", simulator.Files["a/1"]);
        Assert.Equal(["a/1 a/2 a/3 a/4", "x/3", "x/4", "a/3", "a/4"], build.Batches);
        Assert.Equal(RefState.Failed, build.StateOf("a/2"));
        Assert.Contains("line 7: delay 'late'", build.TextOf("a/2"), StringComparison.Ordinal);
        Assert.Equal(RefState.Live, build.StateOf("a/4"));
        var child = Assert.Single(simulator.Events, stored => stored.Event.WantCreate is not null).Event.WantCreate.Want;
        Assert.Equal(["x/3", "x/4"], child.Partitions.Expressions);
        Assert.Equal(["a/3", "a/4"], child.Waiting);
        var want = Assert.Single(build.Wants);
        Assert.Equal(("Failed", 3L, 1L), (want.State, want.Live, want.Failed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Misses_without_for_are_of_the_refs_without_another_outcome_in_whatever_order_the_job_speaks(bool missFirst)
    {
        var simulator = new Simulator(Four()).Does("a", run =>
        {
            if (run.Refs.Count < 4)
            {
                run.MakeFromNeeds();
                return;
            }

            run.Write("a/1", "one");
            if (missFirst)
            {
                run.Miss(["x/1", "x/2"]);
            }

            run.Done("a/1");
            run.Fail("a/2", retryable: false);
            run.Later(60, "a/3");
            if (!missFirst)
            {
                run.Miss(["x/1", "x/2"]);
            }

            run.Exit(75);
        });
        simulator.Open();
        simulator.Begin();
        simulator.End(simulator.UnderWay[0].RunId);
        simulator.Commit();
        var end = simulator.Events.Single(stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure.End;
        Assert.Equal(["Done", "Failed", "Missed", "Missed"], end.Outcomes.Select(outcome => outcome.OutcomeCase.ToString()));
        Assert.Empty(end.Outcomes[2].Missed.Refs);
        Assert.NotNull(end.Outcomes[2].Missed.NotBefore);
        Assert.Equal(["x/1", "x/2"], end.Outcomes[3].Missed.Refs);
    }

    [Fact]
    public void A_wrong_miss_without_for_does_not_undo_an_explicit_outcome()
    {
        var simulator = new Simulator(Four()).Does("a", run =>
        {
            run.MakeFromNeeds();
            run.Miss("nobody/7");
            run.Done([.. run.Refs]);
        });
        Assert.True(simulator.Build().IsSuccessful);
    }

    [Fact]
    public void An_explicit_outcome_holds_whatever_the_exit_code()
    {
        var simulator = new Simulator(Four()).Does("a", run =>
        {
            run.MakeFromNeeds();
            run.Done("a/1", "a/2", "a/3");
            run.Fail("a/4", retryable: false);
            run.Exit(3);
        });
        var build = simulator.Build();
        Assert.Single(build.Runs);
        Assert.Equal([RefState.Live, RefState.Live, RefState.Live, RefState.Failed], Enumerable.Range(1, 4).Select(n => build.StateOf($"a/{n}")));
    }

    [Fact]
    public void Exit_0_without_an_output_is_a_failure_that_says_where_it_was_to_be()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1")).Does("a", _ => { });
        var build = simulator.Build();
        Assert.Equal(RefState.Failed, build.StateOf("a/1"));
        Assert.Contains("left nothing at DATABUILD_OUTPUT_ROOT/a/1", build.TextOf("a/1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_fails_without_saying_which_ref_failed_is_retried_in_halves_at_no_cost()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 8).Want("a/{1..8}")).Does("a", run =>
        {
            run.MakeFromNeeds();
            run.Exit(run.Refs.Contains("a/6") ? 1 : 0, "boom");
        });
        simulator.Slots = 1;
        var build = simulator.Build();
        Assert.Equal([8, 4, 4, 2, 2, 1, 1], build.Runs.Select(run => run.Partitions.Count));
        Assert.Equal(["a/6"], Enumerable.Range(1, 8).Select(n => $"a/{n}").Where(@ref => build.StateOf(@ref) == RefState.Failed));
        Assert.All(build.Runs.SelectMany(run => run.Partitions), partition => Assert.Equal(1u, partition.Attempt));
    }

    [Fact]
    public void A_ref_of_a_batch_of_which_nothing_is_said_does_not_fail_for_what_another_one_lacks()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 2).Makes("x/{n:int}").Want("a/{1..2}")).Does("a", run =>
        {
            run.MakeFromNeeds();
            if (run.Refs.Contains("a/2") && run.Read("x/1") is null)
            {
                run.Miss("x/1", "a/2");
                run.Exit(75);
            }
        });
        var build = simulator.Build();
        Assert.True(build.IsSuccessful);
        Assert.Equal(["a/1 a/2", "a/1", "x/1", "a/2"], build.Batches);
    }

    [Fact]
    public void Reads_without_for_are_those_of_all_refs_of_the_run()
    {
        var project = new Project().Source("in/{n:int}").Makes("a/{n:int}", batch: 2).Want("a/{1..2}");
        var simulator = new Simulator(project).Has("in/1", "x").Has("in/2", "y").Does("a", run =>
        {
            run.Write("a/1", "1" + run.Read("in/1"));
            run.Write("a/2", "2" + run.Read("in/1") + run.Read("in/2"));
            if (run.Inputs.Count < 2)
            {
                run.Miss(["in/1", "in/2"]);
                run.Exit(75);
                return;
            }

            run.ReportReads(["in/1"]);
            run.ReportReads(["in/2"], "a/2");
        });
        Assert.True(simulator.Build().IsSuccessful);
        simulator.Has("in/1", "z");
        Assert.Equal(["a/1 a/2"], simulator.Build().Batches);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(75)]
    public void A_job_that_lacks_the_very_ref_it_is_to_make_fails_at_once(int exitCode)
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1")).Does("a", run =>
        {
            run.Miss("a/1");
            run.Exit(exitCode);
        });
        var build = simulator.Build();
        Assert.Single(build.Runs);
        Assert.Equal(RefState.Failed, build.StateOf("a/1"));
        Assert.Equal("DBLD4013", simulator.State.TroubleOf(0)!.Failure!.Code);
    }

    [Fact]
    public void A_miss_inside_the_own_batch_splits_the_batch()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 4).Want("a/{1..2}")).Does("a", run =>
        {
            if (run.Refs.Contains("a/2") && run.Read("a/1") is null)
            {
                run.Miss("a/1");
                run.Exit(75);
                return;
            }

            run.MakeFromNeeds();
            run.Write(run.Refs[0], $"{run.Refs[0]} {run.Read("a/1")}");
        });
        var build = simulator.Build();
        Assert.Equal(["a/1 a/2", "a/1", "a/2"], build.Batches);
        Assert.True(build.IsSuccessful);
        Assert.Empty(simulator.Build().Ran);
    }

    [Fact]
    public void A_job_without_any_known_input_is_warned_of()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1"));
        simulator.Build();
        Assert.Equal("DBLD4017", Assert.Single(simulator.Warnings).Code);
    }

    [Fact]
    public void A_run_whose_job_and_family_left_the_graph_while_it_ran_ends_in_peace()
    {
        var project = new Project().Makes("a/{n:int}").Makes("b/{n:int}").Want("a/1").Want("b/1");
        var simulator = new Simulator(project);
        simulator.Open();
        simulator.Begin();
        simulator.Project = new Project().Makes("b/{n:int}").Want("b/1");
        simulator.Register();
        simulator.Converge();
        Assert.True(simulator.Look().IsSuccessful);
        Assert.Empty(simulator.UnderWay);
        Assert.Equal("a/1[]v", simulator.Files["a/1"]);
    }
}
