using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Files;

/// <summary>
/// Puts the outputs of one run's folder in place. Every step starts from a name within that folder, so a process whose folder was
/// taken over can do nothing more; and every step leaves a state from which the same call carries on.
/// </summary>
/// <remarks>
/// A new name, and a file over a file, take one rename. Everything else is an exchange, after which the old content stands where
/// the new one stood. To tell the two apart after a crash, the new content is first renamed to a name that holds its own inode
/// number: while name and inode agree it is still to be published, afterwards it is old.
/// </remarks>
internal sealed class RunPublisher(DataRoot root, Disk disk, TargetFolders folders, Action onNoExchange, bool recovering)
{
    /// <summary>Publishes the refs that are still in the run's folder. False if the folder itself is gone.</summary>
    /// <param name="swapped">Old content is in the folder now.</param>
    public bool Publish(string run, string @ref, ref bool swapped)
    {
        PartitionPath.Require(@ref);
        folders.Check(@ref);
        var staged = Path.Join(run, @ref);
        var target = Path.Join(root.FullPath, @ref);
        var error = disk.Rename(staged, target);
        if (error == Errno.NoEntry)
        {
            // Either the folder to put it in is missing, or there is nothing to put.
            if (Look(staged).Exists)
            {
                folders.Make(@ref);
                error = disk.Rename(staged, target);
            }
            else if (Begun(run, @ref) is { } begun)
            {
                swapped = true;
                return Finish(run, begun, @ref, target);
            }
            else
            {
                return IsThere(run, @ref, target);
            }
        }

        switch (error)
        {
            case Errno.None:
                return true;
            case Errno.NoEntry:
                return IsThere(run, @ref, target);
            case Errno.IsFolder or Errno.NotFolder or Errno.NotEmpty or Errno.Exists:
                swapped = true;
                return Begin(run, staged, @ref) is { } begun ? Finish(run, begun, @ref, target) : IsThere(run, @ref, target);
            default:
                throw StorageError.Of(error, $"publish '{@ref}' in '{root.FullPath}'");
        }
    }

    /// <summary>What was begun and not finished, or finished and not removed, for the ref.</summary>
    private static string? Begun(string run, string @ref)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Join(run, DataRoot.Reserved), "*-" + Suffix(@ref)).FirstOrDefault();
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string? Begin(string run, string staged, string @ref)
    {
        var inode = Look(staged).Identity.Inode;
        var begun = Path.Join(run, DataRoot.Reserved, string.Create(CultureInfo.InvariantCulture, $"{inode}-{Suffix(@ref)}"));
        var error = disk.MakeFolder(Path.Join(run, DataRoot.Reserved));
        if (error is Errno.None or Errno.Exists)
        {
            error = disk.Rename(staged, begun);
        }

        return error switch
        {
            Errno.None => begun,
            Errno.NoEntry => null,
            _ => throw StorageError.Of(error, $"publish '{@ref}'"),
        };
    }

    private bool Finish(string run, string begun, string @ref, string target)
    {
        var stat = Look(begun);
        if (!Path.GetFileName(begun.AsSpan()).StartsWith(string.Create(CultureInfo.InvariantCulture, $"{stat.Identity.Inode}-"), StringComparison.Ordinal))
        {
            return IsThere(run, @ref, target);
        }

        var error = disk.Exchange(begun, target);
        if (error == Errno.NotSupported)
        {
            onNoExchange();
            // The old content goes into the run's own folder: a process that was taken over fails here, before anything is absent.
            error = disk.Rename(target, Path.Join(run, DataRoot.Reserved, Suffix(@ref) + ".old"));
            error = error is Errno.None or Errno.NoEntry ? disk.Rename(begun, target) : error;
        }
        else if (error == Errno.NoEntry && Look(begun).Exists)
        {
            // Nothing to exchange with any more: somebody removed the old content.
            folders.Make(@ref);
            error = disk.Rename(begun, target);
        }

        return error switch
        {
            Errno.None => true,
            Errno.NoEntry => IsThere(run, @ref, target),
            _ => throw StorageError.Of(error, $"replace '{@ref}' in '{root.FullPath}'"),
        };
    }

    /// <summary>Nothing to publish: done before, or taken over by another process, or never made.</summary>
    private bool IsThere(string run, string @ref, string target)
    {
        if (!Look(run).Exists)
        {
            return false;
        }

        // In a recovery it may have been deleted since: then it is lost like any other file, and found so.
        return recovering || Look(target).Exists ? true : throw new DataBuildException(
            Rules.DataRootFailed, $"cannot publish '{@ref}': its output vanished from '{run}' after the run; build again");
    }

    private static FileStat Look(string path)
    {
        var error = FileStat.Of(path, follow: false, out var stat);
        return error == Errno.None ? stat : throw StorageError.Of(error, $"look at '{path}'");
    }

    /// <summary>A ref may be longer than a file name.</summary>
    private static string Suffix(string @ref) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(@ref.AsSpan())).ToString("x32", CultureInfo.InvariantCulture);
}
