using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Files;

public sealed class FileHashCacheTests : IDisposable
{
    private static readonly byte[] Hash = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private static readonly FileIdentity Identity = new(1_000_000, 77, 5);
    private readonly TempRoot temp = new();
    private readonly List<Diagnostic> warnings = [];
    private readonly string path;

    public FileHashCacheTests() => path = Path.Join(temp.Folder, "state/hashes");

    public void Dispose() => temp.Dispose();

    [Fact]
    public void What_was_kept_is_found_by_another_process()
    {
        Cache().Keep("/a/ü", Identity, Hash);
        Assert.Equal(Hash, Cache().Find("/a/ü", Identity));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Nothing_is_found_for_a_file_that_looks_different()
    {
        var cache = Cache();
        cache.Keep("/a", Identity, Hash);
        Assert.Null(cache.Find("/b", Identity));
        Assert.Null(cache.Find("/a", Identity with { Size = 1 }));
        Assert.Null(cache.Find("/a", Identity with { ModifiedNs = 1 }));
        Assert.Null(cache.Find("/a", Identity with { Inode = 1 }));
    }

    [Fact]
    public void The_newest_hash_of_a_file_counts_and_the_file_does_not_grow_for_ever()
    {
        for (var round = 0; round < 5; round++)
        {
            var cache = Cache();
            for (var i = 0; i < 100; i++)
            {
                cache.Keep("/a", Identity with { ModifiedNs = i }, Hash);
            }
        }

        Assert.Equal(Hash, Cache().Find("/a", Identity with { ModifiedNs = 99 }));
        Assert.InRange(new FileInfo(path).Length, 1, 300 * FileHashCache.RecordLength);
    }

    [Fact]
    public void A_file_cut_or_flipped_anywhere_never_gives_a_wrong_hash()
    {
        var cache = Cache();
        for (var i = 0; i < 4; i++)
        {
            cache.Keep($"/{i}", Identity, Hash);
        }

        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            File.WriteAllBytes(path, whole[..at]);
            RequireRightOrNothing();
            var flipped = whole.ToArray();
            flipped[at] ^= 0x10;
            File.WriteAllBytes(path, flipped);
            RequireRightOrNothing();
        }

        Assert.Empty(warnings);

        void RequireRightOrNothing()
        {
            var damaged = Cache();
            for (var i = 0; i < 4; i++)
            {
                Assert.True(damaged.Find($"/{i}", Identity) is not { } found || found.AsSpan().SequenceEqual(Hash));
            }

            // And it works on: what is kept now is there for the next process.
            damaged.Keep("/new", Identity, Hash);
            Assert.Equal(Hash, Cache().Find("/new", Identity));
        }
    }

    [Fact]
    public void A_cache_deleted_while_in_use_is_begun_anew()
    {
        var cache = Cache();
        cache.Keep("/a", Identity, Hash);
        File.Delete(path);
        cache.Keep("/b", Identity, Hash);
        Assert.Equal(Hash, Cache().Find("/b", Identity));
        Assert.Equal(Hash, Cache().Find("/a", Identity));
    }

    [Fact]
    public void Two_processes_may_keep_hashes_at_one_time()
    {
        var (one, other) = (Cache(), Cache());
        for (var i = 0; i < 50; i++)
        {
            one.Keep($"/one{i}", Identity, Hash);
            other.Keep($"/other{i}", Identity, Hash);
        }

        var both = Cache();
        Assert.All(Enumerable.Range(1, 49), i => Assert.True(both.Find($"/one{i}", Identity) is not null && both.Find($"/other{i}", Identity) is not null));
    }

    [Fact]
    public void A_cache_that_cannot_be_used_is_one_warning_and_works_in_memory()
    {
        File.WriteAllText(Path.Join(temp.Folder, "state"), "a file where the folder should be");
        var cache = Cache();
        cache.Keep("/a", Identity, Hash);
        cache.Keep("/b", Identity, Hash);
        Assert.Equal(Hash, cache.Find("/b", Identity));
        Assert.Equal(Rules.HashCacheUnusable.Code, Assert.Single(warnings).Code);
    }

    [Fact]
    public void A_large_file_that_was_touched_is_read_once_and_not_in_each_build()
    {
        var file = Path.Join(temp.Folder, "large");
        File.WriteAllBytes(file, new byte[ContentFingerprint.WorthCaching]);
        File.SetLastWriteTimeUtc(file, new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var first = new FileObserver(Cache()).Observe(file, 1, []);
        // Without the file's content: the answer can only come from the cache.
        File.WriteAllBytes(path, Tampered(File.ReadAllBytes(path), first.Fingerprint));
        var second = new FileObserver(Cache()).Observe(file, 1, []);
        Assert.Equal(Hash, second.Fingerprint);
        Assert.Equal(first.Stamp, second.Stamp);
    }

    [Fact]
    public void Small_files_and_files_written_just_now_are_not_kept()
    {
        var small = Path.Join(temp.Folder, "small");
        var fresh = Path.Join(temp.Folder, "fresh");
        File.WriteAllBytes(small, new byte[ContentFingerprint.WorthCaching - 1]);
        File.WriteAllBytes(fresh, new byte[ContentFingerprint.WorthCaching]);
        File.SetLastWriteTimeUtc(small, new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var clock = new FixedClock(File.GetLastWriteTimeUtc(fresh));
        var observer = new FileObserver(Cache(), clock);
        observer.Observe(small, 0, []);
        observer.Observe(fresh, 0, []);
        Assert.False(File.Exists(path));
    }

    private FileHashCache Cache() => new(path, warnings.Add);

    /// <summary>The cache's file with another hash in its one record.</summary>
    private static byte[] Tampered(byte[] file, byte[] hash)
    {
        var record = file.AsSpan(FileHashCache.RecordLength, FileHashCache.RecordLength);
        Assert.Equal(hash, record[40..56].ToArray());
        Hash.CopyTo(record[40..]);
        System.IO.Hashing.XxHash3.Hash(record[..56]).CopyTo(record[56..]);
        record[56..].Reverse();
        return file;
    }
}
