using System.IO.Enumeration;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Files;

/// <summary>Everything below a folder in a fixed order, whatever order the file system gives it in.</summary>
internal sealed class FolderListing
{
    private readonly string root;
    private readonly bool follow;
    private readonly int limit;
    private readonly List<FolderEntry> entries = [];

    private FolderListing(string root, bool follow, int limit)
    {
        this.root = root;
        this.follow = follow;
        this.limit = limit;
    }

    /// <summary>Most entries of one folder; a list of a million is some 200 MB.</summary>
    public const int Limit = 1_000_000;

    /// <summary>Sorted by ordinal path.</summary>
    public IReadOnlyList<FolderEntry> Entries => entries;

    /// <summary>Something vanished while it was listed.</summary>
    public bool Changed { get; private set; }

    public long Size { get; private set; }

    /// <param name="folder">Full path.</param>
    /// <param name="follow">Read through symbolic links, as a job that reads a source would; else they are entries of their own.</param>
    /// <param name="limit">Most entries.</param>
    public static FolderListing Of(string folder, bool follow, int limit = Limit)
    {
        var listing = new FolderListing(folder, follow, limit);
        listing.Read();
        listing.entries.Sort(static (one, other) => string.CompareOrdinal(one.Path, other.Path));
        return listing;
    }

    private void Read()
    {
        var error = FileStat.Of(root, follow: true, out var top);
        if (error != Errno.None)
        {
            throw StorageError.Unreadable(root, StorageError.Text(error));
        }

        var pending = new Stack<(string Path, Ancestor Self)>();
        pending.Push(("", new(top, null)));
        while (pending.TryPop(out var folder))
        {
            foreach (var name in NamesIn(Path.Join(root, folder.Path)))
            {
                if (Look(folder.Path.Length == 0 ? name : $"{folder.Path}/{name}") is not { } entry)
                {
                    continue;
                }

                if (entry.Stat.Kind == FileKind.Folder && folder.Self.Contains(entry.Stat))
                {
                    // A followed link that leads back up: it stands for itself, or there would be no end.
                    entry = entry with { Stat = entry.Stat with { Kind = FileKind.Link }, Target = LinkTarget(entry.Path) };
                }

                Add(entry);
                if (entry.Stat.Kind == FileKind.Folder)
                {
                    pending.Push((entry.Path, new(entry.Stat, folder.Self)));
                }
            }
        }
    }

    private void Add(FolderEntry entry)
    {
        if (entries.Count >= limit)
        {
            throw new DataBuildException(
                Rules.FolderTooLarge, $"folder '{root}' holds more than {limit:N0} entries; split it into several partitions or pack its files");
        }

        entries.Add(entry);
        Size += entry.Stat.Kind == FileKind.File ? entry.Stat.Size : 0;
    }

    private FolderEntry? Look(string path)
    {
        var full = Path.Join(root, path);
        var error = FileStat.Of(full, follow, out var stat);
        if (follow && (error == Errno.Loop || (error == Errno.None && !stat.Exists)))
        {
            // A link to nowhere is an entry too: what it says may change.
            error = FileStat.Of(full, follow: false, out stat);
        }

        if (error != Errno.None)
        {
            throw StorageError.Unreadable(full, StorageError.Text(error));
        }

        if (!stat.Exists)
        {
            if (path.Contains('\ufffd'))
            {
                throw new DataBuildException(
                    Rules.FileNameNotText, $"the name of '{full}' is no valid UTF-8 and cannot be told apart from others; rename the file");
            }

            Changed = true;
            return null;
        }

        return new(path, stat, stat.Kind == FileKind.Link ? LinkTarget(path) : null);
    }

    private string? LinkTarget(string path) => new FileInfo(Path.Join(root, path)).LinkTarget;

    private List<string> NamesIn(string folder)
    {
        try
        {
            return [.. new FileSystemEnumerable<string>(folder, static (ref entry) => entry.FileName.ToString(), All).Take(limit + 1)];
        }
        catch (DirectoryNotFoundException)
        {
            Changed = true;
            return [];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Unreadable(folder, refused.Message);
        }
    }

    private static EnumerationOptions All { get; } = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>The folders on the way to where the walk is.</summary>
    private sealed record Ancestor(FileStat Stat, Ancestor? Parent)
    {
        public bool Contains(FileStat folder)
        {
            for (var at = this; at is not null; at = at.Parent)
            {
                if (at.Stat.Identity.Inode == folder.Identity.Inode && at.Stat.Mount == folder.Mount)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
