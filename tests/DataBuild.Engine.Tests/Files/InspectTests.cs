using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

public sealed class InspectTests : IDisposable
{
    private readonly TempRoot temp = new();
    private readonly PartitionStore store;
    private readonly string staging;

    public InspectTests()
    {
        store = temp.Store();
        staging = store.Stage("r");
    }

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Outputs_come_in_the_order_asked_for_with_those_that_lack()
    {
        TempRoot.Write(staging, "a/1", "1");
        TempRoot.Write(staging, "a/3/x", "333");
        var outputs = store.Inspect("r", ["a/3", "a/2", "a/1", "z"]).Outputs;
        Assert.Equal([true, false, true, false], outputs.Select(output => output.Exists));
        Assert.Equal([3, 0, 1, 0], outputs.Select(output => output.Size));
        Assert.Equal([true, false, false, false], outputs.Select(output => output.IsFolder));
    }

    [Fact]
    public void What_was_not_asked_for_is_listed_and_at_most_ten_of_it()
    {
        TempRoot.Write(staging, "a/1", "1");
        TempRoot.Write(staging, "a/2", "2");
        TempRoot.Write(staging, "folder/x/y", "3");
        Assert.Equal(["folder", "a/2"], store.Inspect("r", ["a/1"]).Unasked);
        for (var i = 0; i < 50; i++)
        {
            TempRoot.Write(staging, string.Create(CultureInfo.InvariantCulture, $"a/more{i:00}"), "4");
        }

        Assert.Equal(["folder", "a/2", "a/more00"], store.Inspect("r", ["a/1"]).Unasked.Take(3));
        Assert.Equal(10, store.Inspect("r", ["a/1"]).Unasked.Count);
    }

    [Fact]
    public void Files_within_an_asked_for_folder_are_asked_for()
    {
        TempRoot.Write(staging, "p/deep/down", "1");
        Assert.Empty(store.Inspect("r", ["p"]).Unasked);
    }

    [Fact]
    public void A_file_on_the_way_to_a_ref_is_no_output_of_it()
    {
        TempRoot.Write(staging, "a", "1");
        var seen = store.Inspect("r", ["a/b"]);
        Assert.False(Assert.Single(seen.Outputs).Exists);
        Assert.Equal(["a"], seen.Unasked);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../../marker")]
    [InlineData("sibling")]
    [InlineData("nowhere")]
    public void An_output_that_is_a_link_is_refused(string target)
    {
        TempRoot.Write(staging, "sibling", "1");
        File.CreateSymbolicLink(Path.Join(staging, "p"), target);
        Assert.Contains(target, TempRoot.Refused(Rules.OutputNotPlain, () => store.Inspect("r", ["p"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_on_the_way_to_a_ref_is_refused()
    {
        var foreign = Directory.CreateDirectory(Path.Join(temp.Folder, "foreign")).FullName;
        File.WriteAllText(Path.Join(foreign, "b"), "theirs");
        File.CreateSymbolicLink(Path.Join(staging, "a"), foreign);
        TempRoot.Refused(Rules.OutputNotPlain, () => store.Inspect("r", ["a/b"]));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("sub/x")]
    [InlineData("./sub/../x")]
    [InlineData("nowhere yet")]
    [InlineData("sub")]
    public void A_link_that_stays_in_its_folder_is_published_as_it_is(string target)
    {
        TempRoot.Write(staging, "p/x", "1");
        TempRoot.Write(staging, "p/sub/x", "2");
        File.CreateSymbolicLink(Path.Join(staging, "p/link"), target);
        store.Inspect("r", ["p"]);
        store.Prepare("r");
        store.Publish("r", ["p"]);
        Assert.Equal(target, new FileInfo(Path.Join(temp.Data, "p/link")).LinkTarget);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../sibling")]
    [InlineData("sub/../../sibling")]
    [InlineData("up/../sibling")]
    [InlineData("link")]
    public void A_link_that_leaves_its_folder_is_refused(string target)
    {
        TempRoot.Write(staging, "sibling", "1");
        TempRoot.Write(staging, "p/sub/x", "2");
        // By its text "up/../sibling" stays within; followed, it is the folder above.
        File.CreateSymbolicLink(Path.Join(staging, "p/up"), ".");
        File.CreateSymbolicLink(Path.Join(staging, "p/link"), target);
        Assert.Contains("'link'", TempRoot.Refused(Rules.OutputNotPlain, () => store.Inspect("r", ["p"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leaves_through_another_link_is_refused()
    {
        TempRoot.Write(staging, "p/a/b/x", "1");
        File.CreateSymbolicLink(Path.Join(staging, "p/a/b/top"), "../..");
        File.CreateSymbolicLink(Path.Join(staging, "p/a/b/out"), "top/../sibling");
        Assert.Contains("'a/b/out'", TempRoot.Refused(Rules.OutputNotPlain, () => store.Inspect("r", ["p"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p/deep/pipe")]
    public void A_pipe_is_no_output_and_is_not_waited_for(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(staging, path))!);
        Shell.Run($"mkfifo '{Path.Join(staging, path)}'");
        TempRoot.Refused(Rules.OutputNotPlain, () => store.Inspect("r", ["p"]));
    }

    [Theory]
    [InlineData("p")]
    [InlineData("p/x")]
    public void An_output_that_cannot_be_read_is_named(string path)
    {
        TempRoot.Write(staging, path, "1");
        TempRoot.SetMode(Path.Join(staging, path), "000");
        Unprivileged.Run(() => Assert.Contains(
            path, TempRoot.Refused(Rules.OutputNotAccessible, () => store.Inspect("r", ["p"])).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_cannot_be_listed_is_named()
    {
        TempRoot.Write(staging, "p/sub/x", "1");
        TempRoot.SetMode(Path.Join(staging, "p/sub"), "000");
        Unprivileged.Run(() => TempRoot.Refused(Rules.OutputNotAccessible, () => store.Inspect("r", ["p"])));
    }

    [Fact]
    public void A_folder_of_too_many_files_is_refused()
    {
        for (var i = 0; i < 4; i++)
        {
            TempRoot.Write(staging, $"p/{i}", "1");
        }

        Assert.True(StagedRun.Inspect(staging, ["p"], folderLimit: 4).Outputs[0].Exists);
        TempRoot.Refused(Rules.FolderTooLarge, () => StagedRun.Inspect(staging, ["p"], folderLimit: 3));
    }

    [Fact]
    public void A_file_name_that_is_no_text_is_refused()
    {
        Directory.CreateDirectory(Path.Join(staging, "p"));
        Shell.Run($"cd '{staging}/p' && : > \"$(printf 'caf\\351')\"");
        TempRoot.Refused(Rules.FileNameNotText, () => store.Inspect("r", ["p"]));
        Shell.Run($"cd '{staging}/p' && rm -- *");
    }

    [Fact]
    public void An_output_that_something_still_writes_to_is_refused()
    {
        var path = Path.Join(staging, "p");
        using (var made = File.Create(path))
        {
            // A hole takes no space, and long enough to read for the writer to get its turn meanwhile on a busy machine.
            made.SetLength(192 << 20);
        }

        using var stop = new CancellationTokenSource();
        using var writing = new ManualResetEventSlim();
        var orphan = new Thread(() =>
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            while (!stop.IsCancellationRequested)
            {
                file.WriteByte(1);
                writing.Set();
            }
        });
        orphan.Start();
        writing.Wait();
        try
        {
            TempRoot.Refused(Rules.OutputStillWritten, () => store.Inspect("r", ["p"]));
        }
        finally
        {
            stop.Cancel();
            orphan.Join();
        }
    }
}
