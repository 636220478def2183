using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.State;

/// <summary>What is known of an instance goes with it, and of a name with the thing that bore it.</summary>
public sealed class ForgottenTests
{
    private static int IdOf(Story story, string @ref = Story.Ref) => story.State.Refs.Intern(@ref);

    /// <summary>The ref is published, and its run read a file.</summary>
    private static Story Read()
    {
        var story = new Story();
        var done = story.Succeed();
        done.JobRunSuccess.End.FileReads.Add(new FileRead { Path = "x" });
        story.Apply(story.Queue(), done);
        Assert.Single(story.State.FileReadsOf(IdOf(story)));
        return story;
    }

    [Fact]
    public void A_rebuilt_ref_has_the_file_reads_of_its_new_run_alone_and_no_change_of_the_old_files()
    {
        var story = Read();
        story.Apply(story.Observe(Presence.Present));
        story.Apply(story.Rebuilt());
        Assert.Empty(story.State.FileReadsOf(IdOf(story)));
        Assert.Null(story.State.ChangeOf(IdOf(story)));
    }

    [Fact]
    public void What_is_adopted_is_live_and_read_what_its_family_needs_and_no_file()
    {
        var story = Read();
        story.Apply(story.Observe(Presence.Absent));
        Assert.Equal(0, story.State.LiveCount);
        story.Apply(story.Adopt());
        Assert.Equal(1, story.State.LiveCount);
        Assert.Empty(story.State.FileReadsOf(IdOf(story)));
    }

    [Fact]
    public void A_partition_that_becomes_a_source_leaves_nothing_behind_but_the_run_that_makes_it()
    {
        var story = Read();
        story.Apply(story.Observe(Presence.Present), story.Taint("t"), story.Queue());
        story.Register(new Project().Source("a/{n:int}").Makes("b/{n:int}"));
        int id = IdOf(story);
        Assert.Empty(story.State.Taints);
        Assert.Null(story.State.ChangeOf(id));
        Assert.Empty(story.State.FileReadsOf(id));
        Assert.True(story.State[id].IsBuilding);
        Assert.Equal(0, story.State.LiveCount);
    }

    [Fact]
    public void A_failed_partition_that_becomes_a_source_and_returns_is_not_failed_any_more()
    {
        var story = Read();
        story.Apply(story.FailedAgain());
        story.Register(new Project().Source("a/{n:int}").Makes("b/{n:int}"));
        Assert.Null(story.State.TroubleOf(IdOf(story)));
    }

    [Fact]
    public void A_source_that_becomes_a_partition_was_no_live_partition_before()
    {
        var story = new Story();
        story.AsSource();
        story.Register(new Project().Makes("s/{n:int}").Makes("b/{n:int}"));
        Assert.Equal(0, story.State.LiveCount);
        Assert.False(story.State[IdOf(story, "s/1")].IsLive);
    }

    [Fact]
    public void What_is_known_of_a_new_name_goes_when_a_rename_gives_it_to_something_live()
    {
        const string Run = "00000000-0000-7000-8000-000000000007";
        var story = Read();
        story.Register(new Project().Makes("a/{n:int}").Makes("c/{n:int}").Makes("b/{n:int}", "a/{n}").Source("s/{n:int}"));
        var end = new RunEnd { RunId = Run, FileReads = { new FileRead { Path = "y" } }, Outcomes = { new PartitionOutcome { Ref = "c/1", Done = Story.Done("c") } } };
        story.Apply(
            Story.Queue(Run, "c", "c/1"),
            new BuildEvent { JobRunSuccess = new JobRunSuccessEventV1 { End = end } },
            new BuildEvent { Observe = new ObserveEventV1 { Observations = { new Observation { Ref = "c/1", Presence = Presence.Absent } } } },
            Story.Queue(Run, "c", "c/1"),
            new BuildEvent
            {
                JobRunFailure = new JobRunFailureEventV1
                {
                    FailureClass = FailureClass.User,
                    End = new RunEnd { RunId = Run, Outcomes = { new PartitionOutcome { Ref = "c/1", Failed = new PartitionFailed { FailureClass = FailureClass.User } } } },
                },
            });
        int old = IdOf(story, "c/1");
        Assert.NotNull(story.State.TroubleOf(old));
        story.Apply(story.Rename("r", to: "c/{n:int}"));
        Assert.Null(story.State.TroubleOf(old));
        Assert.Empty(story.State.FileReadsOf(old));
        int now = IdOf(story, "c/1");
        Assert.Equal((true, "x"), (story.State[now].IsLive, Assert.Single(story.State.FileReadsOf(now)).Path));
    }

    [Fact]
    public void What_goes_on_after_a_crash_goes_on_under_its_own_id()
    {
        var story = new Story().Publish();
        story.Apply(story.Rename("r1"), new BuildEvent { Rename = new RenameEventV1 { RenameId = "r2", Resumes = "r1" } });
        Assert.Equal(("r2", "a/{n:int}"), (story.State.Renaming!.RenameId, story.State.Renaming.From));
        story = new Story().Publish();
        story.Apply(story.Expire("e1"), new BuildEvent { RetentionExpire = new RetentionExpireEventV1 { ExpiryId = "e2", Resumes = "e1" } });
        Assert.Equal(("e2", 1), (story.State.Expiring!.ExpiryId, story.State.Expiring.Partitions.Count));
    }

    [Fact]
    public void What_was_cancelled_and_held_is_asked_for_by_a_new_run_and_what_else_is_known_of_it_stays()
    {
        var story = new Story();
        story.Apply(story.Queue(), Held(story), story.Queue());
        Assert.Null(story.State.TroubleOf(IdOf(story)));
        story.Apply(story.Fail(), story.Queue(), Held(story));
        Assert.NotEqual(0UL, story.State.TroubleOf(IdOf(story))!.HeldAt);
        story.Apply(story.Queue());
        var trouble = story.State.TroubleOf(IdOf(story))!;
        Assert.Equal((0UL, true), (trouble.HeldAt, trouble.Failure is not null));
    }

    [Fact]
    public void What_is_not_there_was_read_by_nobody_and_what_was_accepted_meanwhile_by_no_run_that_began_before()
    {
        var story = new Story().Publish();
        int id = IdOf(story);
        story.Apply(story.QueueReader());
        ulong began = story.State.Offset;
        var before = story.State[id].Content;
        story.Apply(story.Observe(Presence.Present), story.Accept());
        Assert.NotEqual(before, story.State[id].Content);
        Assert.Equal(before, story.State.InstanceReadBy(id, began)!.Value.Content);
        Assert.Equal(story.State[id].Content, story.State.InstanceReadBy(id, story.State.Offset)!.Value.Content);

        var gone = new Story().Publish();
        gone.Apply(gone.Observe(Presence.Absent));
        Assert.Null(gone.State.InstanceReadBy(IdOf(gone), gone.State.Offset));
    }

    [Fact]
    public void Any_number_of_refs_may_be_named_by_one_event()
    {
        var story = new Story();
        var done = story.Succeed();
        done.JobRunSuccess.End.Reads.AddRange(Enumerable.Range(1, 500).Select(n => new Read { Ref = $"s/{n}" }));
        story.Apply(story.Queue(), done, Story.Queue("00000000-0000-7000-8000-000000000003", "a", "a/999"));
        Assert.True(story.State[IdOf(story, "a/999")].IsBuilding);
    }

    private static BuildEvent Held(Story story) => new() { JobRunCancel = new JobRunCancelEventV1 { RunId = story.RunId, Hold = true } };
}
