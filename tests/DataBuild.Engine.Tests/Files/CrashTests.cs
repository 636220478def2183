using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

/// <summary>
/// The process dies before each of its file operations in turn, then recovery dies before each of its own, then a third leader
/// recovers. On a file system that keeps the order of its metadata this is also what a loss of power leaves after the last sync.
/// </summary>
public sealed class CrashTests
{
    private static readonly string[] Refs = ["a/file", "a/folder", "to file", "to folder", "new/file", "new/folder"];

    private const string Old = "a/file=old; a/folder/1=old; a/folder/old/2=old; to file/x=old; to folder=old";
    private const string New =
        "a/file=new; a/folder/1=new; a/folder/new/2=new; new/file=new; new/folder/x=new; to file=new; to folder/x=new";

    /// <summary>Thousands of data roots: in memory, where there is such a folder, they cost no wait for a disk.</summary>
    private static string? Memory => Directory.Exists("/dev/shm") ? "/dev/shm" : null;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crash_at_any_step_leaves_all_of_the_old_or_all_of_the_new(bool canExchange)
    {
        var steps = 0;
        for (var crashed = true; crashed; steps++)
        {
            using var temp = Prepared();
            var disk = new CrashingDisk(steps, canExchange);
            crashed = Publish(temp, disk, out var committed);
            RequireWhole(temp, committed, canExchange);
            temp.Store(term: 3, new CrashingDisk(canExchange: canExchange)).Recover(_ => committed ? Refs : []);
            Assert.Equal(committed ? New : Old, temp.Published());
            Assert.Equal([], temp.Garbage());
        }

        // The loop ended because a whole run needed no more: and it had as many steps as there are to die at.
        Assert.True(steps > 20, $"{steps} steps");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crash_at_any_step_of_the_recovery_from_a_crash_at_any_step_does_so_too(bool canExchange)
    {
        // Every step of the first, and of the second each third one from a changing start: all pairs would be ten times as many.
        for (var (steps, crashed) = (0, true); crashed; steps++)
        {
            for (var (recoverySteps, recoveryCrashed) = (steps % 3, true); recoveryCrashed; recoverySteps += 3)
            {
                using var temp = Prepared();
                crashed = Publish(temp, new CrashingDisk(steps, canExchange), out var committed);
                recoveryCrashed = Crashes(
                    () => temp.Store(term: 3, new CrashingDisk(recoverySteps, canExchange)).Recover(_ => committed ? Refs : []));
                RequireWhole(temp, committed, canExchange);
                temp.Store(term: 4, new CrashingDisk(canExchange: canExchange)).Recover(_ => committed ? Refs : []);
                Assert.Equal(committed ? New : Old, temp.Published());
                Assert.Equal([], temp.Garbage());
            }
        }
    }

    [Fact]
    public void A_single_file_costs_four_renames_and_nothing_is_made_or_removed()
    {
        using var temp = new TempRoot(Memory);
        var disk = new CrashingDisk();
        var store = temp.Store(1, disk, Durability.Full);
        TempRoot.Run(store, "r1", ["a/1"], ("a/1", "1"));
        disk.Done.Clear();
        TempRoot.Run(store, "r2", ["a/2"], ("a/2", "2"));
        Assert.Equal(["rename", "rename", "sync", "rename", "rename"], disk.Done);
    }

    [Fact]
    public void A_folder_is_replaced_by_one_exchange()
    {
        using var temp = new TempRoot(Memory);
        var disk = new CrashingDisk();
        var store = temp.Store(1, disk, Durability.Full);
        TempRoot.Run(store, "r1", ["p"], ("p/x", "1"));
        disk.Done.Clear();
        TempRoot.Run(store, "r2", ["p"], ("p/x", "2"));
        Assert.Equal(1, disk.Done.Count(step => step == "exchange"));
    }

    private static TempRoot Prepared()
    {
        var temp = new TempRoot(Memory);
        var store = temp.Store(term: 1);
        TempRoot.Run(
            store,
            "r1",
            ["a/file", "a/folder", "to file", "to folder"],
            ("a/file", "old"),
            ("a/folder/1", "old"),
            ("a/folder/old/2", "old"),
            ("to file/x", "old"),
            ("to folder", "old"));
        store.Dispose();
        return temp;
    }

    private static bool Publish(TempRoot temp, CrashingDisk disk, out bool committed)
    {
        var done = false;
        var crashed = Crashes(() =>
        {
            var store = temp.Store(term: 2, disk, Durability.Full);
            var staging = store.Stage("r2");
            foreach (var path in new[] { "a/file", "a/folder/1", "a/folder/new/2", "to file", "to folder/x", "new/file", "new/folder/x", "unasked/y" })
            {
                TempRoot.Write(staging, path, "new");
            }

            store.Inspect("r2", Refs);
            store.Prepare("r2");
            store.Sync();
            done = true;
            store.Publish("r2", Refs);
            store.Dispose();
        });
        committed = done;
        return crashed;
    }

    internal static bool Crashes(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (CrashingDisk.Crash)
        {
            return true;
        }
    }

    /// <summary>At the moment of the crash, before any recovery, each partition is the old or the new one, whole.</summary>
    private static void RequireWhole(TempRoot temp, bool committed, bool canExchange)
    {
        foreach (var @ref in Refs)
        {
            var now = Part(temp.Published(), @ref);
            if (!canExchange && now.Length == 0)
            {
                continue;
            }

            Assert.True(now == Part(Old, @ref) || (committed && now == Part(New, @ref)), $"{@ref} is '{now}'");
        }
    }

    private static string Part(string tree, string @ref) =>
        string.Join("; ", tree.Split("; ").Where(path => path.StartsWith(@ref + "=", StringComparison.Ordinal) || path.StartsWith(@ref + "/", StringComparison.Ordinal)));
}
