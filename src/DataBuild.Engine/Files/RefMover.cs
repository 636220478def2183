using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Files;

/// <summary>Moves partitions of a data root to other names, replacing nothing.</summary>
internal sealed class RefMover(DataRoot root, Disk disk)
{
    private readonly TargetFolders targets = new(root, disk);
    private readonly HashSet<string> left = new(StringComparer.Ordinal);

    public RefMover(DataRoot root)
        : this(root, new Disk())
    {
    }

    /// <summary>Refuses a name that is taken, or that lies below a file: what is moved later must not meet an obstacle.</summary>
    public void Check(string to)
    {
        PartitionPath.Require(to);
        targets.Check(to);
        string path = Path.Join(root.FullPath, to);
        var error = FileStat.Of(path, follow: false, out var stat);
        if (error != Errno.None)
        {
            throw StorageError.Of(error, $"look at '{path}'");
        }

        if (stat.Exists)
        {
            throw new DataBuildException(Rules.RenameTargetOccupied, $"'{path}' is there already, and a rename replaces nothing; move or delete it, or choose another pattern");
        }
    }

    /// <summary>One that was moved before, or is gone, is passed by; so is one whose new name was taken in the meantime.</summary>
    public void Move(string from, string to)
    {
        PartitionPath.Require(from);
        PartitionPath.Require(to);
        string old = Path.Join(root.FullPath, from);
        if (FileStat.Of(old, follow: false, out var stat) == Errno.None && !stat.Exists)
        {
            return;
        }

        targets.Make(to);
        var error = disk.RenameToNew(old, Path.Join(root.FullPath, to));
        if (error == Errno.NotSupported)
        {
            error = disk.Rename(old, Path.Join(root.FullPath, to));
        }

        if (error is not (Errno.None or Errno.NoEntry or Errno.Exists))
        {
            throw StorageError.Of(error, $"move '{from}' to '{to}'");
        }

        for (string folder = PartitionPath.FolderOf(from); folder.Length > 0 && left.Add(folder); folder = PartitionPath.FolderOf(folder))
        {
            // All above it are noted as well.
        }
    }

    /// <summary>Removes folders that are empty now, and makes all moves durable.</summary>
    public void Complete()
    {
        foreach (string folder in left.OrderByDescending(folder => folder.Length))
        {
            // One that holds something else stays.
            _ = disk.RemoveFolder(Path.Join(root.FullPath, folder));
        }

        if (root.Handle is { } handle && disk.Sync(handle) is var error && error != Errno.None)
        {
            throw StorageError.Of(error, $"make what was moved in '{root.FullPath}' durable");
        }
    }
}
