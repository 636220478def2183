using DataBuild.Engine.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Files;

/// <summary>The folder that holds a log's partitions, checked to be this log's.</summary>
public sealed class DataRoot : IDisposable
{
    /// <summary>First segment that no ref may have: marker, staging and publishing live there.</summary>
    public const string Reserved = ".databuild";

    private readonly FileStat opened;

    private DataRoot(string path, string realPath, string logId, SafeFileHandle? handle)
    {
        _ = FileStat.Of(path, follow: true, out opened);
        FullPath = path;
        RealPath = realPath;
        LogId = logId;
        Handle = handle;
    }

    /// <summary>As given, made absolute; no separator at the end.</summary>
    public string FullPath { get; }

    /// <summary>The log that the data is described by.</summary>
    public string LogId { get; }

    /// <summary>False for a data root that is yet to be made (opened without <c>create</c>): every partition is absent.</summary>
    public bool Exists => Handle is not null;

    /// <summary>With symbolic links resolved: what "within the data root" is measured by.</summary>
    internal string RealPath { get; }

    /// <summary>Held open from before the first write, because a failed write-back is reported to those who had it open.</summary>
    internal SafeFileHandle? Handle { get; }

    internal string ReservedPath => Path.Join(FullPath, Reserved);

    /// <summary>
    /// Opens the data root of a log. With <paramref name="create"/> it is made and marked if it is new, and must be writable;
    /// without, nothing is written and a data root that does not exist yet is empty.
    /// </summary>
    /// <param name="dataRoot">Path of the folder.</param>
    /// <param name="logId">The log's id.</param>
    /// <param name="create">The caller is going to write.</param>
    /// <param name="expectExisting">The log knows of live partitions: their folder must be there, with its marker.</param>
    /// <param name="claim">The log that the marker names is lost: the data root is this log's from now on.</param>
    /// <exception cref="DataBuildException">DBLD6101 to DBLD6105: not this log's, without its marker, not writable, no folder, damaged marker.</exception>
    public static DataRoot Open(string dataRoot, string logId, bool create, bool expectExisting = false, bool claim = false) =>
        Open(dataRoot, logId, create, expectExisting, new Disk(), claim);

    internal static DataRoot Open(string dataRoot, string logId, bool create, bool expectExisting, Disk disk, bool claim = false)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataRoot));
        RequireFolder(path);
        var marker = Path.Join(path, Reserved, "marker");
        var owner = claim ? OwnerOrNobody(marker, logId) : OwnerOf(marker, logId);
        if (owner is not null && owner != logId)
        {
            throw new DataBuildException(
                Rules.DataRootOfAnotherLog,
                $"data root '{path}' belongs to another log ({owner}, this one is {logId}); set DataBuildDataRoot to a folder of its own; or, if that log is lost, take the data over: databuild adopt --all --claim");
        }

        if (owner is null && expectExisting && !claim)
        {
            throw new DataBuildException(
                Rules.DataRootWithoutMarker,
                $"data root '{path}' lacks its marker though the log knows of partitions there; mount or restore it, or, if its files are really gone: {Remedy(marker, logId)}");
        }

        if (create)
        {
            RequireWritable(path, marker);
            if (owner is null)
            {
                Claim(path, marker, logId, disk, replace: claim);
            }
        }

        return Directory.Exists(path)
            ? new DataRoot(path, Libc.RealPath(path, 0) ?? path, logId, OpenFolder(path))
            : new DataRoot(path, path, logId, null);
    }

    /// <summary>The latest term that was ever at work here and left something; 0 if none did.</summary>
    public ulong LatestTerm() => TermFolder.In(ReservedPath).Select(folder => folder.Term).DefaultIfEmpty().Max();

    public void Dispose() => Handle?.Dispose();

    /// <summary>Whether the path still leads to the folder that was opened: no disk was unmounted, no folder moved away.</summary>
    internal bool IsStillThere()
    {
        return Handle is null
            || (FileStat.Of(FullPath, follow: true, out var there) == Errno.None
                && there.Mount == opened.Mount
                && there.Identity.Inode == opened.Identity.Inode);
    }

    private static string? OwnerOf(string marker, string logId)
    {
        try
        {
            return DataRootMarker.LogIdIn(File.ReadAllText(marker)) ?? throw new DataBuildException(
                Rules.DataRootMarkerDamaged,
                $"'{marker}' does not say which log the data root belongs to; if it is this project's: {Remedy(marker, logId)}");
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new DataBuildException(Rules.DataRootUnusable, $"cannot read '{marker}': {unreadable.Message}", inner: unreadable);
        }
    }

    /// <summary>For one who takes the data root over, a marker that is damaged or names another log is none.</summary>
    private static string? OwnerOrNobody(string marker, string logId)
    {
        try
        {
            return OwnerOf(marker, logId) == logId ? logId : null;
        }
        catch (DataBuildException damaged) when (damaged.Rule == Rules.DataRootMarkerDamaged)
        {
            return null;
        }
    }

    private static string Remedy(string marker, string logId) =>
        $"mkdir -p '{Path.GetDirectoryName(marker)}' && echo '{DataRootMarker.Text(logId).TrimEnd()}' > '{marker}'";

    private static void RequireFolder(string path)
    {
        var error = FileStat.Of(path, follow: true, out var stat);
        if (error != Errno.None)
        {
            throw new DataBuildException(
                Rules.DataRootUnusable, $"cannot use data root '{path}': {StorageError.Text(error)}; set DataBuildDataRoot to a folder");
        }

        if (stat.Exists && stat.Kind != FileKind.Folder)
        {
            throw new DataBuildException(
                Rules.DataRootUnusable, $"cannot use data root '{path}': it is no folder; set DataBuildDataRoot to a folder");
        }
    }

    private static void RequireWritable(string path, string marker)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(marker)!);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            var readOnly = refused is UnauthorizedAccessException || refused.HResult == (int)Errno.ReadOnly;
            throw new DataBuildException(
                readOnly ? Rules.DataRootReadOnly : Rules.DataRootUnusable,
                $"cannot write to data root '{path}': {refused.Message}; mount it for writing, or set DataBuildDataRoot to another folder",
                inner: refused);
        }

        foreach (var folder in (ReadOnlySpan<string>)[path, Path.GetDirectoryName(marker)!])
        {
            var error = Libc.Result(Libc.AccessAt(Libc.CurrentFolder, folder, Libc.WriteAccess, Libc.EffectiveAccess));
            if (error != Errno.None)
            {
                throw new DataBuildException(
                    Rules.DataRootReadOnly,
                    $"cannot write to '{folder}': {StorageError.Text(error)}; mount it for writing, or set DataBuildDataRoot to another folder");
            }
        }
    }

    /// <summary>
    /// Marks a data root that nobody owns. What an earlier owner left half-published is not this log's: it goes first, so that a
    /// crash before the marker stands leaves an unowned folder, and another log's higher terms never look like a newer leader.
    /// </summary>
    private static void Claim(string path, string marker, string logId, Disk disk, bool replace)
    {
        foreach (var folder in TermFolder.In(Path.GetDirectoryName(marker)!))
        {
            FolderRemover.Remove(disk, Path.Join(path, Reserved, folder.Name), out _);
        }

        var written = $"{marker}-{Environment.ProcessId}";
        try
        {
            // What a claim that was cut short left.
            foreach (var unfinished in Directory.GetFiles(Path.GetDirectoryName(marker)!, "marker-*"))
            {
                File.Delete(unfinished);
            }

            using var file = new FileStream(written, FileMode.Create, FileAccess.Write);
            file.Write(System.Text.Encoding.UTF8.GetBytes(DataRootMarker.Text(logId)));
            file.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // .NET gives the errno of a failed call as the HResult.
            throw StorageError.Of(failure is IOException ? (Errno)failure.HResult : Errno.Access, $"write '{written}'");
        }

        var error = replace ? disk.Rename(written, marker) : disk.RenameToNew(written, marker);
        if (error == Errno.NotSupported)
        {
            error = disk.Rename(written, marker);
        }

        if (error == Errno.Exists)
        {
            // Another process was quicker; if it works for another log this one must not.
            disk.RemoveFile(written);
            if (OwnerOf(marker, logId) is { } owner && owner != logId)
            {
                throw new DataBuildException(
                    Rules.DataRootOfAnotherLog, $"data root '{path}' was just taken by another log ({owner}); set DataBuildDataRoot to a folder of its own");
            }
        }
        else if (error != Errno.None)
        {
            throw StorageError.Of(error, $"write '{marker}'");
        }
    }

    private static SafeFileHandle OpenFolder(string path)
    {
        var file = Libc.Open(path, Libc.OpenToRead);
        return file >= 0
            ? new SafeFileHandle(file, ownsHandle: true)
            : throw new DataBuildException(
                Rules.DataRootUnusable, $"cannot open data root '{path}': {StorageError.Text(Libc.Result(file))}; correct its permissions");
    }
}
