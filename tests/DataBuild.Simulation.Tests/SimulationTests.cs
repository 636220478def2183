using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace DataBuild.Simulation.Tests;

/// <summary>
/// The whole engine on a simulated clock, executor, disk and log. DATABUILD_SIMULATIONS=N tries the first N seeds, DATABUILD_SIMULATION=SEED
/// one alone, and DATABUILD_SIMULATION_WITHOUT=1,4,... that one without some of what happens in it.
/// </summary>
[Trait("Category", "Simulation")]
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly int seeds = Number("DATABUILD_SIMULATIONS") ?? 5_000;

    [Fact]
    public void Whatever_happens_meanwhile_every_want_converges_or_says_why_not()
    {
        var coverage = new Coverage();
        var watch = Stopwatch.StartNew();
        if (Number("DATABUILD_SIMULATION") is { } one)
        {
            string without = Environment.GetEnvironmentVariable("DATABUILD_SIMULATION_WITHOUT") ?? "";
            new World(new Scenario(one, without.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToHashSet()), coverage: coverage).Live();
            return;
        }

        var failed = Search.Failing(Enumerable.Range(1, seeds), Bug.None, coverage);
        output.WriteLine($"{seeds} seeds in {watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
        output.WriteLine(coverage.Table());
        Assert.True(failed is null, failed?.Report());
        Assert.True(seeds < 5_000 || !coverage.Missed().Any(), $"never met: {string.Join(", ", coverage.Missed())}");
    }

    public static TheoryData<string> Bugs() => [.. Enum.GetNames<Bug>().Where(name => name != nameof(Bug.None))];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void A_bug_planted_on_purpose_is_found(string bug)
    {
        var found = Search.Failing(Enumerable.Range(1, seeds), Enum.Parse<Bug>(bug), new Coverage());
        Assert.True(found is not null, $"{bug} lives through {seeds} seeds");
        output.WriteLine($"found by seed {found!.Seed}: {found.Error.Message.ReplaceLineEndings(" ")}");
    }

    [Fact]
    public void A_seed_replays_exactly()
    {
        string Trace(int seed)
        {
            var world = new World(new Scenario(seed));
            world.Live();
            return string.Join('\n', world.Trace);
        }

        foreach (int seed in Enumerable.Range(1, 20))
        {
            Assert.Equal(Trace(seed), Trace(seed));
        }
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;
}
