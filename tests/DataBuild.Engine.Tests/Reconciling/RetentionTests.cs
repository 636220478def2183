using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>What is removed when its time has passed, and what never is.</summary>
public sealed class RetentionTests
{
    private static readonly TimeSpan kept = TimeSpan.FromDays(90);

    /// <summary>a is made from nothing and kept for 90 days, b is made of a and kept for ever.</summary>
    private static Project Two => new Project().Job("a").Partition("a/{n:int}", "a", retention: "90d").Makes("b/{n:int}", "a/{n}");

    private static Simulator Built(Project project, params string[] notWantedAnyMore)
    {
        var simulator = new Simulator(project);
        Assert.True(simulator.Build().IsSuccessful);
        foreach (string set in notWantedAnyMore)
        {
            simulator.Project = simulator.Project.With(document => document.Wants.Remove(document.Wants.Single(want => want.Partitions == set)));
        }

        return simulator;
    }

    private static IReadOnlyList<string> Later(Simulator simulator, TimeSpan by)
    {
        simulator.Now += by;
        simulator.Build();
        return simulator.Expire();
    }

    [Fact]
    public void What_nobody_wants_is_removed_once_its_retention_has_passed_since_it_was_published_and_not_before()
    {
        var simulator = Built(Two.Want("b/1"));
        Assert.Equal([], simulator.Expire());
        Assert.Equal(Simulator.Start + kept, simulator.NextDue!.Value, TimeSpan.FromSeconds(2));
        Assert.Equal([], Later(simulator, kept - TimeSpan.FromMinutes(1)));
        Assert.Equal(["a/1"], Later(simulator, TimeSpan.FromMinutes(2)));
        Assert.False(simulator.Files.ContainsKey("a/1"));
        Assert.Equal(1, simulator.State.LiveCount);
        Assert.Equal([], simulator.Expire());
        Assert.Null(simulator.NextDue);
    }

    [Fact]
    public void What_was_made_from_it_stays_up_to_date_and_a_build_does_nothing()
    {
        var simulator = Built(Two.Want("b/1"));
        Later(simulator, kept * 2);
        var build = simulator.Build();
        Assert.Empty(build.Runs);
        Assert.Equal(RefState.Live, build.StateOf("b/1"));
    }

    [Fact]
    public void It_is_made_again_where_something_that_has_to_run_needs_it_and_why_says_that_it_was_removed()
    {
        var simulator = Built(Two.Want("b/1"));
        Later(simulator, kept * 2);
        ulong expired = simulator.LastOffset - 1;
        var verdict = simulator.Look().Of("a/1");
        Assert.Equal((ReasonKind.Expired, expired, "Retention=90d", RefState.Absent), (verdict.Reason.Kind, verdict.Reason.Offset, verdict.Reason.Detail, verdict.State));
        simulator.Open();
        simulator.Taint("b/1");
        simulator.Converge();
        var build = simulator.Look();
        Assert.True(build.IsSuccessful);
        Assert.Equal(["a/1", "b/1"], build.Runs.SelectMany(run => run.Partitions).Select(partition => partition.Ref));
        Assert.Equal((ReasonKind.Expired, expired), (build.Runs[0].Partitions[0].Reason.Kind, build.Runs[0].Partitions[0].Reason.Offset));

        // It counts from its new publishing.
        Assert.Equal([], Later(simulator, kept - TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void What_a_want_covers_stays_however_old_and_goes_with_the_want()
    {
        var simulator = Built(Two.Want("a/{1..2}").Want("b/1"));
        Assert.Equal([], Later(simulator, kept * 3));
        simulator.Project = simulator.Project.With(document => document.Wants.RemoveAt(0));
        Assert.Equal(["a/1", "a/2"], Later(simulator, TimeSpan.Zero));
    }

    [Fact]
    public void A_want_that_has_expired_for_a_ref_does_not_keep_it()
    {
        var simulator = Built(Two.Want("a/1", ttl: "100d"));
        Assert.Equal([], Later(simulator, TimeSpan.FromDays(99)));
        Assert.Equal(["a/1"], Later(simulator, TimeSpan.FromDays(2)));
    }

    [Fact]
    public void It_counts_from_the_end_of_the_interval_where_that_is_later_than_the_publishing()
    {
        var project = new Project().Job("a").Partition("a/{date}", "a", early: true, retention: "10d").Makes("b/{date}", "a/{date}");
        project.Document.Partitions[1].Early = "true";
        var simulator = Built(project.Want("b/{2001-06-01..2001-07-01}"));

        // Published at noon of 15 June: what ended before is kept until the 25th; what ends later, ten days from its end.
        Assert.Equal(14, Later(simulator, TimeSpan.FromDays(10.1)).Count);
        Assert.Equal(["a/2001-06-15", "a/2001-06-16"], Later(simulator, TimeSpan.FromDays(1.5)));
        Assert.Equal(15, Later(simulator, TimeSpan.FromDays(20)).Count);
    }

    [Fact]
    public void What_a_run_that_has_to_run_needs_stays()
    {
        var simulator = Built(Two.Want("b/1"));
        simulator.Now += kept * 2;
        simulator.Does("b", call => call.Exit(1)).Open();
        simulator.Taint("b/1");
        simulator.Converge();
        Assert.Equal([], simulator.Expire());
        Assert.True(simulator.Files.ContainsKey("a/1"));
    }

    [Fact]
    public void What_a_run_under_way_reads_or_makes_stays()
    {
        var simulator = Built(Two.Want("b/1").Want("a/2"), "a/2");
        simulator.Now += kept * 2;
        simulator.Open();
        simulator.Taint("b/1");
        simulator.Begin();
        Assert.Equal(["b/1"], simulator.UnderWay.SelectMany(run => run.Partitions).Select(partition => partition.Ref));
        Assert.Equal(["a/2"], simulator.Expire());
    }

    [Fact]
    public void The_log_refuses_that_something_expires_while_a_run_makes_it_or_twice_or_with_other_content()
    {
        var simulator = Built(Two.Want("a/1"));
        var live = simulator.State[simulator.State.Refs.Intern("a/1")];
        Refused("an-expiry-has-an-id", Expiry("", ("a/1", live.Content)));
        Refused("an-expiry-removes-something", Expiry("e"));
        Refused("a-ref-expires-once", Expiry("e", ("a/1", live.Content), ("a/1", live.Content)));
        Refused("an-expiry-names-the-instance", Expiry("e", ("a/1", Content.Fingerprint("other"))));
        simulator.Open();
        simulator.Taint("a/1");
        simulator.Begin();
        Assert.Single(simulator.UnderWay);
        Refused("what-is-built-does-not-expire", Expiry("e", ("a/1", live.Content)));

        void Refused(string rule, BuildEvent e) =>
            Assert.Equal(rule, Assert.Throws<IllegalEventException>(() => simulator.State.Apply(simulator.State.Offset + 1, e)).Rule);

        static BuildEvent Expiry(string id, params (string Ref, Fingerprint Content)[] refs) => new()
        {
            RetentionExpire = new RetentionExpireEventV1
            {
                ExpiryId = id,
                Partitions = { refs.Select(one => new RetentionExpired { Ref = one.Ref, ContentFingerprint = one.Content.ToByteString() }) },
            },
        };
    }

    [Fact]
    public void What_no_build_made_or_somebody_changed_stays()
    {
        var simulator = Built(Two.Want("b/{1..4}"));
        simulator.Happens(new BuildEvent { Observe = new ObserveEventV1 { Observations = { new Observation { Ref = "a/1", Presence = Presence.Present, ContentFingerprint = Content.Fingerprint("by hand").ToByteString() } } } });
        simulator.Happens(new BuildEvent { Observe = new ObserveEventV1 { Observations = { new Observation { Ref = "a/2", Presence = Presence.Present, ContentFingerprint = Content.Fingerprint("by hand").ToByteString() } } } });
        simulator.Happens(new BuildEvent { Accept = new AcceptEventV1 { Partitions = new PartitionSet { Expressions = { "a/2" } } } });
        simulator.Happens(new BuildEvent { Observe = new ObserveEventV1 { Observations = { new Observation { Ref = "a/3", Presence = Presence.Absent } } } });
        simulator.Happens(new BuildEvent { Adopt = new AdoptEventV1 { Partitions = { new AdoptedPartition { Ref = "a/3", ContentFingerprint = Content.Fingerprint("found").ToByteString() } } } });
        simulator.Now += kept * 2;
        Assert.Equal(["a/4"], simulator.Expire());
    }

    [Fact]
    public void A_source_is_never_removed_and_a_graph_without_retention_removes_nothing()
    {
        var simulator = new Simulator(new Project().Source("s/{n:int}").Makes("a/{n:int}", "s/{n}").Makes("b/{n:int}", "a/{n}").Want("b/1")).Has("s/1", "x");
        simulator.Build();
        Assert.Equal([], Later(simulator, kept * 40));
        Assert.Null(simulator.NextDue);
    }

    [Fact]
    public void A_snapshot_and_a_replay_remember_when_it_was_published_and_that_it_expired()
    {
        var simulator = Built(Two.Want("b/1"));
        Later(simulator, kept * 2);
        var replayed = simulator.Replay();
        int id = replayed.Refs.Intern("a/1");
        Assert.Equal((true, false, true), (replayed[id].IsExpired, replayed[id].IsLive, replayed[id].Published > 0));
        using var stream = new MemoryStream();
        StateSnapshot.Write(replayed, stream);
        stream.Position = 0;
        var loaded = StateSnapshot.Read(stream);
        Assert.Equal(replayed[id].Published, loaded[loaded.Refs.Intern("a/1")].Published);
        Assert.True(loaded[loaded.Refs.Intern("a/1")].IsExpired);
    }
}
