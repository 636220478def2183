using System.Collections.Concurrent;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Files;

/// <summary>
/// The folders of the data root that partitions are put into: checked before a run is committed, made when it is published.
/// What was found good is remembered, so that ten thousand partitions of one folder cost one look.
/// </summary>
internal sealed class TargetFolders(DataRoot root, Disk disk)
{
    /// <summary>Where remembering starts anew: 50,000 paths are some 10 MB.</summary>
    private const int Remembered = 50_000;

    private readonly ConcurrentDictionary<string, bool> good = new(StringComparer.Ordinal);

    private readonly Lazy<ulong> mount = new(() =>
    {
        var error = FileStat.Of(root.FullPath, follow: true, out var stat);
        return error == Errno.None ? stat.Mount : throw StorageError.Of(error, $"look at '{root.FullPath}'");
    });

    /// <summary>Refuses a ref whose folder could not take it: while the run is not committed, the error still counts as the run's.</summary>
    public void Check(string @ref) => Walk(@ref, PartitionPath.FolderOf(@ref), make: false);

    /// <summary>Makes what is missing of the ref's folder.</summary>
    public void Make(string @ref)
    {
        var folder = PartitionPath.FolderOf(@ref);
        good.TryRemove(folder, out _);
        Walk(@ref, folder, make: true);
    }

    private void Walk(string @ref, string folder, bool make)
    {
        if (folder.Length == 0 || good.ContainsKey(folder))
        {
            return;
        }

        for (var end = 0; end < folder.Length;)
        {
            var slash = folder.IndexOf('/', end + 1);
            end = slash < 0 ? folder.Length : slash;
            var path = Path.Join(root.FullPath, folder.AsSpan(0, end));
            if (!IsGood(@ref, path))
            {
                if (!make)
                {
                    return;
                }

                var error = disk.MakeFolder(path);
                if (error is not (Errno.None or Errno.Exists))
                {
                    throw StorageError.Of(error, $"make folder '{path}'");
                }
            }
        }

        if (good.Count >= Remembered)
        {
            good.Clear();
        }

        good.TryAdd(folder, true);
    }

    /// <summary>False if nothing is there.</summary>
    private bool IsGood(string @ref, string path)
    {
        var error = FileStat.Of(path, follow: false, out var stat);
        if (error == Errno.None && stat.Kind == FileKind.Link)
        {
            error = FileStat.Of(path, follow: true, out var target);
            if (error == Errno.None && target.Exists)
            {
                RequireInside(@ref, path);
                stat = target;
            }
        }

        if (error != Errno.None)
        {
            throw StorageError.Of(error, $"look at '{path}'");
        }

        if (!stat.Exists)
        {
            return false;
        }

        if (stat.Kind != FileKind.Folder)
        {
            throw new DataBuildException(
                Rules.FolderIsTaken, $"cannot publish '{@ref}': '{path}' is no folder but a file, or a link to nowhere; move or delete it, or rename the partition");
        }

        return stat.Mount == mount.Value ? true : throw StorageError.Of(Errno.CrossDevice, $"publish '{@ref}' below '{path}'");
    }

    private void RequireInside(string @ref, string link)
    {
        var target = Libc.RealPath(link, 0) ?? "somewhere that cannot be reached";
        if (!target.StartsWith(root.RealPath + "/", StringComparison.Ordinal)
            || target == Path.Join(root.RealPath, DataRoot.Reserved)
            || target.StartsWith(Path.Join(root.RealPath, DataRoot.Reserved) + "/", StringComparison.Ordinal))
        {
            throw new DataBuildException(
                Rules.RefLeavesDataRoot,
                $"cannot publish '{@ref}': '{link}' is a link to '{target}', outside the data root; replace it by a folder, or move the data root as a whole");
        }
    }
}
