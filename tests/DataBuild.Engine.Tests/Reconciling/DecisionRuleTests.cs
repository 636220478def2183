using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Rules of the decider that a mutant of it broke and no other test saw.</summary>
public sealed class DecisionRuleTests
{
    /// <summary>x is what b needs, and nothing else needs or wants it.</summary>
    private static Project Needs() => new Project().Source("in/{n:int}").Makes("x/{n:int}").Makes("b/{n:int}", "x/{n}").Want("b/1");

    [Fact]
    public void What_a_run_makes_is_said_to_be_built_while_it_is_under_way()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1"));
        simulator.Open();
        simulator.Begin();
        Assert.Equal((RefState.Building, "a run for it is under way"), (simulator.Look().StateOf("a/1"), simulator.Look().TextOf("a/1")));
        Assert.Equal("Building", simulator.Look().Wants[0].State);
    }

    [Fact]
    public void A_ref_that_changed_code_replaces_is_counted_once_however_long_it_waits()
    {
        var simulator = new Simulator(Needs()) { MaxRebuilds = 1 };
        simulator.Build();
        simulator.Files.Remove("x/1");
        simulator.Project = Needs().WithVersion("b", "2");
        Assert.Equal(["x/1", "b/1"], simulator.Build().Ran);
        Assert.Equal(0, simulator.Last!.TooManyRebuilds);
    }

    [Fact]
    public void Of_changed_code_none_may_be_replaced_where_none_is_allowed_and_what_is_not_there_is_made_all_the_same()
    {
        var simulator = new Simulator(Needs()) { MaxRebuilds = 0 };
        Assert.Equal(["x/1", "b/1"], simulator.Build().Ran);
        simulator.Project = Needs().WithVersion("b", "2");
        Assert.Empty(simulator.Build().Ran);
        Assert.Equal((1, true), (simulator.Last!.TooManyRebuilds, simulator.Last.IsQuiet));
    }

    [Fact]
    public void A_service_keeps_back_what_changed_code_would_replace_goes_on_with_all_else_and_says_so()
    {
        var simulator = new Simulator(Needs().Makes("c/{n:int}").Want("c/1"));
        simulator.Build();
        simulator.Files.Remove("c/1");
        simulator.Project = Needs().Makes("c/{n:int}").Want("c/1").WithVersion("b", "2");
        simulator.Open();
        var moment = new Moment(simulator.Now);
        var service = new Reconciler(simulator.State, new ReconcilerOptions { LogId = Guid.Empty.ToString(), Observe = false, MaxRebuilds = 0, HoldsRebuilds = true, MostActiveRuns = 4 }, moment);
        var decision = service.Decide(moment);
        Assert.Equal(["c/1"], decision.Runs.SelectMany(run => run.Queue.Partitions).Select(partition => partition.Ref));
        Assert.Equal(1, decision.TooManyRebuilds);
        Assert.Contains("DataBuildMaxRebuilds=0", service.VerdictOf("b/1").Reason.ToText(), StringComparison.Ordinal);
        Assert.Equal(RefState.Stale, service.VerdictOf("b/1").State);
    }

    [Fact]
    public void What_is_accepted_does_not_run_and_neither_does_what_it_alone_would_have_needed()
    {
        var simulator = new Simulator(Needs());
        simulator.Build();
        simulator.Files.Remove("x/1");
        simulator.Project = Needs().WithVersion("b", "2");
        simulator.Open();
        simulator.Happens(new BuildEvent { Accept = new AcceptEventV1 { Partitions = new V1.PartitionSet { Expressions = { "b/1" } } } });
        simulator.Converge();
        Assert.Empty(simulator.Look().Ran);
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void What_need_not_run_after_all_requires_nothing_any_more()
    {
        var simulator = new Simulator(Needs());
        simulator.Build();
        simulator.Files.Remove("x/1");
        simulator.Open();
        simulator.Taint("b/1");
        simulator.Decide(mayRun: false);
        Assert.Equal(RefState.Ready, simulator.Look().StateOf("x/1"));
        simulator.Happens(new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = simulator.State.Taints.Single().Taint.TaintId } });
        simulator.Converge();
        Assert.Empty(simulator.Look().Ran);
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void A_new_version_of_a_job_counts_at_once_in_the_session_that_is_told()
    {
        var project = new Project().Makes("a/{n:int}").Want("a/1");
        var simulator = new Simulator(project);
        simulator.Build();
        simulator.Project = project.WithVersion("a", "2");
        simulator.Register();
        simulator.Converge();
        Assert.Equal(["a/1", "a/1"], simulator.Look().Ran);
    }

    [Fact]
    public void Relative_ends_that_are_resolved_anew_are_wanted_in_the_same_session()
    {
        var simulator = new Simulator(new Project().Job("day").Partition("day/{date}", "day").Want("day/{today-2d..today-1d}"));
        simulator.Build();
        simulator.Now += TimeSpan.FromDays(1);
        simulator.Register();
        simulator.Converge();
        Assert.Equal(["day/2001-06-13", "day/2001-06-14", "day/2001-06-15"], simulator.Look().Ran);
    }

    [Fact]
    public void An_interval_that_ends_within_a_session_is_made_then()
    {
        var simulator = new Simulator(new Project().Job("day").Partition("day/{date}", "day").Want("day/2001-06-15"));
        simulator.Build();
        Assert.Equal(new DateTimeOffset(2001, 6, 16, 0, 0, 0, TimeSpan.Zero), simulator.Last!.IntervalEndsAt);
        simulator.Now = simulator.Last.IntervalEndsAt!.Value;
        simulator.Converge();
        Assert.Equal(["day/2001-06-15"], simulator.Look().Ran);
    }

    [Fact]
    public void What_needs_a_ref_whose_interval_is_open_waits_for_it_and_does_not_fail()
    {
        var project = new Project().Job("a").Partition("day/{date}", "a").Partition("now/{date}", "a", "day/{date}", early: true).Want("now/2001-06-15");
        var build = new Simulator(project).Build();
        Assert.Empty(build.Ran);
        Assert.Equal(("Successful", 1L), (build.Wants[0].State, build.Wants[0].NotDue));
        Assert.Equal(ReasonKind.IntervalOpen, build.Of("now/2001-06-15").Reason.Kind);
    }

    [Fact]
    public void What_the_graph_was_at_fault_for_is_tried_again_once_there_is_another_graph_and_what_the_job_was_is_not()
    {
        var project = new Project().Makes("a/{n:int}").Makes("u/{n:int}").Want("a/1").Want("u/1");
        var simulator = new Simulator(project).Does("u", call => call.Exit(1)).Does("a", call =>
        {
            if (call.Read("x/1") is null)
            {
                call.Miss("x/1");
                call.Exit(75);
                return;
            }

            call.MakeFromNeeds();
        });
        var build = simulator.Build();
        Assert.Equal(["a/1", "u/1"], build.Ran);
        Assert.Equal((RefState.Failed, RefState.Failed), (build.StateOf("a/1"), build.StateOf("u/1")));
        simulator.Project = new Project(project).Makes("x/{n:int}");
        simulator.Register();
        simulator.Converge();
        Assert.Equal(["a/1", "u/1", "a/1", "x/1", "a/1"], simulator.Look().Ran);
        Assert.Equal(RefState.Live, simulator.Look().StateOf("a/1"));
    }

    [Fact]
    public void What_failed_to_replace_a_tainted_instance_is_tried_again_when_it_is_tainted_anew()
    {
        bool broken = false;
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1")).Does("a", call =>
        {
            call.MakeFromNeeds();
            call.Exit(broken ? 1 : 0);
        });
        simulator.Build();
        broken = true;
        simulator.Taint("a/1");
        simulator.Converge();
        simulator.Converge();
        Assert.Equal(2, simulator.Look().Ran.Count);
        broken = false;
        simulator.Taint("a/1");
        simulator.Converge();
        Assert.Equal(3, simulator.Look().Ran.Count);
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void A_ref_that_failed_for_what_it_once_read_is_tried_again_when_that_changes()
    {
        var simulator = new Simulator(new Project().Source("in/{n:int}").Makes("a/{n:int}").Want("a/1")).Has("in/1", "good").Does("a", call =>
        {
            call.Write("a/1", call.Read("in/1")!);
            call.ReportReads(["in/1"]);
            call.Exit(call.Read("in/1") == "bad" ? 1 : 0);
        });
        simulator.Build();
        simulator.Has("in/1", "bad");
        Assert.Equal(RefState.Failed, simulator.Build().StateOf("a/1"));
        simulator.Has("in/1", "better");
        simulator.Watch("in/1");
        simulator.Converge();
        Assert.Equal(2, simulator.Look().Ran.Count);
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void What_was_read_before_is_made_first_and_what_cannot_be_had_of_it_is_not_waited_for()
    {
        var project = new Project().Makes("a/{n:int}").Makes("x/{n:int}").Want("a/1");
        bool fails = false;
        var simulator = new Simulator(project) { Slots = 1 }.Does("x", call =>
        {
            call.MakeFromNeeds();
            call.Exit(fails ? 1 : 0);
        }).Does("a", call =>
        {
            if (!fails && call.Read("x/1") is null)
            {
                call.Miss("x/1");
                call.Exit(75);
                return;
            }

            call.Write("a/1", "a");
        });
        Assert.Equal(["a/1", "x/1", "a/1"], simulator.Build().Ran);
        simulator.Files.Clear();
        Assert.Equal(["x/1", "a/1"], simulator.Build().Ran);
        simulator.Files.Clear();
        fails = true;
        var build = simulator.Build();
        Assert.Equal(["x/1", "a/1"], build.Ran);
        Assert.Equal(RefState.Live, build.StateOf("a/1"));
    }

    [Fact]
    public void What_was_reported_missing_and_cannot_be_made_fails_what_lacks_it_and_names_the_leaf()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("x/{n:int}").Want("a/1")).Does("x", call => call.Exit(1)).Does("a", call =>
        {
            call.Miss("x/1");
            call.Exit(75);
        });
        var build = simulator.Build();
        Assert.Equal(["a/1", "x/1"], build.Ran);
        Assert.Equal((RefState.UpstreamFailed, "x/1"), (build.StateOf("a/1"), build.LeafOf("a/1")));
    }

    [Fact]
    public void That_a_source_is_not_there_is_logged_once()
    {
        var simulator = new Simulator(new Project().Source("in/{n:int}").Makes("a/{n:int}", "in/{n}").Want("a/1"));
        simulator.Build();
        simulator.Build();
        Assert.Single(simulator.Events, stored => stored.Event.Observe is { } seen && seen.Observations[0] is { Ref: "in/1", Presence: Presence.Absent });
    }

    [Fact]
    public void Time_to_live_that_ends_within_a_session_ends_what_a_standing_want_still_had_to_make()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/{1..3}", ttl: "1h")) { Slots = 1 };
        simulator.Open();
        simulator.Step();
        simulator.Now += TimeSpan.FromHours(2);
        simulator.Converge();
        Assert.Equal(["a/1"], simulator.Look().Ran);
    }

    [Fact]
    public void Files_that_something_happened_to_are_looked_at_again_if_they_were_looked_at_before()
    {
        var simulator = new Simulator(new Project().Source("in/{n:int}").Makes("a/{n:int}", "in/{n}").Want("a/1")).Has("in/1", "x");
        simulator.Build();
        Assert.Equal(["a/1", "in/1"], simulator.Reconciler.Watched.Order());
        simulator.Has("in/1", "y").Files["a/1"] = "mine";
        simulator.Reconciler.LookAgain(["in/1", "a/1", "a/7"]);
        simulator.Converge();
        Assert.Equal(["a/1"], simulator.Look().Ran);
        Assert.Equal(ReasonKind.Kept, simulator.Look().Of("a/1").Reason.Kind);
        simulator.Files.Remove("a/1");
        simulator.Reconciler.LookAgain(["a/1"]);
        simulator.Converge();
        Assert.Equal(["a/1", "a/1"], simulator.Look().Ran);
    }
}
