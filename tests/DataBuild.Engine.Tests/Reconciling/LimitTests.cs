using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Batches and limits.</summary>
public sealed class LimitTests
{
    [Fact]
    public void A_batch_holds_up_to_BatchSize_refs_of_one_job()
    {
        var build = new Simulator(new Project().Makes("a/{n:int}", batch: 3).Want("a/{1..7}")).Build();
        Assert.Equal(["a/1 a/2 a/3", "a/4 a/5 a/6", "a/7"], build.Batches);
    }

    [Fact]
    public void A_batch_is_of_one_value_of_each_placeholder_that_BatchBy_names()
    {
        var build = new Simulator(new Project().Job("a", batch: 9, batchBy: "r").Partition("a/{r}/{n:int}", "a").Want("a/{us|eu}/{1..2}")).Build();
        Assert.Equal(["a/us/1 a/us/2", "a/eu/1 a/eu/2"], build.Batches);
    }

    [Fact]
    public void A_batch_never_waits_for_a_ref_that_is_not_ready()
    {
        var simulator = new Simulator(new Project().Makes("x/{n:int}").Job("a", batch: 4).Partition("a/{n:int}", "a").Partition("late/{n:int}", "a", "x/{n}").Want("a/{1..2}").Want("late/1"));
        var build = simulator.Build();
        Assert.Equal(["a/1 a/2", "x/1", "late/1"], build.Batches);
    }

    [Fact]
    public void MaxConcurrency_is_kept_and_a_waiting_run_names_it_and_who_holds_it()
    {
        var simulator = new Simulator(new Project().Job("a", maxConcurrency: 2).Partition("a/{n:int}", "a").Want("a/{1..5}"));
        simulator.Open();
        simulator.Begin();
        Assert.Equal(2, simulator.UnderWay.Count);
        var reason = simulator.Look().Of("a/4").Reason;
        Assert.Equal(ReasonKind.Limit, reason.Kind);
        Assert.Contains(reason.RunId, simulator.UnderWay.Select(run => run.RunId));
        Assert.Equal("it waits for one of the 2 runs that job a may have at one time", simulator.Look().TextOf("a/4"));
        Watched(simulator, () => Assert.True(simulator.UnderWay.Count <= 2));
    }

    [Fact]
    public void Slots_of_a_pool_are_shared_by_jobs_and_a_waiting_run_names_pool_and_holder()
    {
        var project = new Project().Pool("gpu", 3).Job("a", pools: "gpu:2").Partition("a/{n:int}", "a").Job("gpu", pools: "gpu:1").Partition("b/{n:int}", "gpu").Want("a/{1..3}").Want("b/{1..3}");
        var simulator = new Simulator(project) { Slots = 10 };
        simulator.Open();
        simulator.Begin();
        Assert.Equal(["a/1", "b/1"], simulator.Look().Ran);
        Assert.Equal("it waits for 2 of the 3 slots of pool gpu", simulator.Look().TextOf("a/2"));
        Assert.Equal(simulator.UnderWay[1].RunId, simulator.Look().Of("a/2").Reason.RunId);
        Watched(simulator, () => Assert.True(simulator.UnderWay.Sum(run => run.Job == "a" ? 2 : 1) <= 3));
    }

    [Fact]
    public void The_slots_of_the_executor_are_a_limit_that_is_named()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/{1..3}")) { Slots = 1 };
        simulator.Open();
        simulator.Begin();
        Assert.Equal("it waits for one of the 1 runs that there may be at one time", simulator.Look().TextOf("a/2"));
        Assert.Equal(simulator.UnderWay[0].RunId, simulator.Look().Of("a/2").Reason.RunId);
        Watched(simulator, () => Assert.True(simulator.UnderWay.Count <= 1));
    }

    [Fact]
    public void Slots_of_runs_that_died_with_their_engine_are_free_again()
    {
        var simulator = new Simulator(new Project().Job("a", maxConcurrency: 1).Partition("a/{n:int}", "a").Want("a/{1..2}"));
        simulator.Open();
        simulator.Begin();
        simulator.Crash();
        Assert.Equal(["a/1", "a/2"], simulator.Build().Ran);
    }

    [Fact]
    public void A_waiting_ref_names_what_it_waits_for_as_that_changes()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{1..3}").Want("b/1")) { Slots = 1 };
        simulator.Open();
        simulator.Step();
        Assert.Equal("it waits for a/2 and 1 more", simulator.Look().TextOf("b/1"));
        simulator.Step();
        Assert.Equal("it waits for a/3", simulator.Look().TextOf("b/1"));
        Assert.Equal(RefState.Waiting, simulator.Look().StateOf("b/1"));
    }

    /// <summary>The want's refs were tried together and may from then on be tried in halves; those asked for later are urgent.</summary>
    private static Simulator Halved(string want, string urgent)
    {
        bool first = true;
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 4).Want(want)) { Slots = 1 }.Does("a", call =>
        {
            call.MakeFromNeeds();
            call.Exit(first ? 1 : 0);
            first = false;
        });
        simulator.Open();
        simulator.Step();
        if (urgent.Length > 0)
        {
            simulator.Want(urgent, priority: 5);
        }

        return simulator;
    }

    [Theory]
    [InlineData("a/{5..7}", "a/5 a/6 a/7,a/1 a/2,a/3 a/4")]
    [InlineData("a/{5..6}", "a/5 a/6,a/1 a/2,a/3 a/4")]
    [InlineData("a/5", "a/5 a/1,a/2 a/3,a/4")]
    public void A_ref_that_may_run_in_a_small_batch_only_is_in_none_that_is_larger(string urgent, string batches)
    {
        var simulator = Halved("a/{1..4}", urgent);
        simulator.Converge();
        Assert.Equal(["a/1 a/2 a/3 a/4", .. batches.Split(',')], simulator.Look().Batches);
    }

    [Fact]
    public void A_batch_that_begins_with_a_ref_of_a_small_limit_ends_there_though_what_comes_next_has_none()
    {
        var simulator = Halved("a/{1..3}", "");
        simulator.Want("a/{5..7}");
        simulator.Converge();
        Assert.Equal(["a/1 a/2 a/3", "a/1 a/2", "a/3 a/5", "a/6 a/7"], simulator.Look().Batches);
    }

    private static void Watched(Simulator simulator, Action check)
    {
        do
        {
            check();
        }
        while (simulator.Step());

        Assert.True(simulator.Look().IsSuccessful);
    }
}
