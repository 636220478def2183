using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.State;

/// <summary>Wants, their children and their runs; graphs and what they register.</summary>
public sealed class WantFoldTests
{
    private static BuildEvent Cancel(string want) => new() { WantCancel = new WantCancelEventV1 { WantId = want } };

    private static BuildEvent Child(Story story, string id) => new()
    {
        WantCreate = new WantCreateEventV1
        {
            Want = new Want
            {
                WantId = id, ParentWantId = "w", RootWantId = "w", RunId = story.RunId, Waiting = { Story.Ref }, Partitions = new PartitionSet { Expressions = { "b/1" } },
            },
        },
    };

    /// <summary>A run of want w that lacks something.</summary>
    private static Story Missing()
    {
        var story = new Story();
        return story.Apply(story.Want("w"), story.Queue(), story.Miss(), Child(story, "c1"));
    }

    [Fact]
    public void A_child_want_ends_when_another_one_takes_its_place()
    {
        var story = Missing();
        Assert.Equal(["w", "c1"], story.State.Wants.Select(want => want.Id));
        story.Apply(story.Queue(), story.Miss(), Child(story, "c2"));
        Assert.Equal(["w", "c2"], story.State.Wants.Select(want => want.Id));
        story.Apply(story.Rebuilt());
        Assert.Equal("w", Assert.Single(story.State.Wants).Id);
    }

    [Fact]
    public void A_child_want_ends_when_what_waits_for_it_fails_as_another_version_of_its_job()
    {
        var story = Missing();
        story.Apply(story.OtherVersion());
        var queue = story.Queue();
        queue.JobRunQueue.JobFingerprint = Google.Protobuf.ByteString.CopyFrom([2]);
        story.Apply(queue, story.Fail());
        Assert.Equal("w", Assert.Single(story.State.Wants).Id);
        Assert.Empty(story.State.TroubleOf(story.State.Refs.Intern(Story.Ref))!.Missed);
    }

    [Fact]
    public void A_want_that_ended_is_known_as_long_as_a_child_of_it_or_a_run_for_it_is()
    {
        var story = Missing();
        story.Apply(Cancel("w"));
        Assert.Equal(["w", "c1"], story.State.Wants.Select(want => want.Id));
        story.Apply(story.Queue());
        story.Apply(story.Succeed());
        Assert.Empty(story.State.Wants);

        story = new Story();
        story.Apply(story.Want("w"), story.Queue(), Cancel("w"));
        Assert.Single(story.State.Wants);
        story.Apply(story.Fail());
        Assert.Empty(story.State.Wants);
    }

    [Fact]
    public void A_standing_want_registered_again_keeps_what_its_instants_are_accounted_for_and_one_with_other_times_does_not()
    {
        var story = new Story();
        var standing = story.Standing("w");
        standing.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        story.Apply(standing, Story.TimePassed("w"));
        var accounted = story.State.FindWant("w")!.TimesUpTo;
        Assert.NotEqual(story.State.FindWant("w")!.Created, accounted);
        story.Apply(story.Standing("w"));
        Assert.Equal(accounted, story.State.FindWant("w")!.TimesUpTo);
        var other = story.Standing("w");
        other.WantRegister.Wants[0].Ttl = new() { Seconds = 5 };
        story.Apply(other);
        Assert.Equal(story.State.FindWant("w")!.Created, story.State.FindWant("w")!.TimesUpTo);
    }

    [Fact]
    public void A_want_that_was_there_before_any_graph_is_kept_with_its_problem_until_there_is_one()
    {
        var state = new BuildState();
        state.Apply(1, new BuildEvent { WantCreate = new WantCreateEventV1 { Want = Story.WantOf("w") } });
        Assert.Equal((null, "no graph is registered"), (state.FindWant("w")!.Set, state.FindWant("w")!.Problem));
    }

    [Fact]
    public void The_same_graph_with_other_fingerprints_is_not_a_new_graph_and_a_job_that_left_is_none_any_more()
    {
        var story = new Story();
        ulong registered = story.State.GraphOffset;
        story.Apply(story.OtherVersion());
        Assert.Equal(registered, story.State.GraphOffset);
        var (before, now) = (story.State.JobVersionAt(0), story.State.CurrentJob("a")!);
        Assert.Equal(before, story.State.JobVersionBefore(now));
        Assert.Null(story.State.JobVersionBefore(before));
        Assert.Null(story.State.JobVersionBefore(story.State.CurrentJob("b")!));
        story.Register(new Project().Makes("b/{n:int}"));
        Assert.Equal(story.State.Offset, story.State.GraphOffset);
        Assert.Null(story.State.CurrentJob("a"));
    }

    [Fact]
    public void A_run_that_made_some_refs_and_lacked_inputs_for_others_ends_a_row_of_failures()
    {
        var story = new Story();
        story.Apply(story.FailedAgain());
        int version = story.State.CurrentJob("a")!.Index;
        story.Apply(Story.Queue(story.RunId, "a", "a/1", "a/2"), new BuildEvent
        {
            JobRunMissingDeps = new JobRunMissingDepsEventV1
            {
                End = story.End(
                    new PartitionOutcome { Ref = "a/1", Done = Story.Done("x") },
                    new PartitionOutcome { Ref = "a/2", Missed = new PartitionMissed { Refs = { "b/1" } } }),
            },
        });
        Assert.Equal(0, story.State.StraightFailuresOf("a", version));
    }

    [Fact]
    public void Recovery_is_told_which_refs_are_live_by_a_run_and_no_others()
    {
        var story = new Story();
        string first = story.RunId, second = "00000000-0000-7000-8000-000000000002";
        story.Apply(Story.Queue(first, "a", "a/1", "a/2", "a/3"), new BuildEvent
        {
            JobRunFailure = new JobRunFailureEventV1
            {
                End = story.End(
                    new PartitionOutcome { Ref = "a/1", Done = Story.Done("1") },
                    new PartitionOutcome { Ref = "a/2", Done = Story.Done("2") },
                    new PartitionOutcome { Ref = "a/3", Failed = new PartitionFailed { FailureClass = FailureClass.User } }),
            },
        });
        story.Apply(Story.Queue(second, "a", "a/2"), new BuildEvent
        {
            JobRunSuccess = new JobRunSuccessEventV1 { End = new RunEnd { RunId = second, Outcomes = { new PartitionOutcome { Ref = "a/2", Done = Story.Done("2") } } } },
        });
        var live = story.State.LiveRefsByRun();
        Assert.Equal(["a/1"], live(first));
        Assert.Equal(["a/2"], live(second));
        Assert.Empty(live("00000000-0000-7000-8000-000000000003"));
        Assert.Empty(live("no run"));
    }

    [Fact]
    public void An_accept_would_change_what_is_changed_tainted_of_another_job_or_made_from_other_inputs_and_nothing_else()
    {
        var story = new Story().Publish();
        int id = story.State.Refs.Intern(Story.Ref), reader = story.State.Refs.Intern("b/1");
        Assert.False(story.State.Differs(id));
        Assert.False(story.State.Differs(reader));
        story.Apply(story.Taint("t"));
        Assert.True(story.State.Differs(id));
        story.Apply(story.Rebuilt(), story.Observe(Presence.Present));
        Assert.True(story.State.Differs(id));
        story.Apply(story.Accept());
        Assert.False(story.State.Differs(id));
        story.Apply(story.OtherVersion());
        Assert.False(story.State.Differs(id));

        const string Run = "00000000-0000-7000-8000-000000000009";
        var end = new RunEnd
        {
            RunId = Run,
            Outcomes = { new PartitionOutcome { Ref = "b/1", Done = Story.Done("b") } },
            Reads = { new Read { Ref = Story.Ref, ContentFingerprint = story.State[id].Content.ToByteString() }, new Read { Ref = "b/7" } },
        };
        story.Apply(story.QueueReader(), new BuildEvent { JobRunSuccess = new JobRunSuccessEventV1 { End = end } });
        Assert.False(story.State.Differs(reader));
        story.Apply(story.Observe(Presence.Present), story.Accept());
        Assert.True(story.State.Differs(reader));
        story.AsSource();
        Assert.False(story.State.Differs(story.State.Refs.Intern("s/1")));
    }
}
