namespace DataBuild.Engine.Tests.Simulation;

public sealed class SimulatorTests
{
    [Fact]
    public void A_small_project_is_built_and_a_second_build_does_nothing()
    {
        var simulator = new Simulator(new Project().Source("csv/{n:int}").Makes("raw/{n:int}", "csv/{n}").Makes("sum/{n:int}", "raw/{n-1};raw/{n}").Want("sum/{1..3}"));
        foreach (int n in Enumerable.Range(0, 4))
        {
            simulator.Has($"csv/{n}", $"c{n}");
        }

        var first = simulator.Build();
        Assert.Equal(7, first.Ran.Count);
        Assert.True(first.IsSuccessful);
        Assert.Equal("sum/1[raw/0[c0]v1 raw/1[c1]v1]v1", simulator.Files["sum/1"]);
        ulong end = simulator.LastOffset;

        var second = simulator.Build();
        Assert.Empty(second.Ran);
        Assert.True(second.IsSuccessful);
        Assert.Equal(end, simulator.LastOffset);
    }
}
