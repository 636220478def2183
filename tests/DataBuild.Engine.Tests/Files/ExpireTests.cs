using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

/// <summary>Removing published partitions: at once for every reader, by the holder of the term alone, and again after a crash.</summary>
public sealed class ExpireTests : IDisposable
{
    private const string Id = "0193a000-0000-7000-8000-000000000001";

    private readonly TempRoot temp = new();

    public void Dispose() => temp.Dispose();

    private PartitionStore Filled(ulong term = 1, Disk? disk = null)
    {
        var store = temp.Store(term, disk);
        TempRoot.Run(store, "r", ["a/file", "a/folder", "b"], ("a/file", "1"), ("a/folder/x/y", "2"), ("b", "3"));
        return store;
    }

    [Fact]
    public void Files_and_folders_are_removed_and_nothing_is_left_of_them()
    {
        using (var store = Filled())
        {
            store.BeginExpiry(Id);
            store.Expire(Id, ["a/file", "a/folder", "gone", "gone/too"]);
            // Folders stay: somebody else may be putting something into them.
            Assert.Equal("a/; b=3", temp.Published());
        }

        Assert.Equal([], temp.Garbage());
        Assert.Empty(temp.Warnings);
    }

    [Fact]
    public void A_leader_that_was_taken_over_removes_nothing()
    {
        var paused = Filled();
        paused.BeginExpiry(Id);
        var leader = temp.Store(term: 2);
        leader.Recover(_ => []);
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Expire(Id, ["b"]));
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.Expire(Id, ["gone"]));
        Assert.Equal("a/file=1; a/folder/x/y=2; b=3", temp.Published());
        leader.BeginExpiry(Id);
        TempRoot.Refused(Rules.DataRootTakenOver, () => paused.BeginExpiry(Id));
    }

    [Fact]
    public void A_crash_at_any_step_is_finished_by_the_next_leader_with_the_same_call()
    {
        var steps = 0;
        for (var crashed = true; crashed; steps++)
        {
            using var root = new TempRoot();
            TempRoot.Run(root.Store(), "r", ["a/file", "a/folder", "b"], ("a/file", "1"), ("a/folder/x", "2"), ("b", "3"));
            crashed = CrashTests.Crashes(() =>
            {
                using var store = root.Store(term: 2, new CrashingDisk(steps));
                store.BeginExpiry(Id);
                store.Expire(Id, ["a/file", "a/folder"]);
            });
            var next = root.Store(term: 3);
            next.Recover(_ => []);
            next.BeginExpiry(Id);
            next.Expire(Id, ["a/file", "a/folder"]);
            next.Dispose();
            Assert.Equal("a/; b=3", root.Published());
            Assert.Equal([], root.Garbage());
        }

        Assert.True(steps > 6, $"{steps} steps");
    }

    [Fact]
    public void What_lies_behind_a_link_that_leads_out_of_the_data_root_is_left_alone()
    {
        var store = Filled();
        string outside = Directory.CreateDirectory(Path.Join(temp.Folder, "outside")).FullName;
        Directory.Move(Path.Join(temp.Data, "a"), Path.Join(outside, "a"));
        Directory.CreateSymbolicLink(Path.Join(temp.Data, "a"), Path.Join(outside, "a"));
        var next = temp.Store(term: 2);
        store.Dispose();
        next.BeginExpiry(Id);
        next.Expire(Id, ["a/file", "b"]);
        Assert.True(File.Exists(Path.Join(outside, "a", "file")));
        Assert.False(File.Exists(Path.Join(temp.Data, "b")));
        Assert.Single(temp.Warnings);
    }
}
