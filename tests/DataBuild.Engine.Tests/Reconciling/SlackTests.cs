using DataBuild.Engine.Tests.Simulation;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Of equally urgent work, what has more to come after it goes first.</summary>
public sealed class SlackTests
{
    /// <summary>a is alone; x is awaited by y, and y by z.</summary>
    private static Project Chain(string slaOfA = "") => new Project()
        .Makes("a/{n:int}").Makes("x/{n:int}").Makes("y/{n:int}", "x/{n}").Makes("z/{n:int}", "y/{n}")
        .Want("a/{1..3}", sla: slaOfA).Want("z/1");

    private static Simulator Known(Project project)
    {
        var simulator = new Simulator(project) { Slots = 1 };
        simulator.Build();
        foreach (string job in (string[])["a", "x", "y", "z"])
        {
            project = project.WithVersion(job, "2");
        }

        simulator.Project = project;
        return simulator;
    }

    [Fact]
    public void The_longer_way_goes_before_the_older_want_once_it_is_known_how_long_runs_take() =>
        Assert.Equal(["x/1", "y/1"], Known(Chain()).Build().Ran.Take(2));

    [Fact]
    public void Before_anything_is_known_the_older_want_goes_first() =>
        Assert.Equal("a/1", new Simulator(Chain()) { Slots = 1 }.Build().Ran[0]);

    [Fact]
    public void Of_several_ways_the_longest_counts()
    {
        var project = new Project()
            .Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}")
            .Makes("x/{n:int}").Makes("w/{n:int}", "x/{n}").Makes("y/{n:int}", "x/{n}").Makes("z/{n:int}", "y/{n}")
            .Want("b/1").Want("w/1").Want("z/1");
        var simulator = new Simulator(project) { Slots = 1 };
        simulator.Build();
        foreach (string job in (string[])["a", "b", "x", "w", "y", "z"])
        {
            project = project.WithVersion(job, "2");
        }

        simulator.Project = project;
        Assert.Equal("x/1", simulator.Build().Ran[0]);
    }

    [Fact]
    public void A_deadline_goes_before_slack() =>
        Assert.Equal(["a/1", "a/2", "a/3", "x/1"], Known(Chain(slaOfA: "9d")).Build().Ran.Take(4));

    [Fact]
    public void Jobs_that_depend_on_each_other_by_different_families_are_reckoned_all_the_same()
    {
        var project = new Project().Job("p").Job("q").Partition("p1/{n:int}", "p").Partition("q1/{n:int}", "q", "p1/{n}").Partition("p2/{n:int}", "p", "q1/{n}").Partition("q2/{n:int}", "q", "p2/{n}").Want("q2/{1..2}");
        var simulator = new Simulator(project) { Slots = 1 };
        simulator.Build();
        simulator.Project = project.WithVersion("p", "2").WithVersion("q", "2");
        Assert.Equal(8, simulator.Build().Ran.Count);
        Assert.True(simulator.Look().IsSuccessful);
    }
}
