using DataBuild.V1;

namespace DataBuild.Engine.Tests.State;

/// <summary>Rules of the fold that a mutant of it broke and no other test saw.</summary>
public sealed class FoldRuleTests
{
    private static BuildEvent Lifted(string id) => new() { TaintCancel = new TaintCancelEventV1 { TaintId = id } };

    [Fact]
    public void What_carries_two_taints_is_tainted_until_both_are_lifted_and_they_are_told_in_the_order_they_were_made()
    {
        var story = new Story().Publish();
        int id = story.State.Refs.Intern(Story.Ref);
        story.Apply(story.Taint("t2"), story.Taint("t1"));
        Assert.True(story.State[id].IsTainted);
        Assert.Equal(["t2", "t1"], story.State.TaintsOf(id).Select(taint => taint.Taint.TaintId));
        story.Apply(Lifted("t2"));
        Assert.True(story.State[id].IsTainted);
        story.Apply(Lifted("t1"));
        Assert.False(story.State[id].IsTainted);
    }

    [Fact]
    public void What_was_seen_of_changed_files_is_forgotten_when_they_are_gone()
    {
        var story = new Story().Publish();
        int id = story.State.Refs.Intern(Story.Ref);
        story.Apply(story.Observe(Presence.Present));
        Assert.NotNull(story.State.ChangeOf(id));
        story.Apply(story.Observe(Presence.Absent));
        Assert.Null(story.State.ChangeOf(id));
    }

    [Fact]
    public void What_was_seen_of_changed_files_is_forgotten_when_they_are_as_published_again()
    {
        var story = new Story().Publish();
        int id = story.State.Refs.Intern(Story.Ref);
        story.Apply(story.Observe(Presence.Present));
        var again = story.Observe(Presence.Present);
        again.Observe.Observations[0].ContentFingerprint = Story.Done("x").ContentFingerprint;
        story.Apply(again);
        Assert.Null(story.State.ChangeOf(id));
        Assert.False(story.State[id].IsChanged);
    }

    [Theory]
    [InlineData(FailureClass.User, 1)]
    [InlineData(FailureClass.Infrastructure, 0)]
    [InlineData(FailureClass.Canceled, 0)]
    [InlineData(FailureClass.Timeout, 0)]
    [InlineData(FailureClass.Protocol, 0)]
    public void Only_what_is_the_jobs_own_fault_counts_towards_quarantine(FailureClass failureClass, int failures)
    {
        var story = new Story();
        var failed = story.Fail();
        failed.JobRunFailure.FailureClass = failureClass;
        story.Apply(story.Queue(), failed);
        Assert.Equal(failures, story.State.StraightFailuresOf("a", story.State.CurrentJob("a")!.Index));
    }

    [Fact]
    public void A_run_that_made_some_of_its_refs_ends_a_row_of_failures()
    {
        const string Run = "00000000-0000-7000-8000-000000000005";
        var story = new Story();
        story.Apply(story.FailedAgain());
        int version = story.State.CurrentJob("a")!.Index;
        Assert.Equal(1, story.State.StraightFailuresOf("a", version));
        story.Apply(Story.Queue(Run, "a", "a/1", "a/2"), new BuildEvent
        {
            JobRunFailure = new JobRunFailureEventV1
            {
                FailureClass = FailureClass.User,
                End = new RunEnd
                {
                    RunId = Run,
                    Outcomes =
                    {
                        new PartitionOutcome { Ref = "a/1", Done = Story.Done("x") },
                        new PartitionOutcome { Ref = "a/2", Failed = new PartitionFailed { FailureClass = FailureClass.User } },
                    },
                },
            },
        });
        Assert.Equal(0, story.State.StraightFailuresOf("a", version));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(3)]
    public void What_a_failed_run_exited_with_is_known_and_that_it_did_not_exit_too(int? exitCode)
    {
        var story = new Story();
        var failed = story.Fail();
        if (exitCode is { } code)
        {
            failed.JobRunFailure.End.ExitCode = code;
        }

        story.Apply(story.Queue(), failed);
        Assert.Equal(exitCode, story.State.TroubleOf(story.State.Refs.Intern(Story.Ref))!.ExitCode);
    }
}
