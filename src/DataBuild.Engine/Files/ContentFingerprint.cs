using System.Buffers;
using System.IO.Hashing;
using System.Text;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Files;

/// <summary>
/// 16 bytes over content and nothing else: equal bytes give an equal fingerprint whatever the times, inodes, owners and permissions.
/// A file's is the XxHash128 of its bytes; a folder's is over the sorted relative paths, kinds and fingerprints of all it holds.
/// </summary>
internal static class ContentFingerprint
{
    /// <summary>Smaller files are read quicker than they are looked up, and would make the cache large.</summary>
    public const long WorthCaching = 256 * 1024;

    private const int BufferSize = 256 * 1024;

    /// <summary>Reads a file once; gives what it looked like and whether that can stand for its content from now on.</summary>
    /// <param name="path">Full path; links are followed.</param>
    /// <param name="cache">Where to look before reading a large file.</param>
    /// <param name="now">From before the file was opened; null for files that nobody else writes to.</param>
    /// <param name="unreadable">Makes the error of path and reason.</param>
    /// <returns>Null if no file is there.</returns>
    public static FileContent? OfFile(string path, IFileHashCache? cache, DateTimeOffset? now, Func<string, string, DataBuildException> unreadable)
    {
        var file = Libc.Open(path, Libc.OpenToRead);
        if (file < 0)
        {
            var error = Libc.Result(file);
            return error is Errno.NoEntry or Errno.NotFolder ? null : throw unreadable(path, StorageError.Text(error));
        }

        try
        {
            var before = Look(file, path, unreadable);
            if (before.Kind != FileKind.File)
            {
                // Exchanged for something else since it was looked at.
                return null;
            }

            var worth = cache is not null && before.Size >= WorthCaching;
            if (worth && cache!.Find(path, before.Identity) is { } known)
            {
                return new(known, before, Unchanged: true, Settled: true);
            }

            var hash = HashOf(file, before.Size, path, unreadable);
            var unchanged = Look(file, path, unreadable).Identity == before.Identity;
            var settled = now is not { } time || !FileAge.IsTooYoung(before.Identity, time);
            if (worth && unchanged && settled)
            {
                cache!.Keep(path, before.Identity, hash);
            }

            return new(hash, before, unchanged, settled);
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }

    /// <summary>Null if something of the folder vanished or changed its kind while it was read.</summary>
    public static byte[]? OfFolder(
        string folder, FolderListing listing, IFileHashCache? cache, DateTimeOffset? now, Func<string, string, DataBuildException> unreadable)
    {
        var builder = new FingerprintBuilder().Add("databuild folder 1");
        foreach (var entry in listing.Entries)
        {
            builder.Add((long)entry.Stat.Kind).Add(entry.Path);
            if (entry.Stat.Kind == FileKind.File)
            {
                if (OfFile(Path.Join(folder, entry.Path), cache, now, unreadable) is not { } content)
                {
                    return null;
                }

                builder.Add(content.Fingerprint);
            }
            else if (entry.Stat.Kind == FileKind.Link)
            {
                builder.Add(entry.Target ?? "");
            }
        }

        return builder.ToArray();
    }

    public static byte[] OfText(string text) => XxHash128.Hash(Encoding.UTF8.GetBytes(text));

    private static unsafe byte[] HashOf(int file, long size, string path, Func<string, string, DataBuildException> unreadable)
    {
        // One byte more than expected: the end of a file that did not grow is then seen without growing the buffer.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(size + 1, BufferSize));
        try
        {
            var hash = new XxHash128();
            fixed (byte* start = buffer)
            {
                while (true)
                {
                    var read = (int)Libc.Read(file, start, buffer.Length);
                    if (read < 0)
                    {
                        throw unreadable(path, StorageError.Text(Libc.Result(read)));
                    }

                    if (read == 0)
                    {
                        return hash.GetCurrentHash();
                    }

                    hash.Append(buffer.AsSpan(0, read));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FileStat Look(int file, string path, Func<string, string, DataBuildException> unreadable)
    {
        var error = FileStat.OfOpen(file, out var stat);
        return error == Errno.None ? stat : throw unreadable(path, StorageError.Text(error));
    }
}
