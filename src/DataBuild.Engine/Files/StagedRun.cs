using System.IO.Enumeration;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Files;

/// <summary>What a run left in its staging directory, looked at before anything of it counts.</summary>
internal static class StagedRun
{
    private const int MostUnasked = 10;
    private const int Tries = 3;
    private const int OwnerMayAll = 0x1C0;

    public static StagedOutput Inspect(string run, IReadOnlyList<string> refs, int folderLimit = FolderListing.Limit)
    {
        var onTheWay = RunFolders.Of(refs);
        foreach (var folder in onTheWay.Paths)
        {
            // Through a link on the way, the file that is moved into the data root would be somebody else's.
            if (FileStat.Of(Path.Join(run, folder), follow: false, out var stat) == Errno.None && stat.Kind == FileKind.Link)
            {
                throw NotPlain(folder, "is a symbolic link, but a ref lies below it; make a folder");
            }
        }

        var outputs = new FileObservation[refs.Count];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Output(run, refs[i], folderLimit);
        }

        return new(outputs, Unasked(run, refs, onTheWay));
    }

    /// <summary>Nothing is left in the run's directory but these folders, and the next job could write to each of them.</summary>
    public static bool IsEmptied(string run, RunFolders folders)
    {
        foreach (var folder in folders.Paths.Prepend(""))
        {
            var error = FileStat.Of(Path.Join(run, folder), follow: false, out var stat);
            if (error != Errno.None || stat.Kind != FileKind.Folder || (stat.Mode & OwnerMayAll) != OwnerMayAll)
            {
                return false;
            }
        }

        return Unasked(run, [], folders).Count == 0;
    }

    private static FileObservation Output(string run, string @ref, int folderLimit)
    {
        var path = Path.Join(run, @ref);
        var error = FileStat.Of(path, follow: false, out var stat);
        if (error != Errno.None)
        {
            throw NotAccessible(@ref, path, StorageError.Text(error));
        }

        return stat.Kind switch
        {
            FileKind.None => FileObservation.Absent,
            FileKind.File => OfFile(@ref, path),
            FileKind.Folder => OfFolder(@ref, path, stat, folderLimit),
            FileKind.Link => throw NotPlain(@ref, $"is a symbolic link to '{new FileInfo(path).LinkTarget}'; write the content itself"),
            _ => throw NotPlain(@ref, "is a device, pipe or socket; write a file"),
        };
    }

    private static FileObservation OfFile(string @ref, string path)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Nobody but the run writes here, and it has ended: a time of just now is what is to be expected.
            if (ContentFingerprint.OfFile(path, null, null, Unreadable(@ref)) is { Unchanged: true } content)
            {
                return new(true, false, content.Fingerprint, Stamp.Of(content.Stat.Identity), content.Stat.Size);
            }

            RequireMore(attempt, @ref);
        }
    }

    private static FileObservation OfFolder(string @ref, string path, FileStat stat, int limit)
    {
        // A folder that its owner may not write to cannot be given another parent: better said now than after the commit.
        if ((stat.Mode & 0x80) == 0 && Libc.EffectiveUser() != 0)
        {
            throw NotAccessible(@ref, path, "the folder is not writable and so cannot be moved");
        }

        for (var attempt = 1; ; attempt++)
        {
            var listing = Listing(@ref, path, limit);
            if (ContentFingerprint.OfFolder(path, listing, null, null, Unreadable(@ref)) is { } fingerprint)
            {
                var stamp = Stamp.Of(listing);
                if (!listing.Changed && Stamp.Of(Listing(@ref, path, limit)) == stamp)
                {
                    return new(true, true, fingerprint, stamp, listing.Size);
                }
            }

            RequireMore(attempt, @ref);
        }
    }

    private static FolderListing Listing(string @ref, string path, int limit)
    {
        FolderListing listing;
        try
        {
            listing = FolderListing.Of(path, follow: false, limit);
        }
        catch (DataBuildException unreadable) when (unreadable.Rule == Rules.FileUnreadable)
        {
            throw new DataBuildException(Rules.OutputNotAccessible, $"output of '{@ref}': {unreadable.Message}", inner: unreadable);
        }

        foreach (var entry in listing.Entries)
        {
            if (entry.Stat.Kind == FileKind.Other)
            {
                throw NotPlain(@ref, $"holds '{entry.Path}', a device, pipe or socket; write files only");
            }

            if (entry.Stat.Kind == FileKind.Link && !LinkWithin.Stays(path, entry.Path, entry.Target ?? "/"))
            {
                throw NotPlain(@ref, $"holds the symbolic link '{entry.Path}' to '{entry.Target}', which leaves the folder; copy the file or link within the folder");
            }
        }

        return listing;
    }

    /// <summary>Paths that are no ref, below none and on the way to none.</summary>
    private static List<string> Unasked(string run, IReadOnlyList<string> refs, RunFolders onTheWay)
    {
        var asked = refs.ToHashSet(StringComparer.Ordinal);
        List<string> unasked = [];
        var pending = new Stack<string>([""]);
        while (unasked.Count < MostUnasked && pending.TryPop(out var folder))
        {
            // Sorted, so that which ten are listed is no accident.
            foreach (var (name, isFolder) in EntriesOf(Path.Join(run, folder)))
            {
                var path = folder.Length == 0 ? name : $"{folder}/{name}";
                if (asked.Contains(path))
                {
                    continue;
                }

                if (isFolder && onTheWay.Contains(path))
                {
                    pending.Push(path);
                }
                else if (unasked.Count < MostUnasked)
                {
                    unasked.Add(path);
                }
            }
        }

        return unasked;
    }

    private static List<(string Name, bool IsFolder)> EntriesOf(string folder)
    {
        try
        {
            var entries = new FileSystemEnumerable<(string Name, bool IsFolder)>(
                folder, static (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), All).ToList();
            if (entries.Count > 1)
            {
                entries.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name));
            }

            return entries;
        }
        catch (DirectoryNotFoundException)
        {
            // Gone since it was listed: there is nothing of ours in it.
            return [];
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new DataBuildException(
                Rules.OutputNotAccessible, $"cannot list '{folder}' of the run: {refused.Message}; let the job leave its folders readable", inner: refused);
        }
    }

    private static void RequireMore(int attempt, string @ref)
    {
        if (attempt == Tries)
        {
            throw new DataBuildException(
                Rules.OutputStillWritten, $"output of '{@ref}' is still being written though the run has ended; let the job wait for everything it starts");
        }
    }

    private static Func<string, string, DataBuildException> Unreadable(string @ref) => (path, why) =>
        why == StorageError.Text(Errno.InputOutput) ? StorageError.Of(Errno.InputOutput, $"read the output of '{@ref}' at '{path}'") : NotAccessible(@ref, path, why);

    private static DataBuildException NotAccessible(string @ref, string path, string why) =>
        new(Rules.OutputNotAccessible, $"cannot take the output of '{@ref}' at '{path}': {why}; let the job leave it readable and its folders writable");

    private static DataBuildException NotPlain(string @ref, string what) =>
        new(Rules.OutputNotPlain, $"output of '{@ref}' {what}");

    private static EnumerationOptions All { get; } = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
}
