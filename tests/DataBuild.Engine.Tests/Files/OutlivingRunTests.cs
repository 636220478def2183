using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Tests.Files;

/// <summary>Directories of runs that go on when their engine ends.</summary>
public sealed class OutlivingRunTests : IDisposable
{
    private const string Run = "0198a1b2-0000-7000-8000-000000000001";
    private static readonly string[] refs = ["a/b", "folder"];

    private readonly TempRoot temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void The_directory_keeps_its_path_and_what_is_in_it_over_terms()
    {
        string first = temp.Store(term: 1).StageOutliving(Run, refs);
        TempRoot.Write(first, "a/b", "1");
        Assert.Equal(Path.Join(temp.Reserved, "remote", Run), first);

        var next = temp.Store(term: 2);
        next.Recover(_ => [], run => run == Run);
        Assert.Equal(first, next.StageOutliving(Run, refs));
        TempRoot.Write(first, "folder/x", "2");
        Assert.All(next.Inspect(Run, refs).Outputs, output => Assert.True(output.Exists));
        next.Prepare(Run);
        next.Publish(Run, refs);
        Assert.Equal("a/b=1; folder/x=2", temp.Published());
        next.Dispose();
        Assert.DoesNotContain("remote", temp.Garbage());
    }

    [Fact]
    public void What_a_dead_engine_had_begun_to_take_and_not_committed_is_given_back()
    {
        var dead = temp.Store(term: 1);
        TempRoot.Write(dead.StageOutliving(Run, refs), "a/b", "whole");
        dead.Prepare(Run);

        // A late process of the run makes its old path anew.
        TempRoot.Write(Path.Join(temp.Reserved, "remote", Run), "a/b", "half");
        var next = temp.Store(term: 2);
        next.Recover(_ => [], run => run == Run);
        string path = next.StageOutliving(Run, refs);
        Assert.Equal("whole", File.ReadAllText(Path.Join(path, "a/b")));
        Assert.Equal("", temp.Published());
    }

    [Fact]
    public void A_paused_engine_publishes_nothing_of_a_run_that_its_successor_adopted()
    {
        var paused = temp.Store(term: 1);
        TempRoot.Write(paused.StageOutliving(Run, refs), "a/b", "1");

        var leader = temp.Store(term: 2);
        leader.Recover(_ => [], run => run == Run);
        string path = leader.StageOutliving(Run, refs);
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Prepare(Run));
        paused.Discard(Run);
        Assert.Equal("1", File.ReadAllText(Path.Join(path, "a/b")));
        leader.Prepare(Run);
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Publish(Run, ["a/b"]));
        leader.Publish(Run, ["a/b"]);
        Assert.Equal("a/b=1", temp.Published());
    }

    [Fact]
    public void A_lost_attempt_is_cut_off_and_what_it_writes_later_is_removed_by_a_later_start()
    {
        var store = temp.Store(term: 1);
        string path = store.StageOutliving(Run, refs);
        TempRoot.Write(path, "a/b", "1");
        using var held = new StreamWriter(Path.Join(path, "a", "b"), append: true);
        store.Discard(Run);
        Assert.False(Directory.Exists(path));
        held.Write("by a handle that stayed open");
        held.Flush();
        TempRoot.Write(path, "a/b", "by its old path");

        var next = temp.Store(term: 2);
        next.Recover(_ => [], _ => false);
        Assert.Equal("", temp.Published());
        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void A_committed_run_is_published_by_the_next_engine_like_any_other()
    {
        var dead = temp.Store(term: 1);
        TempRoot.Write(dead.StageOutliving(Run, refs), "a/b", "1");
        dead.Prepare(Run);
        var next = temp.Store(term: 2);
        next.Recover(run => run == Run ? ["a/b"] : [], _ => false);
        Assert.Equal("a/b=1", temp.Published());
        Assert.Equal([], temp.Garbage());
    }
}
