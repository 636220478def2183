using System.Globalization;
using Xunit.Abstractions;

namespace DataBuild.Integration.Tests.Kills;

[Trait("Category", "Kill")]
public sealed class KillTests(ITestOutputHelper output)
{
    /// <summary>From this many kills on, each phase must have been hit.</summary>
    private const int EnoughForAll = 200;

    /// <summary>How many kills; DATABUILD_KILLS sets another number.</summary>
    private static readonly int kills = Setting("DATABUILD_KILLS", EnoughForAll);

    [Fact]
    public void Engines_killed_in_every_phase_leave_nothing_partial_nothing_done_twice_and_no_process()
    {
        int seed = Setting("DATABUILD_SEED", Environment.TickCount);
        output.WriteLine($"DATABUILD_SEED={seed} DATABUILD_KILLS={kills}");
        var budget = new KillBudget(kills);
        var expected = KillExpectation.Build();
        int projects = 0;
        Parallel.For(0, Math.Min(4, Environment.ProcessorCount), worker =>
        {
            while (!budget.IsSpent)
            {
                using var campaign = new KillCampaign(budget, new Random(seed + Interlocked.Increment(ref projects)), expected);
                campaign.Run();
            }
        });

        output.WriteLine($"{budget.Done} kills in {projects} projects, an undisturbed build takes {expected.Length.TotalMilliseconds:0} ms");
        output.WriteLine($"they hit: {budget}");
        if (kills >= EnoughForAll)
        {
            Assert.All(Enum.GetValues<KillPhase>(), phase => Assert.True(budget.Of(phase) > 0, $"no kill hit {phase}"));
        }
    }

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
