using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Rules of taints and times that a mutant broke and no other test saw.</summary>
public sealed class TaintRuleTests
{
    [Fact]
    public void A_taint_with_what_was_made_from_it_reaches_through_any_number_of_hops()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}").Makes("c/{n:int}", "b/{n}").Makes("d/{n:int}", "c/{n}").Want("d/1").Want("a/2"));
        simulator.Build();
        simulator.Happens(new BuildEvent { TaintCreate = new TaintCreateEventV1 { TaintId = "t", Downstream = true, Partitions = new PartitionSet { Expressions = { "a/1" } } } });
        Assert.Equal(["a/1", "b/1", "c/1", "d/1"], simulator.State.Taints.Single().Refs.Select(id => simulator.State.Refs[id]).Order());
    }

    [Fact]
    public void What_is_no_longer_tainted_is_not_made_again_by_the_session_that_learns_it()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1"));
        simulator.Build();
        simulator.Open();
        simulator.Taint("a/1");
        Assert.Equal(RefState.Stale, simulator.Reconciler.VerdictOf("a/1").State);
        simulator.Happens(new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = simulator.State.Taints.Single().Taint.TaintId } });
        Assert.Equal(RefState.Live, simulator.Reconciler.VerdictOf("a/1").State);
    }

    [Fact]
    public void A_want_whose_time_has_passed_for_some_of_its_refs_goes_on_for_the_others()
    {
        var simulator = new Simulator(new Project().Source("s/{n:int}").Job("day").Partition("day/{date}", "day", "s/1"));
        simulator.Open();
        var want = simulator.Want("day/{2001-06-14..2001-06-30}", ttl: TimeSpan.FromDays(2));
        simulator.Converge();
        simulator.Now += TimeSpan.FromDays(3);
        simulator.Converge();
        var time = Assert.Single(simulator.Events, stored => stored.Event.WantTime is not null).Event.WantTime;
        Assert.Contains("day/2001-06-14", time.Expired.Expressions);
        Assert.True(simulator.State.FindWant(want.WantId)!.IsActive);
    }
}
