using System.IO.Enumeration;

namespace DataBuild.Engine.Files;

/// <summary>
/// Removes what nobody needs any more. Never follows a link, and tolerates that another process removes the same: both end with
/// nothing there.
/// </summary>
internal static class FolderRemover
{
    /// <summary>Names held at one time, however many files a folder has.</summary>
    private const int Portion = 4096;

    /// <summary>How often a folder is emptied while something, an orphan of a job, keeps filling it.</summary>
    private const int Rounds = 4;

    /// <summary>Removes a file or folder with all it holds; false, with the first obstacle, if something stays.</summary>
    public static bool Remove(Disk disk, string path, out Errno obstacle)
    {
        // Unlinking first saves a stat for each file; Linux refuses folders with EISDIR.
        obstacle = disk.RemoveFile(path);
        if (obstacle is Errno.None or Errno.NoEntry)
        {
            obstacle = Errno.None;
            return true;
        }

        if (obstacle is not (Errno.IsFolder or Errno.NotPermitted))
        {
            return false;
        }

        var openedUp = false;
        for (var round = 0; round < Rounds; round++)
        {
            obstacle = disk.RemoveFolder(path);
            if (obstacle is Errno.None or Errno.NoEntry)
            {
                obstacle = Errno.None;
                return true;
            }

            if (obstacle is not (Errno.NotEmpty or Errno.Exists))
            {
                return false;
            }

            var inside = Empty(disk, path);
            if (inside == Errno.Access && !openedUp)
            {
                // A job may leave folders that not even their owner can list.
                openedUp = true;
                disk.OpenUp(path);
            }
            else if (inside != Errno.None)
            {
                obstacle = inside;
                return false;
            }
        }

        return false;
    }

    /// <summary>Removes a folder's entries; entries added meanwhile are found when the folder itself turns out not to be empty.</summary>
    private static Errno Empty(Disk disk, string folder)
    {
        try
        {
            while (true)
            {
                var names = new FileSystemEnumerable<string>(folder, static (ref entry) => entry.FileName.ToString(), All).Take(Portion).ToList();
                foreach (var name in names)
                {
                    if (!Remove(disk, Path.Join(folder, name), out var obstacle))
                    {
                        return obstacle;
                    }
                }

                if (names.Count < Portion)
                {
                    return Errno.None;
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            return Errno.None;
        }
        catch (UnauthorizedAccessException)
        {
            return Errno.Access;
        }
    }

    private static EnumerationOptions All { get; } = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
}
