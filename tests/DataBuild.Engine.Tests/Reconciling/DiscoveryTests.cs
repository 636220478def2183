using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>What is missing at run time becomes child wants, and is remembered.</summary>
public sealed class DiscoveryTests
{
    /// <summary>report asks for weekly, weekly for daily, at run time.</summary>
    private static Simulator Discovering() => new Simulator(new Project()
            .Makes("report/{n:int}").Makes("weekly/{n:int}").Makes("daily/{n:int}").Want("report/1"))
        .Does("report", run => run.MakeFrom(_ => ["weekly/1", "weekly/2"]))
        .Does("weekly", run => run.MakeFrom(@ref => [$"daily/{@ref[^1]}"]));

    private static IReadOnlyList<Want> ChildWants(Simulator simulator) =>
        [.. simulator.Events.Where(stored => stored.Event.WantCreate is not null).Select(stored => stored.Event.WantCreate.Want)];

    [Fact]
    public void A_missing_input_becomes_a_child_want_with_parent_root_and_hops_in_one_batch_with_the_miss()
    {
        var simulator = Discovering();
        var build = simulator.Build();
        Assert.True(build.IsSuccessful);
        string root = build.Wants[0].WantId;
        var wants = ChildWants(simulator);
        var report = wants[0];
        Assert.Equal((root, root, 1u), (report.ParentWantId, report.RootWantId, report.Hops));
        Assert.Equal(["weekly/1", "weekly/2"], report.Partitions.Expressions);
        Assert.Equal($"run-{build.Runs[0].RunId}", report.WantId);
        Assert.All(wants.Skip(1), want => Assert.Equal((report.WantId, root, 2u), (want.ParentWantId, want.RootWantId, want.Hops)));
        var events = simulator.Events.ToList();
        foreach (var missed in events.Where(stored => stored.Event.JobRunMissingDeps is not null))
        {
            var next = events[(int)missed.Offset].Event.WantCreate.Want;
            Assert.Equal(missed.Event.JobRunMissingDeps.End.RunId, next.RunId);
        }
    }

    [Fact]
    public void Child_wants_end_when_nothing_waits_for_them_and_leave_no_memory()
    {
        var simulator = Discovering();
        simulator.Build();
        Assert.Equal(3, ChildWants(simulator).Count);
        Assert.Single(simulator.State.Wants);
    }

    [Fact]
    public void A_child_want_that_ended_is_kept_while_it_may_still_be_a_parent()
    {
        var simulator = Discovering();
        simulator.Open();
        simulator.Begin();
        simulator.End(simulator.UnderWay[0].RunId);
        simulator.Begin();
        string child = Assert.Single(simulator.State.Wants, want => want.IsChild).Id;
        Assert.All(simulator.UnderWay, run => Assert.Equal([child], run.WantIds));

        // Nothing waits for it any more, but the runs for it go on and may lack something.
        simulator.Happens(new BuildEvent { RetryRequest = new RetryRequestEventV1 { Refs = { "report/1" }, Source = "test" } });
        Assert.False(simulator.State.FindWant(child)!.IsActive);
        simulator.End(simulator.UnderWay[0].RunId);
        var grandchild = ChildWants(simulator.Also(one => one.Commit()))[^1];
        Assert.Equal((child, 2u), (grandchild.ParentWantId, grandchild.Hops));
        Assert.NotEqual(child, grandchild.RootWantId);
        simulator.Converge();
        Assert.True(simulator.Look().IsSuccessful);
        Assert.Single(simulator.State.Wants);
    }

    [Fact]
    public void What_was_discovered_once_is_planned_ahead_the_second_time()
    {
        var simulator = Discovering();
        var first = simulator.Build();
        Assert.Contains(BuildEvent.EventOneofCase.JobRunMissingDeps, first.Ends);
        simulator.Files.Clear();
        var second = simulator.Build();
        Assert.DoesNotContain(BuildEvent.EventOneofCase.JobRunMissingDeps, second.Ends);
        Assert.Equal(["daily/1", "daily/2", "weekly/1", "weekly/2", "report/1"], second.Ran);

        simulator.Project = simulator.Project.WithVersion("report", "2").WithVersion("weekly", "2").WithVersion("daily", "2");
        Assert.DoesNotContain(BuildEvent.EventOneofCase.JobRunMissingDeps, simulator.Build().Ends);
    }

    [Fact]
    public void A_remembered_read_whose_producer_is_gone_is_dropped()
    {
        var simulator = Discovering();
        simulator.Build();
        simulator.Files.Remove("report/1");
        simulator.Project = new Project().Makes("report/{n:int}").Makes("weekly/{n:int}").Want("report/1");
        simulator.Does("report", run => run.MakeFrom(_ => ["weekly/1"]));
        var build = simulator.Build();
        Assert.Equal(["report/1"], build.Ran);
        Assert.True(build.IsSuccessful);
    }

    [Fact]
    public void A_remembered_read_that_fails_is_dropped_and_running_tells_whether_it_is_still_needed()
    {
        var simulator = Discovering();
        simulator.Build();
        simulator.Files.Remove("report/1");
        simulator.Files.Remove("weekly/2");
        simulator.Does("weekly", run => run.Exit(1)).Does("report", run => run.MakeFrom(_ => ["weekly/1"]));
        var build = simulator.Build();
        Assert.Equal(["weekly/2", "report/1"], build.Ran);
        Assert.True(build.IsSuccessful);
    }

    [Fact]
    public void A_ref_reported_missing_that_came_while_the_run_was_under_way_is_simply_ready_again()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}").Want("a/1").Want("b/1"))
            .Does("a", run => run.MakeFrom(_ => ["b/1"]));
        simulator.Open();
        simulator.Begin();
        Assert.Equal(2, simulator.UnderWay.Count);

        // a/1 looked before b/1 was there and says so after.
        var a = simulator.UnderWay.Single(run => run.Job == "a");
        simulator.End(simulator.UnderWay.Single(run => run.Job == "b").RunId);
        simulator.Does("a", run =>
        {
            run.Miss("b/1");
            run.Exit(75);
        });
        simulator.End(a.RunId);
        simulator.Does("a", run => run.MakeFrom(_ => ["b/1"]));
        simulator.Converge();
        Assert.Equal(["a/1", "b/1", "a/1"], simulator.Look().Ran);
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void A_ref_that_was_there_all_the_time_and_is_reported_missing_again_is_no_progress()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}").Want("a/1")).Does("a", run =>
        {
            run.Miss("b/1");
            run.Exit(75);
        });
        var build = simulator.Build();
        Assert.Equal(["a/1", "b/1", "a/1"], build.Ran);
        Assert.Contains("reported partition b/1 as missing, which was there", build.TextOf("a/1"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_live_partition_whose_files_were_deleted_unseen_is_rebuilt_when_a_job_first_asks_for_it()
    {
        var simulator = new Simulator(new Project().Makes("b/{n:int}").Want("b/1"));
        simulator.Build();
        simulator.Files.Remove("b/1");
        simulator.Project = new Project().Makes("a/{n:int}").Makes("b/{n:int}").Want("a/1");
        simulator.Does("a", run => run.MakeFrom(_ => ["b/1"]));
        var build = simulator.Build();
        Assert.Equal(["a/1", "b/1", "a/1"], build.Ran);
        Assert.True(build.IsSuccessful);
    }

    [Fact]
    public void A_missing_ref_that_nothing_produces_fails_with_ref_job_and_nearest_pattern()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("daily/{n:int}").Want("a/1")).Does("a", run =>
        {
            run.Miss("dialy/1");
            run.Exit(75);
        });
        var build = simulator.Build();
        Assert.Single(build.Runs);
        Assert.Equal("no job produces 'dialy/1', reported missing by job a. Did you mean the pattern 'daily/{n:int}'?", build.TextOf("a/1"));
    }

    [Fact]
    public void A_missing_source_fails_what_needs_it_by_name()
    {
        var simulator = new Simulator(new Project().Source("csv/{n:int}").Makes("a/{n:int}", "csv/{n}").Makes("b/{n:int}", "a/{n}").Want("b/{1..2}")).Has("csv/2", "x");
        var build = simulator.Build();
        Assert.Equal(["a/2", "b/2"], build.Ran);
        Assert.Equal("it waits for csv/1, which failed: source csv/1 is not there: no csv/1", build.TextOf("b/1"));
        simulator.Has("csv/1", "y");
        Assert.True(simulator.Build().IsSuccessful);
    }

    [Fact]
    public void A_source_that_a_job_reports_missing_is_looked_at_and_given_to_the_next_run()
    {
        var simulator = new Simulator(new Project().Source("csv/{n:int}").Makes("a/{n:int}").Makes("b/{n:int}", "csv/1").Want("b/1").Want("a/1")).Has("csv/1", "x");
        simulator.Build();
        simulator.Files.Remove("a/1");
        simulator.Does("a", run =>
        {
            // A job knows the path of a source only if it was given to it.
            if (run.Inputs.All(input => input.Ref != "csv/1"))
            {
                run.Miss("csv/1");
                run.Exit(75);
            }
            else
            {
                run.Write("a/1", run.Read("csv/1")!);
            }
        });
        var build = simulator.Build();
        Assert.Equal(["a/1", "a/1"], build.Ran);
        Assert.True(build.IsSuccessful);
        simulator.Has("csv/1", "y");
        Assert.Equal(["a/1", "b/1"], simulator.Build().Ran.Order());
    }

    [Fact]
    public void A_source_that_a_job_read_before_anybody_looked_at_it_is_looked_at_and_read_again_once()
    {
        var simulator = new Simulator(new Project().Source("csv/{n:int}").Makes("a/{n:int}").Want("a/1")).Has("csv/1", "x");
        simulator.Does("a", run => run.MakeFrom(_ => ["csv/1"]));
        Assert.Equal(["a/1", "a/1"], simulator.Build().Ran);
        Assert.Empty(simulator.Build().Ran);
        simulator.Has("csv/1", "y");
        Assert.Equal(["a/1"], simulator.Build().Ran);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void More_than_ten_thousand_hops_are_a_failure_that_says_so()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1")).Does("a", run =>
        {
            run.Miss($"a/{int.Parse(run.Ref[2..], System.Globalization.CultureInfo.InvariantCulture) + 1}");
            run.Exit(75);
        });
        var build = simulator.Build();
        Assert.Equal(10_001, build.Runs.Count);
        Assert.Equal("a/10001", build.LeafOf("a/1"));
        Assert.Contains("10000 steps of missing inputs led to it", build.TextOf("a/1"), StringComparison.Ordinal);
        var last = simulator.State.Refs.TryGet("a/10001", out int id) ? simulator.State.TroubleOf(id) : null;
        Assert.Equal(DataBuild.Engine.Diagnostics.Rules.TooManyHops.Code, last?.Failure?.Code);
    }
}
