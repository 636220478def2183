using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

public sealed class PublishTests : IDisposable
{
    private readonly TempRoot temp = new();

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData("a")]
    [InlineData("delays/daily/2001-01-05")]
    [InlineData("größe/日本/x y z/ü.csv")]
    [InlineData("with 'quotes' & $(dollar)/100%")]
    public void An_output_appears_under_its_ref_and_nothing_else_is_left(string @ref)
    {
        var store = temp.Store();
        TempRoot.Run(store, "r1", [@ref], (@ref, "1"));
        Assert.Equal(@ref + "=1", temp.Published());
        store.Dispose();
        Assert.Equal([], temp.Garbage());
    }

    [Theory]
    [InlineData("file", "file")]
    [InlineData("file", "folder")]
    [InlineData("folder", "file")]
    [InlineData("folder", "folder")]
    public void An_output_replaces_the_older_one_whatever_kind_either_is(string before, string after)
    {
        var store = temp.Store();
        foreach (var (kind, content) in ((string, string)[])[(before, "old"), (after, "new")])
        {
            TempRoot.Run(store, content, ["x/p"], kind == "file" ? [("x/p", content)] : [("x/p/1", content), ($"x/p/only {content}/2", content)]);
        }

        Assert.Equal(after == "file" ? "x/p=new" : "x/p/1=new; x/p/only new/2=new", temp.Published());
        store.Dispose();
        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void An_empty_folder_is_a_partition()
    {
        var store = temp.Store();
        Directory.CreateDirectory(Path.Join(store.Stage("r"), "p"));
        Assert.True(Assert.Single(store.Inspect("r", ["p"]).Outputs) is { Exists: true, IsFolder: true, Size: 0 });
        store.Prepare("r");
        store.Publish("r", ["p"]);
        Assert.True(Directory.Exists(Path.Join(temp.Data, "p")));
    }

    [Fact]
    public void Only_what_was_asked_for_is_published()
    {
        var store = temp.Store();
        TempRoot.Run(store, "r", ["a/1", "a/2"], ("a/1", "1"), ("a/2", "2"), ("a/3", "3"), ("b/c/4", "4"));
        Assert.Equal("a/1=1; a/2=2", temp.Published());
        store.Dispose();
        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void Published_files_keep_the_permissions_that_the_job_gave_them()
    {
        var store = temp.Store();
        var file = Path.Join(store.Stage("r"), "a");
        File.WriteAllText(file, "1");
        TempRoot.SetMode(file, "541");
        store.Inspect("r", ["a"]);
        store.Prepare("r");
        store.Publish("r", ["a"]);
        FileStat.Of(Path.Join(temp.Data, "a"), follow: false, out var stat);
        Assert.Equal(Convert.ToInt32("541", 8), stat.Mode & 0x1FF);
    }

    [Fact]
    public void What_inspect_saw_is_what_observe_sees_after_publishing()
    {
        var store = temp.Store();
        var staging = store.Stage("r");
        TempRoot.Write(staging, "file", "1");
        TempRoot.Write(staging, "folder/x/y", "22");
        var seen = store.Inspect("r", ["file", "folder"]).Outputs;
        store.Prepare("r");
        store.Publish("r", ["file", "folder"]);
        foreach (var (@ref, output) in new[] { "file", "folder" }.Zip(seen))
        {
            Assert.Equal(output.Stamp, store.Observe(@ref, output.Stamp, output.Fingerprint).Stamp);
            Assert.Equal(output.Fingerprint, store.Observe(@ref, 0, []).Fingerprint);
            Assert.Equal(output.Size, store.Observe(@ref, 0, []).Size);
        }
    }

    [Fact]
    public void A_folder_deleted_by_hand_is_made_again()
    {
        var store = temp.Store();
        TempRoot.Run(store, "r1", ["a/b/1"], ("a/b/1", "1"));
        Directory.Delete(Path.Join(temp.Data, "a"), recursive: true);
        TempRoot.Run(store, "r2", ["a/b/2"], ("a/b/2", "2"));
        Assert.Equal("a/b/2=2", temp.Published());
    }

    [Fact]
    public void Publishing_the_same_run_again_changes_nothing()
    {
        var disk = new FailingDisk();
        var store = temp.Store(disk: disk);
        TempRoot.Run(store, "old", ["folder"], ("folder/x", "old"));
        var staging = store.Stage("r");
        TempRoot.Write(staging, "a", "1");
        TempRoot.Write(staging, "folder/x", "1");
        TempRoot.Write(staging, "z", "1");
        store.Prepare("r");
        disk.OnRename = (_, to) => to.EndsWith("/z", StringComparison.Ordinal) ? Errno.Access : Errno.None;
        TempRoot.Refused(Rules.DataRootFailed, () => store.Publish("r", ["a", "folder", "z"]));
        disk.OnRename = null;
        store.Publish("r", ["a", "folder", "z"]);
        Assert.Equal("a=1; folder/x=1; z=1", temp.Published());
    }

    [Fact]
    public void A_run_staged_again_starts_empty()
    {
        var store = temp.Store();
        TempRoot.Write(store.Stage("r"), "a/b", "1");
        Assert.Empty(Directory.GetFileSystemEntries(store.Stage("r")));
    }

    [Fact]
    public void The_folders_that_outputs_lie_in_are_there_when_the_job_starts()
    {
        var staging = temp.Store().Stage("r", ["a/b/1", "a/c/2", "3"]);
        Assert.Equal("a/b/; a/c/", TempRoot.Tree(staging));
    }

    [Fact]
    public void A_runs_emptied_directory_is_the_next_ones()
    {
        var disk = new CrashingDisk();
        var store = temp.Store(disk: disk);
        foreach (var run in new[] { "1", "2", "3" })
        {
            disk.Done.Clear();
            TempRoot.Run(store, run, ["a/" + run], ("a/" + run, run));
        }

        Assert.DoesNotContain(disk.Done, step => step is "make folder" or "remove folder");
        Assert.Equal("a/1=1; a/2=2; a/3=3", temp.Published());
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a/x")]
    [InlineData("b/")]
    [InlineData("a/1/")]
    public void A_directory_in_which_something_is_left_is_not_used_again(string left)
    {
        var store = temp.Store();
        var staging = store.Stage("r1", ["a/1", "a/2"]);
        TempRoot.Write(staging, "a/2", "1");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(staging, left))!);
        if (!left.EndsWith('/'))
        {
            TempRoot.Write(staging, left, "of r1");
        }

        store.Prepare("r1");
        store.Publish("r1", ["a/2"]);
        Assert.Equal("a/", TempRoot.Tree(store.Stage("r2", ["a/1", "a/2"])));
    }

    [Fact]
    public void A_directory_that_a_job_locked_is_not_used_again()
    {
        var store = temp.Store();
        TempRoot.SetMode(Path.Join(store.Stage("r1", ["a/1"]), "a"), "500");
        store.Prepare("r1");
        store.Publish("r1", []);
        FileStat.Of(Path.Join(store.Stage("r2", ["a/1"]), "a"), follow: false, out var stat);
        Assert.Equal(Convert.ToInt32("700", 8), stat.Mode & Convert.ToInt32("700", 8));
    }

    [Fact]
    public void Directories_kept_for_later_runs_are_bounded_and_removed_at_the_end()
    {
        using (var store = temp.Store())
        {
            for (var i = 0; i < 1100; i++)
            {
                store.Stage($"r{i}", [$"{i}/x"]);
                store.Discard($"r{i}");
            }

            Assert.Equal(1024, Directory.EnumerateDirectories(Path.Join(temp.Reserved, "staging-1")).Count());
            Assert.Equal("new/", TempRoot.Tree(store.Stage("r", ["new/x"])));
            store.Discard("r");
        }

        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void A_discarded_run_leaves_nothing()
    {
        var store = temp.Store();
        TempRoot.Write(store.Stage("staged"), "a", "1");
        TempRoot.Write(store.Stage("prepared"), "a", "1");
        store.Prepare("prepared");
        store.Discard("staged");
        store.Discard("prepared");
        store.Discard("unknown");
        store.Dispose();
        Assert.Equal("", temp.Published());
        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void Folders_that_nobody_may_list_are_removed_all_the_same()
    {
        var store = temp.Store();
        var locked = Path.Join(store.Stage("r"), "unasked");
        TempRoot.Write(locked, "x", "1");
        TempRoot.SetMode(locked, "000");
        store.Discard("r");
        store.Dispose();
        Assert.Equal([], temp.Garbage());
        Assert.Empty(temp.Warnings);
    }

    [Fact]
    public void What_cannot_be_removed_is_a_warning()
    {
        var disk = new FailingDisk { OnRemove = path => path.EndsWith("stuck", StringComparison.Ordinal) ? Errno.NotPermitted : Errno.None };
        var store = temp.Store(disk: disk);
        TempRoot.Run(store, "r", ["a"], ("a", "1"), ("b/stuck", "2"));
        Assert.Equal("a=1", temp.Published());
        Assert.Equal(Rules.LeftoverNotRemoved.Code, Assert.Single(temp.Warnings).Code);
    }

    [Fact]
    public void A_build_without_runs_makes_no_folder()
    {
        using (var store = temp.Store())
        {
            store.Recover(_ => []);
            store.Observe("a", 0, []);
            store.Discard("r");
        }

        Assert.Equal([], temp.Garbage());
    }

    [Fact]
    public void One_sync_makes_all_prepared_runs_durable()
    {
        var disk = new FailingDisk();
        var store = temp.Store(disk: disk, durability: Durability.Full);
        foreach (var run in new[] { "1", "2", "3" })
        {
            TempRoot.Write(store.Stage(run), "a" + run, run);
            store.Prepare(run);
        }

        store.Sync();
        Assert.Equal(1, disk.Syncs);
    }

    [Fact]
    public void Nothing_is_synced_where_durability_is_not_wanted()
    {
        var disk = new FailingDisk();
        temp.Store(disk: disk, durability: Durability.None).Sync();
        Assert.Equal(0, disk.Syncs);
    }

    [Fact]
    public void A_failing_disk_is_told_before_anything_is_committed()
    {
        var store = temp.Store(disk: new FailingDisk { OnSync = (Errno)5 }, durability: Durability.Full);
        TempRoot.Refused(Rules.DataRootFailed, store.Sync);
    }

    [Fact]
    public void A_full_disk_is_named_as_such()
    {
        var disk = new FailingDisk { OnMakeFolder = _ => Errno.NoSpace };
        var store = temp.Store(disk: disk);
        TempRoot.Refused(Rules.DataRootFull, () => store.Stage("r"));
    }

    [MountFact]
    public void A_really_full_disk_is_named_as_such() => PrivateMounts.Run(() =>
    {
        Directory.CreateDirectory(temp.Data);
        PrivateMounts.Memory(temp.Data, "nr_inodes=8");
        var store = temp.Store();
        TempRoot.Refused(Rules.DataRootFull, () =>
        {
            for (var run = 0; run < 20; run++)
            {
                store.Stage($"r{run}");
            }
        });
    });

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/..")]
    [InlineData("./a")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData(".databuild/marker")]
    [InlineData(".databuild")]
    [InlineData(".DataBuild/x")]
    public void A_ref_may_not_leave_the_data_root(string @ref)
    {
        var store = temp.Store();
        store.Stage("r");
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.Inspect("r", [@ref]));
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.Publish("r", [@ref]));
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.Observe(@ref, 0, []));
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.ObserveMany([(@ref, 0)]));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("")]
    public void A_run_id_is_a_single_name(string runId)
    {
        var store = temp.Store();
        Assert.Throws<ArgumentException>(() => store.Stage(runId));
        Assert.Throws<ArgumentException>(() => store.Discard(runId + "/"));
    }

    [Fact]
    public void A_link_in_the_data_root_that_leaves_it_is_refused_before_and_after_the_commit()
    {
        var store = temp.Store();
        var elsewhere = Directory.CreateDirectory(Path.Join(temp.Folder, "elsewhere")).FullName;
        File.CreateSymbolicLink(Path.Join(temp.Data, "link"), elsewhere);
        TempRoot.Write(store.Stage("r"), "link/a", "1");
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.Inspect("r", ["link/a"]));
        store.Prepare("r");
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.Publish("r", ["link/a"]));
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public void A_link_in_the_data_root_to_the_reserved_folder_is_refused()
    {
        var store = temp.Store();
        File.CreateSymbolicLink(Path.Join(temp.Data, "link"), ".databuild");
        TempRoot.Write(store.Stage("r"), "link/marker", "1");
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.Inspect("r", ["link/marker"]));
    }

    [Fact]
    public void A_link_within_the_data_root_is_a_folder_like_any_other()
    {
        var store = temp.Store();
        Directory.CreateDirectory(Path.Join(temp.Data, "real"));
        File.CreateSymbolicLink(Path.Join(temp.Data, "link"), "real");
        TempRoot.Run(store, "r", ["link/a"], ("link/a", "1"));
        Assert.Equal("1", temp.Read("real/a"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_or_a_dead_link_where_a_folder_is_needed_is_named_before_the_commit(bool link)
    {
        var store = temp.Store();
        var path = Path.Join(temp.Data, "a");
        if (link)
        {
            File.CreateSymbolicLink(path, "nowhere");
        }
        else
        {
            File.WriteAllText(path, "1");
        }

        TempRoot.Write(store.Stage("r"), "a/b", "1");
        Assert.Contains($"'{path}'", TempRoot.Refused(Rules.FolderIsTaken, () => store.Inspect("r", ["a/b"])).Message, StringComparison.Ordinal);
    }

    [MountFact]
    public void A_folder_on_another_file_system_is_named_before_the_commit() => PrivateMounts.Run(() =>
    {
        var store = temp.Store();
        var folder = Directory.CreateDirectory(Path.Join(temp.Data, "other")).FullName;
        var same = Directory.CreateDirectory(Path.Join(temp.Data, "bound")).FullName;
        PrivateMounts.Memory(folder, "size=1m");
        PrivateMounts.BindTo(temp.Folder, same);
        TempRoot.Write(store.Stage("r"), "other/a", "1");
        TempRoot.Refused(Rules.OtherFileSystem, () => store.Inspect("r", ["other/a"]));
        TempRoot.Refused(Rules.OtherFileSystem, () => store.Inspect("r", ["bound/a"]));
    });

    [Fact]
    public void An_output_that_vanishes_after_the_run_is_no_success()
    {
        var store = temp.Store();
        TempRoot.Write(store.Stage("r"), "a", "1");
        store.Prepare("r");
        File.Delete(Path.Join(temp.Reserved, "publish-1/r/a"));
        TempRoot.Refused(Rules.DataRootFailed, () => store.Publish("r", ["a"]));
    }

    [Theory]
    [InlineData("file", "folder")]
    [InlineData("folder", "file")]
    [InlineData("folder", "folder")]
    public void A_file_system_without_exchange_is_warned_of_once_and_replaces_all_the_same(string before, string after)
    {
        var store = temp.Store(disk: new CrashingDisk(canExchange: false));
        for (var round = 0; round < 2; round++)
        {
            TempRoot.Run(store, "old" + round, ["p"], (before == "file" ? "p" : "p/x", "old"));
            TempRoot.Run(store, "new" + round, ["p"], (after == "file" ? "p" : "p/x", "new"));
        }

        Assert.Equal(after == "file" ? "p=new" : "p/x=new", temp.Published());
        Assert.Equal(Rules.ExchangeUnsupported.Code, Assert.Single(temp.Warnings).Code);
        store.Dispose();
        Assert.Equal([], temp.Garbage());
    }
}
