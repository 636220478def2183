using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Files;

/// <summary>Looks at files and folders: stat first, content only where stat differs from what is known.</summary>
public sealed class FileObserver(IFileHashCache? hashes = null, TimeProvider? clock = null)
{
    /// <summary>How often something is read that changes while it is read; then it has no stamp and is read the next time again.</summary>
    private const int Tries = 3;

    /// <summary>Below this a second thread costs more than it brings.</summary>
    private const int WorthSplitting = 512;

    private readonly TimeProvider clock = clock ?? TimeProvider.System;

    /// <summary>A file or folder by full path. Links are followed: content is what a reader of the path would get.</summary>
    /// <exception cref="DataBuildException">DBLD6116: it is there but cannot be read.</exception>
    public FileObservation Observe(string path, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint) =>
        At(Libc.CurrentFolder, path, "", knownStamp, knownFingerprint);

    /// <summary>Many paths relative to an open folder, on all processors. In order; unchanged ones have an empty fingerprint.</summary>
    internal FileObservation[] ObserveMany(int folder, string folderPath, IReadOnlyList<(string Path, ulong Stamp)> known)
    {
        var seen = new FileObservation[known.Count];
        void Sweep(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                var (path, stamp) = known[i];
                PartitionPath.Require(path);
                seen[i] = At(folder, path, folderPath, stamp, []);
            }
        }

        if (known.Count < WorthSplitting)
        {
            Sweep(0, known.Count);
            return seen;
        }

        try
        {
            // Small ranges: a folder takes a thousand times as long as a file.
            Parallel.ForEach(Partitioner.Create(0, known.Count, WorthSplitting / 2), range => Sweep(range.Item1, range.Item2));
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }

        return seen;
    }

    private FileObservation At(int folder, string path, string folderPath, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint)
    {
        for (var attempt = 1; ; attempt++)
        {
            var error = FileStat.At(folder, path, 0, out var stat);
            if (error != Errno.None)
            {
                throw StorageError.Unreadable(FullPath(folderPath, path), StorageError.Text(error));
            }

            var last = attempt == Tries;
            FileObservation? seen;
            switch (stat.Kind)
            {
                case FileKind.None:
                    return FileObservation.Absent;
                case FileKind.File:
                    var stamp = Stamp.Of(stat.Identity);
                    seen = stamp == knownStamp
                        ? new FileObservation(true, false, knownFingerprint.ToArray(), stamp, stat.Size)
                        : ReadFile(FullPath(folderPath, path), last);
                    break;
                case FileKind.Folder:
                    seen = ReadFolder(FullPath(folderPath, path), knownStamp, knownFingerprint, last);
                    break;
                default:
                    throw StorageError.Unreadable(FullPath(folderPath, path), "it is neither a file nor a folder");
            }

            if (seen is { } found)
            {
                return found;
            }

            if (last)
            {
                throw StorageError.Unreadable(FullPath(folderPath, path), "it keeps being replaced while it is read");
            }
        }
    }

    private FileObservation? ReadFile(string path, bool last) =>
        ContentFingerprint.OfFile(path, hashes, clock.GetUtcNow(), StorageError.Unreadable) is { } content && (content.Unchanged || last)
            ? new FileObservation(
                true,
                false,
                content.Fingerprint,
                content.Unchanged && content.Settled ? Stamp.Of(content.Stat.Identity) : Stamp.Untrusted,
                content.Stat.Size)
            : null;

    private FileObservation? ReadFolder(string path, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint, bool last)
    {
        var now = clock.GetUtcNow();
        var listing = FolderListing.Of(path, follow: true);
        var stamp = Stamp.Of(listing);
        if (stamp == knownStamp)
        {
            return new FileObservation(true, true, knownFingerprint.ToArray(), stamp, listing.Size);
        }

        if (ContentFingerprint.OfFolder(path, listing, hashes, now, StorageError.Unreadable) is not { } fingerprint)
        {
            return null;
        }

        var unchanged = !listing.Changed && Stamp.Of(FolderListing.Of(path, follow: true)) == stamp;
        var settled = !listing.Entries.Any(entry => entry.Stat.Kind == FileKind.File && FileAge.IsTooYoung(entry.Stat.Identity, now));
        return unchanged || last
            ? new FileObservation(true, true, fingerprint, unchanged && settled ? stamp : Stamp.Untrusted, listing.Size)
            : null;
    }

    private static string FullPath(string folderPath, string path) => folderPath.Length == 0 ? path : Path.Join(folderPath, path);
}
