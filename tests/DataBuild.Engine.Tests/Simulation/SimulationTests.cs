namespace DataBuild.Engine.Tests.Simulation;

/// <summary>
/// Properties of random projects with random lives. The seeds are the same ones in each run of the tests, and a failure names its
/// own: DATABUILD_SIMULATION=SEED tries that one alone, DATABUILD_SIMULATIONS=N the first N.
/// </summary>
[Trait("Category", "Simulation")]
public sealed class SimulationTests
{
    private static readonly int rounds = Number("DATABUILD_SIMULATIONS") ?? 150;

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

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), out int number) ? number : null;

    private static void Each(Action<Scenario> check)
    {
        foreach (int seed in Number("DATABUILD_SIMULATION") is { } one ? [one] : Enumerable.Range(1, rounds))
        {
            var scenario = new Scenario(seed);
            try
            {
                check(scenario);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"scenario {seed}: {e.Message}", e);
            }
        }
    }
}
