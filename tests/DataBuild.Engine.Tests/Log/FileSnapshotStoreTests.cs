using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Log;

public sealed class FileSnapshotStoreTests : IDisposable
{
    private const uint Layout = 3;

    private readonly TempFolder _folder = new();
    private readonly List<Diagnostic> _ignored = [];
    private SqliteBuildEventLog _log;

    public FileSnapshotStoreTests()
    {
        LogFiles.Write(Path, 20);
        _log = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
    }

    private string Path => _folder.File("log.db");

    private FileSnapshotStore Store => new(_log, _ignored.Add);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(5_000_000)]
    public void What_is_read_is_what_was_written(int size)
    {
        Write(7, Content(size));
        Assert.Equal(Content(size), Read());
        Assert.Empty(_ignored);
        Assert.False(File.Exists(Path + ".snapshot.new"));
    }

    [Fact]
    public void The_last_one_written_counts()
    {
        Write(7, Content(100));
        Write(9, Content(50));
        Assert.Equal(Content(50), Read(expectedOffset: 9));
    }

    [Fact]
    public void Where_there_is_none_none_is_read_and_nothing_said()
    {
        Assert.Null(Read());
        Assert.Empty(_ignored);
    }

    [Fact]
    public void A_snapshot_of_an_empty_log_can_be_written()
    {
        Write(0, Content(3));
        Assert.Equal(Content(3), Read(expectedOffset: 0));
    }

    [Fact]
    public void One_that_was_not_finished_replaces_nothing()
    {
        Write(7, Content(100));
        Assert.Throws<InvalidOperationException>(() => Store.Write(Layout, 8, _ => throw new InvalidOperationException()));
        Assert.False(File.Exists(Store.Path + ".new"));
        Assert.Equal(Content(100), Read());
    }

    [Fact]
    public void Cut_off_or_flipped_anywhere_it_is_not_used()
    {
        Write(7, Content(300));
        var whole = File.ReadAllBytes(Store.Path);
        for (var at = 0; at < whole.Length; at++)
        {
            File.WriteAllBytes(Store.Path, whole[..at]);
            Assert.Null(Read());
            var flipped = whole.ToArray();
            flipped[at] ^= 0x10;
            File.WriteAllBytes(Store.Path, flipped);
            Assert.Null(Read());
        }

        File.WriteAllBytes(Store.Path, [.. whole, 0]);
        Assert.Null(Read());
        Assert.Equal(2 * whole.Length + 1, _ignored.Count);
        Assert.All(_ignored, said => Assert.Equal(Rules.SnapshotIgnored.Code, said.Code));
    }

    [Fact]
    public void One_of_another_layout_or_past_the_end_is_not_used()
    {
        Write(7, Content(10));
        Assert.False(Store.TryRead(Layout + 1, 20, (_, _) => Assert.Fail("read")));
        Assert.False(Store.TryRead(Layout, 6, (_, _) => Assert.Fail("read")));
        Assert.Equal(["layout 3", "offset 7"], _ignored.Zip(["layout 3", "offset 7"], (said, text) => said.Text.Contains(text, StringComparison.Ordinal) ? text : said.Text));
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(21, []));
    }

    [Fact]
    public void One_of_another_log_is_not_used()
    {
        Write(7, Content(10));
        var other = _folder.File("other.db");
        LogFiles.Write(other, 20);
        File.Copy(Store.Path, other + ".snapshot");
        using var log = SqliteBuildEventLog.OpenReader(other);
        Assert.False(new FileSnapshotStore(log, _ignored.Add).TryRead(Layout, 20, (_, _) => Assert.Fail("read")));
        Assert.Contains("another log", Assert.Single(_ignored).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_events_that_were_lost_and_others_took_their_offsets_is_not_used()
    {
        File.Copy(Path, _folder.File("earlier.db"));
        LogFiles.AppendNumbered(_log, 4);
        Write(24, Content(10));
        _log.Dispose();
        File.Move(_folder.File("earlier.db"), Path, overwrite: true);
        _log = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
        Assert.Equal(20ul, _log.LastOffset);
        Assert.Null(Read(lastOffset: 20));

        _log.Append([.. Enumerable.Range(100, 10).Select(i => TestLogWriter.SampleEvents.Numbered((ulong)i))]);

        Assert.Null(Read(lastOffset: 30));
        Assert.Equal(2, _ignored.Count);
    }

    [Fact]
    public void One_that_cannot_be_written_is_an_error_that_loses_nothing()
    {
        Write(7, Content(100));
        Directory.CreateDirectory(Store.Path + ".new");
        var error = Assert.Throws<DataBuildException>(() => Write(8, Content(100)));
        Assert.Equal(Rules.SnapshotNotWritten, error.Rule);
        Assert.Equal(Severity.Warning, error.Rule.Severity);
        Assert.Equal(Content(100), Read());
    }

    [Fact]
    public void One_that_cannot_be_opened_is_not_used()
    {
        Directory.CreateDirectory(Store.Path);
        Assert.Null(Read());
        Assert.Single(_ignored);
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    private static byte[] Content(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7))];

    private void Write(ulong offset, byte[] content) => Store.Write(Layout, offset, stream =>
    {
        foreach (var part in content.Chunk(70_000))
        {
            stream.Write(part);
        }
    });

    private byte[]? Read(ulong lastOffset = 20, ulong expectedOffset = 7)
    {
        byte[]? content = null;
        var found = Store.TryRead(Layout, lastOffset, (offset, stream) =>
        {
            Assert.Equal(expectedOffset, offset);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            content = copy.ToArray();
        });
        Assert.Equal(found, content is not null);
        return content;
    }
}
