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
        ("a-registered-graph-compiles", _ => new BuildEvent { GraphRegister = new GraphRegisterEventV1 { Graph = new Project().Job("a").Job("a").Document } }),
        ("every-job-has-a-fingerprint", _ => new BuildEvent { GraphRegister = new GraphRegisterEventV1 { Graph = new Project().Job("a").Document } }),
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
        ("a-root-want-is-its-own-root", _ => Child(want => want.ParentWantId = "")),
        ("a-child-want-comes-from-a-run", _ => Child(want => want.RunId = "")),
        ("a-child-want-is-waited-for", _ => Child(_ => { })),
        ("an-end-says-how", story => Also(story.Want("w"), story, new BuildEvent { WantEnd = new WantEndEventV1 { WantId = "w" } })),
        ("a-standing-want-does-not-end", story => Also(story.Standing("w"), story, new BuildEvent { WantEnd = new WantEndEventV1 { WantId = "w", State = WantEndState.Failed } })),
        ("a-taint-has-an-id", story => story.Taint("")),
        ("a-taint-names-partitions", _ => new BuildEvent { TaintCreate = new TaintCreateEventV1 { TaintId = "t", Partitions = new PartitionSet { Expressions = { "nobody/1" } } } }),
        ("a-taint-marks-something", story => story.Taint("t")),
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
    public void Without_a_graph_nothing_can_be_run_wanted_by_a_project_or_tainted(string rule)
    {
        var story = new Story();
        var e = rule switch
        {
            "a-run-has-a-graph" => story.Queue(),
            "a-taint-has-a-graph" => story.Taint("t"),
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

    private static BuildEvent With(BuildEvent e, Action<BuildEvent> edit)
    {
        edit(e);
        return e;
    }

    private static BuildEvent Also(BuildEvent first, Story story, BuildEvent then)
    {
        story.Apply(first);
        return then;
    }
}
