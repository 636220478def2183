using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Files;

/// <summary>
/// The cache as one file of records of equal length, each with its own checksum, appended as they come. It may be deleted at any
/// time; what is damaged is left out and the file written anew. Several processes may append at once: a record is one write.
/// </summary>
/// <param name="path">Full path of the file; made, with its folder, by the first record.</param>
/// <param name="warn">Told once if the file cannot be used; files are then read again.</param>
public sealed class FileHashCache(string path, Action<Diagnostic>? warn = null) : IFileHashCache
{
    internal const int RecordLength = 64;

    /// <summary>Names the layout; another one is a damaged file. As long as a record, so that records stay aligned.</summary>
    private static readonly byte[] Header = [.. "databuild file hashes 1\n"u8, .. new byte[RecordLength - 24]];

    /// <summary>Most files remembered (13 MB); beyond it the cache starts anew.</summary>
    private const int Most = 200_000;

    private readonly Lock access = new();
    private Dictionary<UInt128, (FileIdentity Identity, byte[] Hash)>? known;
    private bool broken;

    public byte[]? Find(string path, FileIdentity identity)
    {
        lock (access)
        {
            return Known().TryGetValue(KeyOf(path), out var found) && found.Identity == identity ? found.Hash : null;
        }
    }

    public void Keep(string path, FileIdentity identity, ReadOnlySpan<byte> hash)
    {
        var key = KeyOf(path);
        lock (access)
        {
            var all = Known();
            if (all.Count >= Most && !all.ContainsKey(key))
            {
                all.Clear();
                all[key] = (identity, hash.ToArray());
                Guarded(Rewrite);
                return;
            }

            all[key] = (identity, hash.ToArray());
            var record = new byte[RecordLength];
            Write(record, key, identity, all[key].Hash);
            Guarded(() => Append(record));
        }
    }

    private static UInt128 KeyOf(string path) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(path.AsSpan()));

    private static void Write(Span<byte> record, UInt128 key, FileIdentity identity, ReadOnlySpan<byte> hash)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(record, key);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], identity.Size);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], identity.ModifiedNs);
        BinaryPrimitives.WriteUInt64LittleEndian(record[32..], identity.Inode);
        hash.CopyTo(record[40..56]);
        BinaryPrimitives.WriteUInt64LittleEndian(record[56..], XxHash3.HashToUInt64(record[..56]));
    }

    private Dictionary<UInt128, (FileIdentity Identity, byte[] Hash)> Known()
    {
        if (known is null)
        {
            known = [];
            Guarded(Load);
        }

        return known;
    }

    private void Load()
    {
        if (!File.Exists(path))
        {
            return;
        }

        var length = new FileInfo(path).Length;
        // Twice over: the file may hold a superseded record for each one that counts.
        var bytes = length <= 2L * Most * RecordLength ? File.ReadAllBytes(path) : [];
        var damaged = bytes.Length % RecordLength != 0 || !bytes.AsSpan().StartsWith(Header);
        for (var at = Header.Length; !damaged && at < bytes.Length; at += RecordLength)
        {
            var record = bytes.AsSpan(at, RecordLength);
            damaged = BinaryPrimitives.ReadUInt64LittleEndian(record[56..]) != XxHash3.HashToUInt64(record[..56]);
            if (!damaged)
            {
                var identity = new FileIdentity(
                    BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
                    BinaryPrimitives.ReadInt64LittleEndian(record[24..]),
                    BinaryPrimitives.ReadUInt64LittleEndian(record[32..]));
                known![BinaryPrimitives.ReadUInt128LittleEndian(record)] = (identity, record[40..56].ToArray());
            }
        }

        // Superseded records are dropped when they are the most of it.
        if (damaged || bytes.Length / RecordLength > 2 * (known!.Count + 64))
        {
            Rewrite();
        }
    }

    private void Rewrite()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var written = $"{path}-{Environment.ProcessId}";
        using (var file = new FileStream(written, FileMode.Create, FileAccess.Write))
        {
            file.Write(Header);
            var record = new byte[RecordLength];
            foreach (var (key, (identity, hash)) in known!)
            {
                Write(record, key, identity, hash);
                file.Write(record);
            }
        }

        File.Move(written, path, overwrite: true);
    }

    private void Append(byte[] record)
    {
        if (!File.Exists(path))
        {
            Rewrite();
            return;
        }

        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Write(record);
    }

    /// <summary>A cache that fails must not fail a build: it goes on in memory, and says so once.</summary>
    private void Guarded(Action action)
    {
        if (broken)
        {
            return;
        }

        try
        {
            action();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            broken = true;
            warn?.Invoke(Rules.HashCacheUnusable.At(
                $"cannot use the cache of file hashes '{path}': {failure.Message}; large files that were touched are read again in each build until that is mended"));
        }
    }
}
