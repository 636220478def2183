using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

public sealed class DataRootTests : IDisposable
{
    private readonly TempRoot temp = new();

    private string Marker => Path.Join(temp.Reserved, "marker");

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_new_data_root_is_marked_with_its_log()
    {
        using var root = DataRoot.Open(temp.Data, TempRoot.LogId, create: true);
        Assert.True(root.Exists);
        Assert.Equal("{\"log\":\"0193-log\"}\n", File.ReadAllText(Marker));
        Assert.Equal(["marker"], Directory.GetFileSystemEntries(temp.Reserved).Select(Path.GetFileName));
    }

    [Fact]
    public void A_data_root_is_opened_again_by_its_log()
    {
        temp.Open();
        using var again = DataRoot.Open(temp.Data + "/", TempRoot.LogId, create: true, expectExisting: true);
        Assert.Equal(temp.Data, again.FullPath);
    }

    [Fact]
    public void A_data_root_of_another_log_is_refused_by_name()
    {
        temp.Open();
        var error = TempRoot.Refused(Rules.DataRootOfAnotherLog, () => DataRoot.Open(temp.Data, "other", create: true));
        Assert.Contains(TempRoot.LogId, error.Message, StringComparison.Ordinal);
        Assert.Contains("other", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_data_root_without_marker_is_refused_if_the_log_knows_of_its_data(bool create)
    {
        Directory.CreateDirectory(temp.Data);
        TempRoot.Refused(Rules.DataRootWithoutMarker, () => DataRoot.Open(temp.Data, TempRoot.LogId, create, expectExisting: true));
        Assert.Empty(Directory.GetFileSystemEntries(temp.Data));
    }

    [Fact]
    public void An_unmounted_data_root_is_refused_and_not_made()
    {
        TempRoot.Refused(Rules.DataRootWithoutMarker, () => DataRoot.Open(temp.Data, TempRoot.LogId, create: true, expectExisting: true));
        Assert.False(Directory.Exists(temp.Data));
    }

    [Fact]
    public void The_command_that_the_message_shows_mends_a_lost_marker()
    {
        Directory.CreateDirectory(temp.Data);
        var error = TempRoot.Refused(
            Rules.DataRootWithoutMarker, () => DataRoot.Open(temp.Data, TempRoot.LogId, create: true, expectExisting: true));
        Shell.Run(error.Message[error.Message.IndexOf("mkdir", StringComparison.Ordinal)..]);
        using var root = DataRoot.Open(temp.Data, TempRoot.LogId, create: true, expectExisting: true);
        Assert.True(root.Exists);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"log\":1}")]
    [InlineData("{\"log\":\"\"}")]
    public void A_damaged_marker_is_refused(string text)
    {
        temp.Open();
        File.WriteAllText(Marker, text);
        TempRoot.Refused(Rules.DataRootMarkerDamaged, () => DataRoot.Open(temp.Data, TempRoot.LogId, create: true));
    }

    [Fact]
    public void A_file_is_no_data_root()
    {
        File.WriteAllText(temp.Data, "");
        TempRoot.Refused(Rules.DataRootUnusable, () => DataRoot.Open(temp.Data, TempRoot.LogId, create: true));
    }

    [Fact]
    public void Nothing_is_written_by_a_caller_who_only_looks()
    {
        using (var root = DataRoot.Open(temp.Data, TempRoot.LogId, create: false))
        {
            Assert.False(root.Exists);
            var store = new PartitionStore(root, 0);
            Assert.False(store.Observe("a/b", 0, []).Exists);
            Assert.False(Assert.Single(store.ObserveMany([("a/b", 7)])).Exists);
            Assert.Throws<InvalidOperationException>(() => store.Stage("r"));
            Assert.Throws<InvalidOperationException>(() => store.Recover(_ => []));
        }

        Assert.False(Directory.Exists(temp.Data));
    }

    [Fact]
    public void A_folder_with_files_that_no_log_owns_may_become_a_data_root()
    {
        TempRoot.Write(temp.Data, "old/file", "x");
        temp.Open();
        Assert.Equal("x", temp.Read("old/file"));
    }

    [Fact]
    public void Taking_a_data_root_over_removes_the_unpublished_work_of_its_former_log()
    {
        var former = temp.Store(term: 57);
        TempRoot.Write(former.Stage("r"), "a", "theirs");
        former.Prepare("r");
        File.Delete(Marker);
        using var root = DataRoot.Open(temp.Data, "mine", create: true);
        Assert.Equal([], temp.Garbage());
        var store = new PartitionStore(root, 1);
        store.Recover(_ => ["a"]);
        Assert.False(store.Observe("a", 0, []).Exists);
        TempRoot.Run(store, "r", ["a"], ("a", "mine"));
        Assert.Equal("mine", temp.Read("a"));
    }

    [Fact]
    public void The_data_root_itself_may_be_a_link()
    {
        var disk = Path.Join(temp.Folder, "disk 1");
        Directory.CreateDirectory(disk);
        File.CreateSymbolicLink(temp.Data, disk);
        TempRoot.Run(temp.Store(), "r", ["a/b"], ("a/b", "1"));
        Assert.Equal("1", File.ReadAllText(Path.Join(disk, "a/b")));
    }

    [MountFact]
    public void A_read_only_data_root_is_refused_when_it_is_opened_for_writing() => PrivateMounts.Run(() =>
    {
        temp.Open();
        PrivateMounts.MakeReadOnly(temp.Data);
        TempRoot.Refused(Rules.DataRootReadOnly, () => DataRoot.Open(temp.Data, TempRoot.LogId, create: true));
        using var reader = DataRoot.Open(temp.Data, TempRoot.LogId, create: false);
        Assert.True(reader.Exists);
    });

    [MountFact]
    public void A_read_only_folder_cannot_become_a_data_root() => PrivateMounts.Run(() =>
    {
        Directory.CreateDirectory(temp.Data);
        PrivateMounts.MakeReadOnly(temp.Data);
        TempRoot.Refused(Rules.DataRootReadOnly, () => DataRoot.Open(temp.Data, TempRoot.LogId, create: true));
    });

    [Fact]
    public void A_data_root_without_write_permission_is_refused()
    {
        temp.Open();
        TempRoot.SetMode(temp.Data, "555");
        Unprivileged.Run(() => TempRoot.Refused(Rules.DataRootReadOnly, () => DataRoot.Open(temp.Data, TempRoot.LogId, create: true)));
    }
}
