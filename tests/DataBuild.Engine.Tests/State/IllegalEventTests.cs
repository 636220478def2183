using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Tests.State;

/// <summary>What a single event may not say, beside what docs/states.md refuses: each is refused by name and changes nothing.</summary>
public sealed class IllegalEventTests
{
    private const string First = "00000000-0000-7000-8000-000000000001";

    private static readonly (string Rule, Func<Story, BuildEvent> Make)[] events =
    [
        ("events-are-known", _ => new BuildEvent()),
        ("an-event-is-whole", _ => new BuildEvent { JobRunSuccess = new JobRunSuccessEventV1() }),
        ("an-event-is-whole", _ => new BuildEvent { TaintCreate = new TaintCreateEventV1 { TaintId = "t" } }),
        ("an-event-is-whole", _ => new BuildEvent { GraphRegister = new GraphRegisterEventV1() }),
        ("an-event-is-whole", story => With(story.Queue(), e => e.Timestamp = new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = long.MaxValue })),
        ("an-event-is-whole", story => With(story.Queue(), e => e.JobRunQueue.Partitions[0].Reason = new Reason { NotBefore = new() { Nanos = -1 } })),
        ("an-event-is-whole", story => Also(story.Queue(), story, With(story.Succeed(), e => e.JobRunSuccess.End.Started = new() { Seconds = long.MinValue }))),
        ("an-event-is-whole", story => Also(story.Queue(), story, With(story.Succeed(), e => e.JobRunSuccess.End.Duration = new() { Seconds = long.MaxValue }))),
        ("an-event-is-whole", story => With(story.Want("w"), e => e.WantCreate.Want.DataTimestamp = new() { Seconds = long.MaxValue })),
        ("an-event-is-whole", story => With(story.Want("w"), e => e.WantCreate.Want.Ttl = new() { Seconds = 1, Nanos = -1 })),
        ("an-event-is-whole", story => With(story.Standing("w"), e => e.WantRegister.Wants[0].Sla = new() { Seconds = long.MaxValue })),
        ("an-event-is-whole", story => Also(story.Want("w"), story, With(Story.TimePassed("w"), e => e.WantTime.UpTo = new() { Seconds = long.MaxValue }))),
        ("an-event-is-whole", story => With(story.Publish().Expire("e"), e => e.RetentionExpire.Partitions[0].Since = new() { Seconds = long.MaxValue })),
        ("an-event-is-whole", story => With(story.Publish().Expire("e"), e => e.RetentionExpire.Partitions[0].Retention = new() { Nanos = 1_000_000_000 })),
        ("an-event-is-whole", story => Also(story.Queue(), story, With(story.Fail(), e => e.JobRunFailure.End.Outcomes[0].Failed.FailureClass = (FailureClass)99))),
        ("an-event-is-whole", story => Also(story.Queue(), story, With(story.Fail(), e => e.JobRunFailure.End.Outcomes[0].Failed.RetryAt = new() { Nanos = 1_000_000_000 }))),
        ("an-event-is-whole", story => Also(story.Queue(), story, With(story.Fail(), e => e.JobRunFailure.End.Outcomes[0].Failed.BatchLimit = 1u + int.MaxValue))),
        ("an-event-is-whole", story => Also(story.Queue(), story, With(story.Miss(), e => e.JobRunMissingDeps.End.Outcomes[0].Missed.NotBefore = new() { Seconds = long.MaxValue }))),
        ("an-event-is-whole", story => Also(story.Queue(), story, With(story.Miss(), e => e.JobRunMissingDeps.End.Outcomes[0].Missed.BatchLimit = 1u + int.MaxValue))),
        ("a-registered-graph-compiles", _ => new BuildEvent { GraphRegister = new GraphRegisterEventV1 { Graph = new Project().Job("a").Job("a").Document } }),
        ("every-job-has-a-fingerprint", _ => new BuildEvent { GraphRegister = new GraphRegisterEventV1 { Graph = new Project().Job("a").Document } }),
        ("a-ref-is-observed-once", story => With(story.Publish().Observe(Presence.Absent), e => e.Observe.Observations.Add(e.Observe.Observations[0].Clone()))),
        ("nothing-expires-during-a-rename", story => Also(story.Publish().Rename("r"), story, story.Expire("e"))),
        ("an-expiry-that-goes-on-has-its-partitions", story => With(
            Also(story.Publish().Expire("e1"), story, story.Expire("e2")), e => e.RetentionExpire.Resumes = "e1")),
        ("a-run-has-an-id", _ => Story.Queue("one", "a", "a/1")),
        ("a-run-has-a-job", _ => Story.Queue(First, "nobody", "a/1")),
        ("a-run-has-refs", _ => Story.Queue(First, "a")),
        ("a-run-has-a-ref-once", _ => Story.Queue(First, "a", "a/1", "a/1")),
        ("a-job-makes-only-its-own-refs", _ => Story.Queue(First, "a", "b/1")),
        ("a-run-is-of-the-job-in-force", _ => With(Story.Queue(First, "a", "a/1"), e => e.JobRunQueue.JobFingerprint = ByteString.CopyFrom([2]))),
        ("a-read-names-a-run", _ => With(Story.Queue(First, "a", "a/1"), e => e.JobRunQueue.Inputs.Add(new Read { Ref = "s/1", RunId = "one" }))),
        ("a-ref-is-built-by-one-run", story => Also(story.Queue(), story, Story.Queue("00000000-0000-7000-8000-000000000002", "a", "a/1"))),
        ("one-outcome-a-ref", story => Also(story.Queue(), story, new BuildEvent { JobRunSuccess = new JobRunSuccessEventV1 { End = story.End() } })),
        ("one-outcome-a-ref", story => Also(story.Queue(), story, Ended(story, new PartitionOutcome { Ref = "a/2", Done = Story.Done("x") }))),
        ("an-outcome-says-something", story => Also(story.Queue(), story, Ended(story, new PartitionOutcome { Ref = "a/1" }))),
        ("a-run-ends-as-its-refs", story => Also(story.Queue(), story, Ended(story, new PartitionOutcome { Ref = "a/1", Missed = new PartitionMissed() }))),
        ("a-read-names-a-run", story => Also(story.Queue(), story, Ended(story, new PartitionOutcome { Ref = "a/1", Done = Story.Done("x"), Reads = { new Read { Ref = "b/1", RunId = "one" } } }))),
        ("a-want-has-an-id", _ => new BuildEvent { WantCreate = new WantCreateEventV1 { Want = Story.WantOf("") } }),
        ("a-want-wants-something", _ => new BuildEvent { WantCreate = new WantCreateEventV1 { Want = new Want { WantId = "w", RootWantId = "w" } } }),
        ("a-want-is-made-once", _ => new BuildEvent { WantRegister = new WantRegisterEventV1 { Wants = { Story.WantOf("w"), Story.WantOf("w") } } }),
        ("a-want-is-made-once", _ => new BuildEvent { WantRegister = new WantRegisterEventV1 { Wants = { Story.WantOf("") } } }),
        ("a-want-wants-something", _ => new BuildEvent { WantRegister = new WantRegisterEventV1 { Wants = { new Want { WantId = "w", RootWantId = "w", Partitions = new PartitionSet() } } } }),
        ("a-child-want-is-waited-for", story => Also(story.Queue(), story, story.Miss(), Child(want => want.Waiting.Clear()))),
        ("a-child-want-is-waited-for", story => Also(story.Queue(), story, story.Miss(), Child(want => want.Waiting.Add("b/1")))),
        ("a-root-want-is-its-own-root", _ => Child(want => want.ParentWantId = "")),
        ("a-child-want-comes-from-a-run", _ => Child(want => want.RunId = "")),
        ("a-child-want-is-waited-for", _ => Child(_ => { })),
        ("an-end-says-how", story => Also(story.Want("w"), story, new BuildEvent { WantEnd = new WantEndEventV1 { WantId = "w" } })),
        ("a-standing-want-does-not-end", story => Also(story.Standing("w"), story, new BuildEvent { WantEnd = new WantEndEventV1 { WantId = "w", State = WantEndState.Failed } })),
        ("instants-pass-for-refs", story => Also(story.Want("w"), story, With(Story.TimePassed("w"), e => e.WantTime.DeadlineMissed = null))),
        ("instants-pass-for-refs", story => Also(story.Want("w"), story, With(Story.TimePassed("w"), e => (e.WantTime.DeadlineMissed, e.WantTime.Expired) = (new PartitionSet(), new PartitionSet())))),
        ("instants-pass-once", story => Also(story.Want("w"), story, Story.TimePassed("w"), Story.TimePassed("w"))),
        ("instants-pass-once", story => Also(story.Want("w"), story, With(Story.TimePassed("w"), e => e.WantTime.UpTo = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(new DateTime(2001, 1, 2, 0, 0, 0, DateTimeKind.Utc))))),
        ("only-a-failing-job-is-quarantined", _ => Story.Quarantine("a")),
        ("a-job-is-quarantined-once", story => Also(story.Queue(), story, story.Fail(), Story.Quarantine("a"), Story.Quarantine("a"))),
        ("only-a-quarantined-job-is-freed", _ => new BuildEvent { RetryRequest = new RetryRequestEventV1 { Jobs = { "a" } } }),
        ("a-taint-has-an-id", story => story.Taint("")),
        ("a-taint-names-partitions", _ => new BuildEvent { TaintCreate = new TaintCreateEventV1 { TaintId = "t", Partitions = new PartitionSet { Expressions = { "nobody/1" } } } }),
        ("a-taint-marks-something", story => story.Taint("t")),
        ("a-taint-is-lifted-from-something", story => Also(story.Taint("t"), story.Publish(), new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = "t", Partitions = new PartitionSet { Expressions = { "b/1" } } } })),
        ("an-accept-names-partitions", _ => new BuildEvent { Accept = new AcceptEventV1 { Partitions = new PartitionSet { Expressions = { "nobody/1" } } } }),
        ("an-accept-names-a-file-once", story => With(story.Publish().Accept(), e => e.Accept.FileReads.AddRange([new FileRead { Path = "x" }, new FileRead { Path = "x" }]))),
        ("an-accept-finds-something-live", _ => new BuildEvent { Accept = new AcceptEventV1() }),
        ("an-accept-finds-something-live", story => story.Accept()),
        ("an-adoption-adopts-something", _ => new BuildEvent { Adopt = new AdoptEventV1() }),
        ("only-partitions-are-adopted", _ => Adopted(partition => partition.Ref = "s/1")),
        ("a-ref-is-adopted-once", _ => With(Adopted(_ => { }), e => e.Adopt.Partitions.Add(e.Adopt.Partitions[0].Clone()))),
        ("an-adopted-ref-has-content", _ => Adopted(partition => partition.ContentFingerprint = ByteString.Empty)),
        ("a-read-names-a-run", _ => Adopted(partition => partition.Reads.Add(new Read { Ref = "b/1", RunId = "one" }))),
        ("a-rename-has-an-id", story => story.Publish().Rename("")),
        ("a-rename-that-goes-on-has-its-patterns", story => With(Also(story.Publish().Rename("r1"), story, story.Rename("r2")), e => e.Rename.Resumes = "r1")),
        ("a-rename-keeps-placeholders", story => story.Publish().Rename("r", to: "renamed/{m:int}")),
        ("a-rename-keeps-placeholders", story => story.Publish().Rename("r", to: "renamed/{n:date}")),
        ("a-rename-keeps-placeholders", story => story.Publish().Rename("r", to: "a/{n:int}")),
        ("a-rename-keeps-placeholders", story => story.Publish().Rename("r", from: "a/{")),
        ("a-rename-renames-something", story => story.Rename("r")),
        ("a-rename-replaces-nothing", story => Also(Adopted(partition => partition.Ref = "b/1"), story.Publish(), story.Rename("r", to: "b/{n:int}"))),
        ("nothing-runs-during-a-rename", story => Also(story.Publish().QueueReader(), story, story.Rename("r"))),
        ("one-rename-at-a-time", story => Also(story.Publish().Rename("r"), story, story.Rename("r", from: "renamed/{n:int}", to: "again/{n:int}"))),
        ("only-the-graphs-refs-are-observed", _ => new BuildEvent { Observe = new ObserveEventV1 { Observations = { new Observation { Ref = "nobody/1", Presence = Presence.Present } } } }),
    ];

    public static TheoryData<int, string> Rules()
    {
        var data = new TheoryData<int, string>();
        for (int i = 0; i < events.Length; i++)
        {
            data.Add(i, events[i].Rule);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void An_illegal_event_is_refused_by_the_name_of_its_rule(int number, string rule)
    {
        var story = new Story();
        var e = events[number].Make(story);
        byte[] before = story.Bytes();
        Assert.Equal(rule, Assert.Throws<IllegalEventException>(() => story.Apply(e)).Rule);
        Assert.Equal(before, story.Bytes());
    }

    [Theory]
    [InlineData("a-run-has-a-graph")]
    [InlineData("standing-wants-have-a-graph")]
    [InlineData("a-taint-has-a-graph")]
    [InlineData("an-accept-has-a-graph")]
    [InlineData("an-adoption-has-a-graph")]
    public void Without_a_graph_nothing_can_be_run_wanted_by_a_project_or_tainted(string rule)
    {
        var story = new Story();
        var e = rule switch
        {
            "a-run-has-a-graph" => story.Queue(),
            "a-taint-has-a-graph" => story.Taint("t"),
            "an-accept-has-a-graph" => story.Accept(),
            "an-adoption-has-a-graph" => story.Adopt(),
            _ => story.Standing("w"),
        };
        Assert.Equal(rule, Assert.Throws<IllegalEventException>(() => new BuildState().Apply(1, e)).Rule);
    }

    [Fact]
    public void An_event_out_of_order_is_refused()
    {
        var story = new Story();
        Assert.Equal("offsets-have-no-gap", Assert.Throws<IllegalEventException>(() => story.State.Apply(story.State.Offset + 2, story.Queue())).Rule);
        Assert.Equal("offsets-have-no-gap", Assert.Throws<IllegalEventException>(() => story.State.Apply(story.State.Offset, story.Queue())).Rule);
    }

    [Fact]
    public void A_partition_that_becomes_a_source_is_another_thing_of_the_same_name()
    {
        var story = new Story().Publish();
        Assert.Equal(1, story.State.LiveCount);
        story.Register(new Project().Source("a/{n:int}").Makes("b/{n:int}"));
        Assert.Equal(0, story.State.LiveCount);
        Assert.False(story.State[story.State.Refs.Intern(Story.Ref)].IsLive);
    }

    [Fact]
    public void What_was_displaced_is_forgotten_once_no_run_can_have_read_it()
    {
        var story = new Story().Publish();
        story.Apply(Story.Queue("00000000-0000-7000-8000-000000000008", "b", "b/1"), story.Queue(), story.Succeed());
        byte[] during = story.Bytes();
        int id = story.State.Refs.Intern(Story.Ref);
        ulong began = story.State.FindRun("00000000-0000-7000-8000-000000000008")!.QueuedAt;
        Assert.Equal(Guid.Parse(First), story.State.InstanceReadBy(id, began)!.Value.Run);
        story.Apply(new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = "00000000-0000-7000-8000-000000000008" } });
        Assert.NotEqual(Guid.Parse(First), story.State.InstanceReadBy(id, began)!.Value.Run);
        Assert.True(story.Bytes().Length < during.Length);
    }

    private static BuildEvent Ended(Story story, PartitionOutcome outcome) => new() { JobRunSuccess = new JobRunSuccessEventV1 { End = story.End(outcome) } };

    private static BuildEvent Child(Action<Want> edit)
    {
        var want = Story.WantOf("child");
        want.ParentWantId = "w";
        want.RootWantId = "w";
        want.RunId = First;
        want.Waiting.Add(Story.Ref);
        edit(want);
        return new BuildEvent { WantCreate = new WantCreateEventV1 { Want = want } };
    }

    private static BuildEvent Adopted(Action<AdoptedPartition> edit)
    {
        var partition = new AdoptedPartition { Ref = Story.Ref, ContentFingerprint = Content.Fingerprint("x").ToByteString() };
        edit(partition);
        return new BuildEvent { Adopt = new AdoptEventV1 { Partitions = { partition } } };
    }

    private static BuildEvent With(BuildEvent e, Action<BuildEvent> edit)
    {
        edit(e);
        return e;
    }

    private static BuildEvent Also(BuildEvent first, Story story, params BuildEvent[] then)
    {
        story.Apply(first).Apply(then[..^1]);
        return then[^1];
    }
}
