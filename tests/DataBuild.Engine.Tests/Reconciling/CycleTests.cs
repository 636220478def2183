using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Refs that wait for each other.</summary>
public sealed class CycleTests
{
    private static Project Three(string needs = "") => new Project()
        .Makes("a/{n:int}", needs.Length > 0 ? "b/{n}" : "").Makes("b/{n:int}", needs.Length > 0 ? "c/{n}" : "").Makes("c/{n:int}", needs)
        .Makes("d/{n:int}").Want("a/1").Want("d/1");

    [Fact]
    public void A_declared_cycle_fails_all_on_it_with_its_path_and_the_rest_is_built()
    {
        var build = new Simulator(Three("a/{n}")).Build();
        Assert.Equal(["d/1"], build.Ran);
        Assert.Equal("it waits for itself: a/1 -> b/1 -> c/1 -> a/1", build.TextOf("a/1"));
        Assert.All(["a/1", "b/1", "c/1"], @ref => Assert.Equal(RefState.Failed, build.StateOf(@ref)));
    }

    [Fact]
    public void What_waits_for_a_cycle_is_upstream_failed()
    {
        var simulator = new Simulator(Three("a/{n}").Makes("e/{n:int}", "a/{n};d/{n}").Want("e/1"));
        var build = simulator.Build();
        Assert.Equal((RefState.UpstreamFailed, "a/1"), (build.StateOf("e/1"), build.LeafOf("e/1")));
    }

    private static Simulator Reported() => new Simulator(Three())
        .Does("a", run => run.MakeFrom(_ => ["b/1"]))
        .Does("b", run => run.MakeFrom(_ => ["c/1"]))
        .Does("c", run => run.MakeFrom(_ => ["a/1"]));

    [Fact]
    public void A_cycle_reported_at_run_time_fails_all_on_it_with_its_path()
    {
        var simulator = Reported();
        var build = simulator.Build();
        Assert.Equal(["a/1", "b/1", "c/1", "d/1"], build.Ran.Order());
        Assert.Contains("it waits for itself: ", build.TextOf("a/1"), StringComparison.Ordinal);
        Assert.All(["a/1", "b/1", "c/1"], @ref => Assert.Equal(RefState.Failed, build.StateOf(@ref)));
        Assert.All(["a/1 -> b/1", "b/1 -> c/1", "c/1 -> a/1"], step => Assert.Contains(step, build.TextOf("b/1"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_cycle_of_an_earlier_build_is_tried_once_more_and_heals_when_a_job_no_longer_asks()
    {
        var simulator = Reported();
        simulator.Build();
        Assert.False(simulator.Build().IsSuccessful);
        simulator.Does("c", run => run.MakeFromNeeds());
        Assert.True(simulator.Build().IsSuccessful);
    }

    [Fact]
    public void A_cycle_heals_within_a_session_when_one_on_it_is_asked_to_be_tried_again()
    {
        var simulator = Reported();
        simulator.Build();
        simulator.Does("c", run => run.MakeFromNeeds());
        simulator.Happens(new BuildEvent { RetryRequest = new RetryRequestEventV1 { Refs = { "c/1" }, Source = "test" } });
        simulator.Converge();
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void A_remembered_read_that_would_close_a_cycle_is_dropped()
    {
        var simulator = new Simulator(Three()).Does("a", run => run.MakeFrom(_ => ["b/1"]));
        simulator.Build();

        // Now b reads a and a reads nothing: what is remembered of a is no longer so.
        simulator.Files.Clear();
        simulator.Does("a", run => run.MakeFromNeeds()).Does("b", run => run.MakeFrom(_ => ["a/1"]));
        simulator.Project = simulator.Project.WithVersion("a", "2").WithVersion("b", "2").With(document => document.Partitions[1].Needs = "a/{n}");
        var build = simulator.Build();
        Assert.True(build.IsSuccessful);
        var both = simulator.Also(one => one.Project = new Project(one.Project).Want("b/1")).Build();
        Assert.True(both.IsSuccessful);
    }

    [Fact]
    public void Recorded_reads_in_a_circle_hold_nothing_up()
    {
        var simulator = new Simulator(Three().Want("b/1")).Does("a", run => run.MakeFrom(_ => ["b/1"]));
        simulator.Build();
        simulator.Does("b", run => run.MakeFrom(_ => ["a/1"]));
        simulator.Taint("b/1");
        simulator.Converge();
        Assert.True(simulator.Look().IsSuccessful);
        Assert.True(simulator.Build().IsSuccessful);
    }

    [Fact]
    public void A_cycle_is_found_though_something_else_waits_for_a_time()
    {
        var simulator = new Simulator(Three("a/{n}")).Does("d", run =>
        {
            run.Later(86_400);
            run.Exit(75);
        });
        Assert.Equal(RefState.Failed, simulator.Build().StateOf("a/1"));
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void A_very_long_cycle_is_found_with_its_path()
    {
        const int length = 9_000;
        var project = new Project().Makes("a/{n:int}").Want("a/0");
        var simulator = new Simulator(project).Does("a", run =>
        {
            int next = (int.Parse(run.Ref[2..], System.Globalization.CultureInfo.InvariantCulture) + 1) % length;
            run.MakeFrom(_ => [$"a/{next}"]);
        });
        var build = simulator.Build();
        Assert.Equal(length, build.Runs.Count);
        Assert.Equal(length, build.TextOf("a/0").Split(" -> ").Length - 1);
    }
}
