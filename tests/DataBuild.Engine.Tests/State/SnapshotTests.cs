using DataBuild.Engine.State;
using DataBuild.Fuzz.Tests;

namespace DataBuild.Engine.Tests.State;

/// <summary>A snapshot and the events after it are the log: at every point of a history with every kind of event in it.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_snapshot_at_any_point_and_the_events_after_it_equal_a_replay(bool canonical)
    {
        var events = History.Events();
        byte[] replayed = History.Canonical(History.After(events.Count));
        for (int taken = 0; taken <= events.Count; taken++)
        {
            var state = Loaded(History.After(taken), canonical);
            Assert.Equal(History.Canonical(History.After(taken)), History.Canonical(state));
            foreach (var e in events.Skip(taken))
            {
                state.Apply(state.Offset + 1, e);
            }

            Assert.Equal(replayed, History.Canonical(state));
            Assert.Equal(History.After(events.Count).LiveCount, state.LiveCount);
        }
    }

    [Fact]
    public void What_a_failure_says_is_in_the_snapshot()
    {
        var events = History.Events();
        int failed = events.FindIndex(e => e.JobRunFailure is not null) + 1;
        var before = History.After(failed);
        var after = Loaded(before, canonical: false);
        var (one, other) = (before.TroubleOf(before.Refs.Intern("n/1"))!, after.TroubleOf(after.Refs.Intern("n/1"))!);
        Assert.Equal((one.Failure, one.Run, one.Offset, one.JobVersion, one.HeldAt, one.ExitCode, one.Signal, one.Log), (other.Failure, other.Run, other.Offset, other.JobVersion, other.HeldAt, other.ExitCode, other.Signal, other.Log));
        Assert.Equal((one.StderrTail, one.NotBefore, one.BatchLimit, one.NextAttempt, one.ChildWant), (other.StderrTail, other.NotBefore, other.BatchLimit, other.NextAttempt, other.ChildWant));
        Assert.Equal("no luck", other.StderrTail);
    }

    [Fact]
    public void What_a_run_under_way_may_have_read_is_in_the_snapshot_while_it_runs()
    {
        var story = new Story().Publish();
        int id = story.State.Refs.Intern(Story.Ref);
        const string Reader = "00000000-0000-7000-8000-000000000008";
        story.Apply(Story.Queue(Reader, "b", "b/1"), story.Queue(), story.Succeed(), story.Taint("t1"), story.Taint("t2"));
        var loaded = Loaded(story.State, canonical: false);
        ulong began = loaded.FindRun(Reader)!.QueuedAt;
        Assert.Equal(story.State.InstanceReadBy(id, began), loaded.InstanceReadBy(loaded.Refs.Intern(Story.Ref), began));
        Assert.Equal(["t1", "t2"], loaded.TaintsOf(loaded.Refs.Intern(Story.Ref)).Select(taint => taint.Taint.TaintId));

        // It is forgotten with the run, also by the state that was loaded.
        loaded.Apply(loaded.Offset + 1, new V1.BuildEvent { JobRunCancel = new V1.JobRunCancelEventV1 { RunId = Reader } });
        story.Apply(new V1.BuildEvent { JobRunCancel = new V1.JobRunCancelEventV1 { RunId = Reader } });
        Assert.Equal(story.Bytes(), History.Canonical(loaded));
    }

    private static BuildState Loaded(BuildState state, bool canonical)
    {
        using var stream = new MemoryStream();
        StateSnapshot.Write(state, stream, canonical);
        stream.Position = 0;
        return StateSnapshot.Read(stream);
    }
}
