using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Wants that somebody made end by themselves where no build ends them.</summary>
public sealed class EndingTests
{
    [Fact]
    public void One_that_is_satisfied_or_cannot_be_ends_and_says_how_and_one_that_is_not_due_stays()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("bad/{n:int}").Makes("after/{n:int}", "bad/{n}").Makes("day/{date}").Want("a/0")) { EndsWants = true };
        simulator.Does("bad", call => call.Fail(call.Ref, retryable: false));
        simulator.Open();
        var wants = ((string[])["a/{1..3}", "bad/1", "after/1", "day/2001-06-14", "day/2001-06-20"]).Select(set => simulator.Want(set).WantId).ToList();
        simulator.Converge();

        Assert.Equal(
            [(wants[0], WantEndState.Successful), (wants[1], WantEndState.Failed), (wants[2], WantEndState.UpstreamFailed), (wants[3], WantEndState.Successful)],
            Ends(simulator).OrderBy(end => wants.IndexOf(end.WantId)));
        Assert.Equal([wants[4]], simulator.State.Wants.Where(want => !want.IsStanding).Select(want => want.Id));
        Assert.Single(simulator.State.Wants, want => want.IsStanding);

        // What is there already satisfies it at once.
        string again = simulator.Want("a/2").WantId;
        simulator.Converge();
        Assert.Contains((again, WantEndState.Successful), Ends(simulator));
    }

    [Fact]
    public void One_that_somebody_else_ends_is_left_to_him()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/0")) { EndsWants = true };
        var reconciler = simulator.Open();
        string spared = simulator.Want("a/1").WantId;
        reconciler.Spare([spared]);
        simulator.Converge();
        Assert.Empty(Ends(simulator));
        Assert.NotNull(simulator.State.FindWant(spared));
    }

    [Fact]
    public void A_thousand_end_in_few_portions_and_the_last_of_them_after_some_seconds()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/0")) { EndsWants = true, Slots = 1 };
        simulator.Open();
        for (int n = 1; n <= 1_000; n++)
        {
            simulator.Want($"a/{n}");
        }

        simulator.Converge();
        Assert.InRange(Portions(simulator), 5, 100);

        simulator.Now += TimeSpan.FromSeconds(11);
        simulator.Converge();
        Assert.Equal(1_000, Ends(simulator).Count);
        Assert.DoesNotContain(simulator.State.Wants, want => !want.IsStanding);
    }

    private static List<(string WantId, WantEndState State)> Ends(Simulator simulator) =>
        [.. simulator.Events.Where(stored => stored.Event.WantEnd is not null).Select(stored => (stored.Event.WantEnd.WantId, stored.Event.WantEnd.State))];

    /// <summary>Wants that end one directly after the other are a portion.</summary>
    private static int Portions(Simulator simulator)
    {
        bool wasEnd = false;
        int portions = 0;
        foreach (var (_, e) in simulator.Events)
        {
            portions += e.WantEnd is not null && !wasEnd ? 1 : 0;
            wasEnd = e.WantEnd is not null;
        }

        return portions;
    }
}
