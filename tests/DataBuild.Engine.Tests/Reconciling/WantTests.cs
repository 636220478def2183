using DataBuild.Engine.Reconciling;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>What is wanted, until when, and in what order it comes.</summary>
public sealed class WantTests
{
    private static Project Days() => new Project().Job("day").Partition("day/{date}", "day").Makes("a/{n:int}");

    [Fact]
    public void One_registration_replaces_all_standing_wants_and_what_nobody_wants_any_more_is_not_started()
    {
        var simulator = new Simulator(Days().Want("a/{1..3}").Want("a/{3..5}")) { Slots = 1 };
        simulator.Open();
        simulator.Step();
        Assert.Equal(["a/1"], simulator.Look().Ran);
        simulator.Project = Days().Want("a/{3..5}");
        simulator.Register();
        simulator.Converge();
        Assert.Equal(["a/1", "a/3", "a/4", "a/5"], simulator.Look().Ran);
        Assert.Equal(RefState.Absent, simulator.Look().StateOf("a/2"));
        Assert.Equal("a/{3..5}", Assert.Single(simulator.State.Wants).Want.Partitions.Expressions[0]);
    }

    [Fact]
    public void A_standing_want_that_stays_keeps_its_age_and_the_others_go()
    {
        var simulator = new Simulator(Days().Want("a/1").Want("a/2"));
        simulator.Build();
        var kept = simulator.State.Wants.Last();
        simulator.Now += TimeSpan.FromDays(1);
        simulator.Project = Days().Want("a/3").Want("a/2");
        simulator.Build();
        var now = simulator.State.FindWant(kept.Id)!;
        Assert.Equal((kept.Created, kept.Ordinal), (now.Created, now.Ordinal));
        Assert.Equal(2, simulator.State.Wants.Count());
    }

    [Fact]
    public void A_cancelled_want_stops_what_nobody_else_wants()
    {
        var simulator = new Simulator(Days().Want("a/1")) { Slots = 1 };
        simulator.Open();
        var asked = simulator.Want("a/{1..4}");
        simulator.Step();
        simulator.Happens(new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = asked.WantId, Comment = "no more" } });
        simulator.Converge();
        Assert.Equal(["a/1"], simulator.Look().Ran);
    }

    [Fact]
    public void A_cancelled_standing_want_stays_cancelled_while_the_project_declares_it()
    {
        var simulator = new Simulator(Days().Want("a/1"));
        simulator.Build();
        simulator.Happens(new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = simulator.State.Wants.Single().Id, Comment = "no more" } });
        simulator.Commit();
        simulator.Files.Remove("a/1");
        simulator.Project = new Project(simulator.Project).Want("a/2");
        Assert.Equal(["a/2"], simulator.Build().Ran);
    }

    [Fact]
    public void An_ended_want_leaves_no_memory_and_is_no_row_of_later_builds()
    {
        var simulator = new Simulator(Days().Want("a/1"));
        simulator.Open();
        var asked = simulator.Want("a/9");
        simulator.Converge();
        simulator.Happens(new BuildEvent { WantEnd = new WantEndEventV1 { WantId = asked.WantId, State = WantEndState.Successful } });
        simulator.Commit();
        simulator.Files.Remove("a/9");
        var build = simulator.Build();
        Assert.Single(build.Wants);
        Assert.True(build.IsSuccessful);
        Assert.Single(simulator.State.Wants);
    }

    [Fact]
    public void A_ref_whose_interval_has_not_ended_neither_runs_nor_fails_nor_holds_a_build()
    {
        var project = Days().Partition("sum/{date}", "a", "day/{date-1d..date}").Partition("now/{date}", "a", "day/{date-1d}", early: true)
            .Want("day/{2001-06-13..2001-06-16}").Want("sum/{2001-06-14..2001-06-16}").Want("now/2001-06-15");
        var build = new Simulator(project).Build();
        Assert.Equal(["day/2001-06-13", "day/2001-06-14", "now/2001-06-15", "sum/2001-06-14"], build.Ran.Order());
        Assert.Equal(["Successful", "Successful", "Successful"], build.Wants.Select(want => want.State));
        Assert.Equal([2L, 2L, 0L], build.Wants.Select(want => want.NotDue));
        Assert.Equal("its interval ends at 2001-06-16 00:00", build.TextOf("day/2001-06-15"));
    }

    [Fact]
    public void A_ref_runs_once_its_interval_has_ended()
    {
        var simulator = new Simulator(Days().Want("day/2001-06-15"));
        Assert.Empty(simulator.Build().Ran);
        simulator.Now = new DateTimeOffset(2001, 6, 16, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(["day/2001-06-15"], simulator.Build().Ran);
    }

    [Fact]
    public void A_lost_ref_of_an_open_interval_does_not_run_either()
    {
        var simulator = new Simulator(Days().Partition("now/{date}", "a", early: true).Want("now/2001-06-15"));
        simulator.Build();
        simulator.Files.Clear();
        simulator.Project = simulator.Project.With(document => document.Partitions[2].Early = "");
        var build = simulator.Build();
        Assert.Empty(build.Ran);
        Assert.True(build.IsSuccessful);
    }

    [Fact]
    public void A_run_names_its_wants_oldest_first_and_the_oldest_is_the_parent_of_what_it_lacks()
    {
        var simulator = new Simulator(new Project().Makes("x/{n:int}").Makes("a/{n:int}", batch: 3)).Does("a", call =>
        {
            if (call.Read("x/1") is null)
            {
                call.Miss("x/1");
                call.Exit(75);
                return;
            }

            call.MakeFromNeeds();
        });
        simulator.Open();
        string[] wants = [simulator.Want("a/1").WantId, simulator.Want("a/2", priority: 2).WantId, simulator.Want("a/3", priority: 1).WantId];
        simulator.Converge();
        Assert.Equal("a/2 a/3 a/1", simulator.Look().Batches[0]);
        Assert.Equal(wants, simulator.Runs[0].WantIds);
        var child = Assert.Single(simulator.Events, stored => stored.Event.WantCreate is { Want.RunId.Length: > 0 }).Event.WantCreate.Want;
        Assert.Equal((wants[0], wants[0]), (child.ParentWantId, child.RootWantId));
    }

    [Fact]
    public void Priority_goes_before_deadline_and_deadline_before_age()
    {
        var project = Days()
            .Want("a/1")
            .Want("a/2", sla: "10d")
            .Want("a/3", sla: "5d")
            .Want("a/4", priority: 1)
            .Want("a/5", priority: 2)
            .Want("a/6");
        Assert.Equal(["a/5", "a/4", "a/3", "a/2", "a/1", "a/6"], new Simulator(project) { Slots = 1 }.Build().Ran);
    }

    [Fact]
    public void Priority_and_deadline_reach_what_a_ref_waits_for_and_a_later_stricter_want_counts_at_once()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}").Want("b/{1..5}")) { Slots = 1 };
        simulator.Open();
        simulator.Step();
        simulator.Want("b/4", priority: 5);
        simulator.Converge();
        Assert.Equal(["a/1", "a/4", "b/4"], simulator.Look().Ran.Take(3));
    }

    [Fact]
    public void A_better_group_is_not_held_back_by_places_of_refs_that_are_gone()
    {
        var project = new Project().Job("a", batchBy: "g", batch: 1).Partition("a/{g}/{n:int}", "a").Want("a/x/1", priority: 9).Want("a/x/2", priority: 1).Want("a/y/1", priority: 5);
        Assert.Equal(["a/x/1", "a/y/1", "a/x/2"], new Simulator(project) { Slots = 1 }.Build().Ran);
    }

    [Fact]
    public void The_deadline_counts_from_the_end_of_the_interval_and_what_was_late_when_wanted_yields()
    {
        var project = Days().Want("day/{2001-06-01..2001-06-14}", priority: 9, sla: "24h").Want("a/1");
        var build = new Simulator(project) { Slots = 1 }.Build();

        // The interval of the 13th ends at the 14th, 00:00, and was due at the 15th, 00:00: late. That of the 14th was not.
        Assert.Equal(["day/2001-06-14", "a/1", "day/2001-06-01"], build.Ran.Take(3));
        Assert.Equal(15, build.Ran.Count);
    }

    [Fact]
    public void Historic_work_gets_one_run_in_twenty_while_there_is_other_work()
    {
        var project = Days().Want("day/{2001-01-01..2001-01-10}", sla: "1h").Want("a/{1..100}");
        var ran = new Simulator(project) { Slots = 1 }.Build().Ran;
        Assert.Equal([19, 39, 59, 79, 99], ran.Take(100).Index().Where(item => item.Item.StartsWith("day", StringComparison.Ordinal)).Select(item => item.Index));
    }

    [Fact]
    public void Past_its_time_to_live_a_ref_is_no_longer_wanted_and_holds_no_build()
    {
        var simulator = new Simulator(Days().Want("day/{2001-06-01..2001-06-14}", ttl: "5d"));
        var first = simulator.Build();
        Assert.Equal(14, first.Ran.Count);

        simulator.Files.Clear();
        simulator.Now += TimeSpan.FromDays(4);
        Assert.Equal(14, simulator.Build().Ran.Count);

        simulator.Files.Clear();
        simulator.Now += TimeSpan.FromDays(2);
        var expired = simulator.Build();
        Assert.Empty(expired.Ran);
        Assert.Equal(("Expired", 0L), (expired.Wants[0].State, expired.Wants[0].Total));
    }

    [Fact]
    public void Time_to_live_counts_from_the_end_of_the_interval_where_that_is_later_than_the_want()
    {
        var simulator = new Simulator(Days().Want("day/{2001-06-10..2001-06-20}", ttl: "2d"));
        simulator.Now = new DateTimeOffset(2001, 6, 20, 0, 0, 0, TimeSpan.Zero);
        simulator.Open();
        simulator.Now = new DateTimeOffset(2001, 6, 22, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(["day/2001-06-20"], simulator.Build().Ran);
    }

    [Fact]
    public void Instants_beyond_the_calendar_are_its_end()
    {
        var want = new Project().Job("y").Partition("y/{year}", "y").Want("y/9999", sla: "9999d", ttl: "9999d");
        Assert.True(new Simulator(want).Build().IsSuccessful);
        Assert.Equal(DateTimeOffset.MaxValue, new Moment(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.FromHours(-11))).At(DateTime.MaxValue));
    }

    [Fact]
    public void A_build_of_single_jobs_counts_what_these_make_and_nothing_else()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}").Makes("c/{n:int}", "b/{n}").Want("c/{1..2}")) { OnlyJobs = ["b"] };
        var build = simulator.Build();
        Assert.Equal(["a/1", "a/2", "b/1", "b/2"], build.Ran.Order());
        Assert.Equal(("Successful", 2L, 2L), (build.Wants[0].State, build.Wants[0].Total, build.Wants[0].Live));
    }

    [Fact]
    public void A_want_whose_partitions_left_the_graph_is_kept_and_counts_again_when_they_return()
    {
        var simulator = new Simulator(Days().Want("a/1"));
        simulator.Open();
        simulator.Want("day/2001-06-01");
        simulator.Commit();
        simulator.Project = new Project().Makes("a/{n:int}").Want("a/1");
        Assert.Equal(["a/1"], simulator.Build().Ran);
        Assert.Contains("day/2001-06-01", simulator.State.Wants.Single(want => !want.IsStanding).Problem, StringComparison.Ordinal);
        simulator.Project = Days().Want("a/1");
        Assert.Equal(["day/2001-06-01"], simulator.Build().Ran);
    }
}
