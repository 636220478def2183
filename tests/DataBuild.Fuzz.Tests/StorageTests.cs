using DataBuild.Engine.Files;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Fuzz.Tests;

/// <summary>What the engine itself wrote and finds changed.</summary>
[Trait("Category", "Fuzz")]
public sealed class StorageTests(Xunit.Abstractions.ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("databuild-fuzz-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_damaged_log_is_read_or_refused()
    {
        string path = Path.Combine(folder, "log.db");
        using (var log = SqliteBuildEventLog.OpenWriter(new() { Path = path }))
        {
            log.Append(History.Events());
        }

        byte[] good = File.ReadAllBytes(path);
        string copy = Path.Combine(folder, "copy.db");
        new Fuzz(output).Run(400, random => Damaged(random, good), bytes =>
        {
            File.Delete(copy + "-wal");
            File.Delete(copy + "-shm");
            File.WriteAllBytes(copy, bytes);
            Assert.All(LogVerification.Verify(copy).Findings, finding => Assert.DoesNotContain('\n', finding.Text));
            using var log = SqliteBuildEventLog.OpenReader(copy);
            var read = log.Read(1).ToList();
            Assert.Equal(Enumerable.Range(1, read.Count).Select(offset => (ulong)offset), read.Select(stored => stored.Offset));
            Assert.Equal(History.Events().Take(read.Count), read.Select(stored => WithoutId(stored.Event)));
        }, bytes => $"{bytes.Length} bytes, first difference at {good.AsSpan().CommonPrefixLength(bytes)}");
    }

    [Fact]
    public void A_snapshot_file_of_any_bytes_is_ignored_or_is_the_state()
    {
        string path = Path.Combine(folder, "snapped.db");
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = path });
        log.Append(History.Events());
        var state = new BuildState();
        foreach (var (offset, e) in log.Read(1))
        {
            state.Apply(offset, e);
        }

        var store = new FileSnapshotStore(log);
        store.Write(StateSnapshot.Layout, state.Offset, stream => StateSnapshot.Write(state, stream));
        byte[] good = File.ReadAllBytes(store.Path);
        byte[] expected = History.Canonical(state);
        int used = 0;
        new Fuzz(output).Bytes(4_000, [good, good[..64], []], bytes =>
        {
            File.WriteAllBytes(store.Path, bytes);
            BuildState? read = null;
            if (store.TryRead(StateSnapshot.Layout, log.LastOffset, (_, stream) => read = StateSnapshot.Read(stream)))
            {
                used++;
                Assert.Equal(expected, History.Canonical(read!));
            }
        });
        output.WriteLine($"{used} of them were used");
    }

    [Fact]
    public void A_lease_file_of_any_bytes_names_somebody_or_nobody()
    {
        string path = Path.Combine(folder, "leased.db");
        var holder = new LeaseHolder(Environment.ProcessId, Environment.MachineName, "me", "dotnet build", DateTimeOffset.UtcNow);
        new Fuzz(output).Bytes(5_000, [holder.ToBytes(), "1\nhost\nroot\n2001-01-05T03:04:05.0000000+00:00\ninit\n"u8.ToArray(), []], bytes =>
        {
            File.WriteAllBytes(path + ".lease", bytes);
            if (Lease.ReadHolder(path) is { } read)
            {
                // Control characters become blanks when it is written; from then on it stays as it is.
                var written = LeaseHolder.Parse(read.ToBytes());
                Assert.Equal(read.Pid, written?.Pid);
                Assert.Equal(written, LeaseHolder.Parse(written!.ToBytes()));
                Assert.DoesNotContain(read.ToString(), char.IsControl);
            }

            using var lease = Lease.TryAcquire(path, holder);
            Assert.NotNull(lease);
        });
    }

    [Fact]
    public void A_marker_of_any_text_names_a_log_or_none() => new Fuzz(output).Text(
        20_000,
        [DataRootMarker.Text("01890000-0000-7000-8000-000000000001"), "{\"log\":\"\\ud800\"}", "{\"log\":null,\"log\":\"x\"}", "[]", "", new string('[', 500)],
        ["{", "}", "\"log\"", ":", "\"", "\\u0000", "\\ud800", "\\udc00", ",", "[", "]", "//", "1e999"],
        text =>
        {
            if (DataRootMarker.LogIdIn(text) is { } id)
            {
                Assert.Equal(id, DataRootMarker.LogIdIn(DataRootMarker.Text(id)));
            }
        });

    [Fact]
    public void A_cache_of_hashes_of_any_bytes_knows_what_was_kept_or_nothing()
    {
        string path = Path.Combine(folder, "hashes");
        var identity = new FileIdentity(1, 2, 3);
        byte[] hash = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        new FileHashCache(path).Keep("/a", identity, hash);
        byte[] good = File.ReadAllBytes(path);
        new Fuzz(output).Bytes(4_000, [good, [.. good, .. good[^64..]], []], bytes =>
        {
            File.WriteAllBytes(path, bytes);
            var cache = new FileHashCache(path, diagnostic => Assert.Fail(diagnostic.Text));
            Assert.True(cache.Find("/a", identity) is not { } found || found.AsSpan().SequenceEqual(hash));
            Assert.Null(cache.Find("/b", identity));
            cache.Keep("/b", identity, hash);
            Assert.Equal(hash, new FileHashCache(path).Find("/b", identity));
        });
    }

    private static byte[] Damaged(Random random, byte[] good)
    {
        byte[] bytes = [.. good];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Length);
            int length = Math.Min(bytes.Length - at, random.Next(3) == 0 ? random.Next(1, 5000) : 1);
            random.NextBytes(bytes.AsSpan(at, length));
        }

        return random.Next(5) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static BuildEvent WithoutId(BuildEvent e)
    {
        e.EventId = "";
        return e;
    }
}
