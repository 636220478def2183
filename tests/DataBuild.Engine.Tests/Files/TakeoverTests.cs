using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

public sealed class TakeoverTests : IDisposable
{
    private readonly TempRoot temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_paused_leader_can_do_nothing_once_it_is_taken_over()
    {
        var paused = temp.Store(term: 1);
        TempRoot.Run(paused, "r0", ["p", "folder"], ("p", "0"), ("folder/x", "0"));
        TempRoot.Write(paused.Stage("prepared"), "p", "paused");
        TempRoot.Write(paused.Stage("prepared folder"), "folder/x", "paused");
        TempRoot.Write(paused.Stage("staged"), "p", "paused");
        paused.Prepare("prepared");
        paused.Prepare("prepared folder");

        var leader = temp.Store(term: 2);
        leader.Recover(_ => []);
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Publish("prepared", ["p"]));
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Publish("prepared folder", ["folder"]));
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Inspect("staged", ["p"]));
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Prepare("staged"));
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Stage("new"));
        paused.Discard("prepared");
        paused.Dispose();
        Assert.Equal("folder/x=0; p=0", temp.Published());

        TempRoot.Run(leader, "r2", ["p"], ("p", "2"));
        Assert.Equal("2", temp.Read("p"));
    }

    [Fact]
    public void A_leader_that_was_paused_before_it_began_finds_the_later_one_at_work()
    {
        var paused = temp.Store(term: 1);
        var leader = temp.Store(term: 2);
        leader.Stage("r");
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Stage("r"));
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Recover(_ => []));
        Assert.True(Directory.Exists(Path.Join(temp.Reserved, "staging-2/r")));
    }

    [Fact]
    public void What_was_committed_is_published_by_the_next_leader_and_the_rest_is_removed()
    {
        var dead = temp.Store(term: 3);
        TempRoot.Run(dead, "r0", ["a/old", "a/folder"], ("a/old", "0"), ("a/folder/x", "0"));
        foreach (var run in new[] { "committed", "other" })
        {
            var staging = dead.Stage(run);
            foreach (var path in new[] { "a/old", "a/folder/x", "b/new", "failed", "unasked" })
            {
                TempRoot.Write(staging, path, run);
            }

            dead.Prepare(run);
        }

        TempRoot.Write(dead.Stage("staged"), "b/new", "staged");
        var leader = temp.Store(term: 9);
        leader.Recover(run => run == "committed" ? ["a/old", "a/folder", "b/new"] : []);
        Assert.Equal("a/folder/x=committed; a/old=committed; b/new=committed", temp.Published());
        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void Recovery_asks_for_every_run_of_every_older_term_and_leaves_its_own_alone()
    {
        foreach (var term in new ulong[] { 1, 2, 10 })
        {
            var store = temp.Store(term);
            TempRoot.Write(store.Stage($"run {term}"), $"p{term}", "1");
            store.Prepare($"run {term}");
        }

        var leader = temp.Store(term: 11);
        leader.Stage("own");
        List<string> asked = [];
        leader.Recover(run =>
        {
            asked.Add(run);
            return [];
        });
        Assert.Equal(["run 1", "run 10", "run 2"], asked.Order(StringComparer.Ordinal));
        Assert.Equal(["publish-11", "staging-11"], temp.Garbage());
        Assert.True(Directory.Exists(Path.Join(temp.Reserved, "staging-11/own")));
    }

    [Fact]
    public void Recovering_twice_is_recovering_once()
    {
        var dead = temp.Store(term: 1);
        TempRoot.Write(dead.Stage("r"), "p", "1");
        dead.Prepare("r");
        var leader = temp.Store(term: 2);
        leader.Recover(_ => ["p"]);
        TempRoot.Run(leader, "r2", ["p"], ("p", "2"));
        leader.Recover(_ => ["p"]);
        Assert.Equal("p=2", temp.Published());
    }

    [Fact]
    public void A_partition_deleted_since_its_run_is_no_obstacle_to_recovery()
    {
        var dead = temp.Store(term: 1, disk: new FailingDisk { OnRemove = _ => Errno.NotPermitted });
        TempRoot.Run(dead, "r", ["a", "b"], ("a", "1"), ("b", "1"), ("unasked", "1"));
        File.Delete(Path.Join(temp.Data, "a"));
        temp.Store(term: 2).Recover(_ => ["a", "b"]);
        Assert.Equal("b=1", temp.Published());
        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void Names_of_the_user_in_the_reserved_folder_are_left_alone()
    {
        temp.Open();
        foreach (var name in new[] { "publish-", "publish-x", "staging-1x", "publish--1", "notes" })
        {
            Directory.CreateDirectory(Path.Join(temp.Reserved, name));
        }

        temp.Store(term: 9).Recover(_ => []);
        Assert.Equal(5, temp.Garbage().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_leader_that_wakes_while_it_is_taken_over_loses_nothing_that_was_committed(int seed)
    {
        const int runs = 150;
        var paused = temp.Store(term: 1);
        for (var i = 0; i < runs; i++)
        {
            TempRoot.Run(paused, $"old{i}", [$"folder{i}"], ($"folder{i}/x", "old"));
            var staging = paused.Stage($"r{i}");
            TempRoot.Write(staging, $"file{i}", "new");
            TempRoot.Write(staging, $"folder{i}/x", "new");
            paused.Prepare($"r{i}");
        }

        using var start = new Barrier(2);
        Exception? stopped = null;
        var waking = new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                for (var i = 0; i < runs; i++)
                {
                    paused.Publish($"r{i}", [$"file{i}", $"folder{i}"]);
                }
            }
            catch (Exception exception)
            {
                stopped = exception;
            }
        });
        waking.Start();
        var leader = temp.Store(term: (ulong)seed + 1);
        start.SignalAndWait();
        Thread.SpinWait(seed * 20_000);
        leader.Recover(run => [$"file{run[1..]}", $"folder{run[1..]}"]);
        waking.Join();

        if (stopped is not null)
        {
            Assert.Equal(Rules.DataRootTakenOver, Assert.IsType<DataBuildException>(stopped).Rule);
        }

        for (var i = 0; i < runs; i++)
        {
            Assert.Equal("new", temp.Read($"file{i}"));
            Assert.Equal("new", temp.Read($"folder{i}/x"));
        }
    }
}
