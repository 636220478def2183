using CsCheck;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>
/// Properties of random projects with random lives. The seeds are the same ones in each run of the tests; a failure names the
/// seed of its scenario.
/// </summary>
public sealed class SimulationTests
{
    private const string Seed = "0N0XIzNsQ0O2";

    private static readonly int rounds = int.TryParse(Environment.GetEnvironmentVariable("DATABUILD_SIMULATIONS"), out int many) ? many : 150;

    [Fact]
    public void Whatever_fails_meanwhile_each_want_converges_to_what_a_faultless_build_makes_and_a_second_build_does_nothing() =>
        Each(scenario =>
        {
            scenario.Live();
            scenario.Settle();
        });

    [Fact]
    public void What_a_plan_lists_as_will_run_runs_and_nothing_runs_that_it_does_not_list() =>
        Each(scenario => scenario.PlanAndBuild());

    private static void Each(Action<Scenario> check) => Gen.Int[1, int.MaxValue].Sample(
        seed =>
        {
            try
            {
                check(new Scenario(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"scenario {seed}: {e}", e);
            }
        },
        iter: rounds,
        threads: 1,
        seed: Seed);
}
