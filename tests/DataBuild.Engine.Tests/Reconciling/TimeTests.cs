using DataBuild.Engine.Reconciling;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Deadlines and times to live as events: each instant is accounted for once, by whichever session comes after it.</summary>
public sealed class TimeTests
{
    private static readonly DateTimeOffset day15 = new(2001, 6, 15, 0, 0, 0, TimeSpan.Zero);

    private static Simulator Days(string set, string sla = "", string ttl = "") =>
        new(new Project().Source("s/{n:int}").Job("day").Partition("day/{date}", "day", "s/1").Want(set, sla: sla, ttl: ttl));

    private static List<WantTimeEventV1> Times(Simulator simulator) => [.. simulator.Events.Select(stored => stored.Event.WantTime).OfType<WantTimeEventV1>()];

    [Fact]
    public void A_deadline_that_passes_while_a_ref_is_not_there_is_an_event_once_and_the_ref_stays_wanted()
    {
        var simulator = Days("day/{2001-06-14..2001-06-16}", sla: "36h");
        simulator.Build();
        Assert.Empty(Times(simulator));

        // The 14th is due on the 16th at noon.
        simulator.Now = day15.AddHours(37);
        simulator.Build();
        simulator.Build();
        Assert.Equal(["day/2001-06-14"], Assert.Single(Times(simulator)).DeadlineMissed.Expressions);
        Assert.Null(Times(simulator)[0].Expired);

        simulator.Has("s/1", "there");
        Assert.Equal(["day/2001-06-14", "day/2001-06-15"], simulator.Build().Ran);
        simulator.Now = day15.AddDays(9);
        Assert.Equal(["day/2001-06-16"], simulator.Build().Ran);
        Assert.Equal(["day/2001-06-14", "day/2001-06-16"], Times(simulator).SelectMany(time => time.DeadlineMissed.Expressions));
    }

    [Fact]
    public void An_instant_that_is_exactly_now_has_not_passed_and_is_accounted_for_by_the_next_look_also_of_the_same_session()
    {
        var simulator = Days("day/{2001-06-14..2001-06-16}", sla: "36h");
        simulator.Open();
        simulator.Converge();

        // Noon of the 16th and of the 17th: at the second instant the first one has passed and the second has not.
        simulator.Now = day15.AddHours(60);
        simulator.Begin();
        Assert.Equal(["day/2001-06-14"], Assert.Single(Times(simulator)).DeadlineMissed.Expressions);
        simulator.Begin();
        Assert.Single(Times(simulator));
        simulator.Now += TimeSpan.FromTicks(1);
        simulator.Begin();
        Assert.Equal(["day/2001-06-15"], Times(simulator)[^1].DeadlineMissed.Expressions);

        // And so it is across sessions, which know it from the event.
        simulator.Now = day15.AddHours(84);
        simulator.Build();
        Assert.Equal(2, Times(simulator).Count);
        simulator.Now += TimeSpan.FromTicks(1);
        simulator.Build();
        simulator.Build();
        Assert.Equal(["day/2001-06-14", "day/2001-06-15", "day/2001-06-16"], Times(simulator).SelectMany(time => time.DeadlineMissed.Expressions));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public void A_deadline_at_the_very_instant_of_the_want_is_one_and_an_earlier_one_is_none(int ticks, bool isOne)
    {
        var simulator = Days("day/2001-06-14", sla: "12h");
        simulator.Now = day15.AddHours(12).AddTicks(-ticks);
        simulator.Open();
        Assert.Equal(isOne, simulator.Reconciler.DeadlineOf(simulator.State.Wants.Single(), "day/2001-06-14") is not null);
    }

    [Fact]
    public void What_has_a_deadline_to_keep_goes_before_what_has_none_and_before_what_was_late_when_it_was_wanted()
    {
        var simulator = new Simulator(new Project().Job("day").Partition("day/{date}", "day").Makes("a/{n:int}").Want("day/2001-01-01", sla: "1h").Want("a/1").Want("day/2001-06-14", sla: "90d")) { Slots = 1 };
        Assert.Equal(["day/2001-06-14", "a/1", "day/2001-01-01"], simulator.Build().Ran);
    }

    [Fact]
    public void A_ref_that_was_there_at_its_deadline_missed_nothing_though_it_was_lost_later()
    {
        var simulator = Days("day/2001-06-14", sla: "36h").Has("s/1", "there");
        simulator.Build();
        simulator.Now = day15.AddDays(9);
        simulator.Files.Clear();
        simulator.Sources.Clear();
        simulator.Build();
        Assert.Empty(Times(simulator));
    }

    [Fact]
    public void What_was_late_when_it_was_wanted_has_no_deadline_to_miss()
    {
        var simulator = Days("day/{2001-01-01..2001-01-31}", sla: "1h");
        simulator.Build();
        simulator.Now = day15.AddDays(30);
        simulator.Build();
        Assert.Empty(Times(simulator));
    }

    [Fact]
    public void Time_to_live_that_ends_is_an_event_that_names_the_set_as_the_want_does()
    {
        var simulator = Days("day/{2001-01-01..2001-01-31}", ttl: "2d");
        simulator.Build();
        simulator.Now += TimeSpan.FromDays(3);
        simulator.Build();
        simulator.Build();
        Assert.Equal(["day/{2001-01-01..2001-01-31}"], Assert.Single(Times(simulator)).Expired.Expressions);
    }

    [Fact]
    public void Time_to_live_that_ends_within_a_session_ends_what_is_to_be_done_and_the_want_itself()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}")) { Slots = 1 };
        simulator.Open();
        string id = simulator.Want("a/{1..3}", ttl: TimeSpan.FromHours(1)).WantId;
        simulator.Step();
        Assert.Equal(Simulator.Start.AddHours(1), simulator.Last!.TimeAt);
        simulator.Now += TimeSpan.FromHours(2);
        simulator.Converge();
        Assert.Equal(["a/1"], simulator.Look().Ran);
        Assert.Equal(["a/{1..3}"], Assert.Single(Times(simulator)).Expired.Expressions);
        Assert.Equal((id, WantEndState.Expired), simulator.Events.Select(stored => stored.Event.WantEnd).OfType<WantEndEventV1>().Select(end => (end.WantId, end.State)).Single());
    }

    [Fact]
    public void One_want_may_expire_while_another_still_wants_the_same()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1", ttl: "1h").Want("a/{1..2}")) { Slots = 1 };
        simulator.Open();
        simulator.Now += TimeSpan.FromHours(2);
        simulator.Converge();
        Assert.Equal(["a/1", "a/2"], simulator.Look().Ran);
    }

    [Fact]
    public void A_want_declared_with_another_deadline_has_other_instants()
    {
        var simulator = Days("day/2001-06-14", sla: "36h");
        simulator.Build();
        simulator.Now = day15.AddHours(37);
        simulator.Build();
        simulator.Project = simulator.Project.With(document => document.Wants[0].Sla = "39h");
        simulator.Build();
        Assert.Single(Times(simulator));
        simulator.Now = day15.AddHours(40);
        simulator.Build();
        Assert.Equal(2, Times(simulator).Count);
    }

    /// <summary>Deadline and time to live of two wants pass, and nobody has accounted for them.</summary>
    private static List<WantTimeEventV1> AccountOf(Func<ReconcilerOptions, string, ReconcilerOptions> session)
    {
        var simulator = new Simulator(new Project().Source("s/{n:int}").Makes("a/{n:int}", "s/{n}").Want("a/1", sla: "1h").Want("a/2", ttl: "1h")).Has("s/1", "x").Has("s/2", "x");
        simulator.Open();
        string first = simulator.State.Wants.First().Id;
        var options = session(new ReconcilerOptions { LogId = Guid.Empty.ToString(), Observe = true }, first);
        var reconciler = new Reconciler(simulator.State, options, new Moment(simulator.Now));
        var later = new Moment(simulator.Now.AddHours(2));
        var decision = reconciler.Decide(later, mayRun: false);
        foreach (var request in decision.Observe)
        {
            reconciler.Observed(new ObservationReply(request.Ref, true, 0, request.Content, 0, null));
        }

        return [.. (decision.Observe.Count > 0 ? reconciler.Decide(later, mayRun: false) : decision).Events.Select(e => e.WantTime).OfType<WantTimeEventV1>()];
    }

    [Fact]
    public void A_session_for_all_wants_accounts_for_each_of_them() =>
        Assert.Equal(2, AccountOf((options, _) => options).Count);

    [Fact]
    public void A_session_for_some_wants_accounts_for_no_others()
    {
        string only = "";
        var time = Assert.Single(AccountOf((options, first) => options with { WantIds = [only = first] }));
        Assert.Equal(only, time.WantId);
    }

    [Fact]
    public void A_session_for_some_jobs_accounts_for_nothing_it_looks_at_a_part_of_what_is_wanted() =>
        Assert.Empty(AccountOf((options, _) => options with { Jobs = ["a"] }));

    [Fact]
    public void A_session_that_answers_from_the_log_alone_accounts_for_nothing() =>
        Assert.Empty(AccountOf((options, _) => options with { Observe = false }));

    [Trait("Category", "Slow")]
    [Fact]
    public void A_million_refs_with_one_deadline_are_one_short_event()
    {
        var simulator = new Simulator(new Project().Source("s/{n:int}").Job("a").Partition("a/{n:int}", "a", "s/1").Want("a/{1..20000}", sla: "1h"));
        simulator.Build();
        simulator.Now += TimeSpan.FromHours(2);
        simulator.Build();
        Assert.InRange(Assert.Single(Times(simulator)).CalculateSize(), 1, 200);
    }
}
