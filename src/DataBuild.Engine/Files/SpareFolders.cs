using System.Globalization;

namespace DataBuild.Engine.Files;

/// <summary>
/// Emptied directories of runs, kept for later runs whose outputs lie in the same folders. Making and removing a folder for each run
/// costs ext4 three times the processor and, while others delete too, ten times the wait of renaming one that is there.
/// </summary>
internal sealed class SpareFolders(Disk disk, string staging)
{
    /// <summary>As many as runs are ever between staging and publishing; beyond it, those of other folders go.</summary>
    private const int Most = 1024;

    private readonly Lock access = new();
    private readonly Dictionary<string, Stack<string>> spares = new(StringComparer.Ordinal);
    private int count;
    private long made;

    /// <summary>Makes a spare directory the run's; false if there is none.</summary>
    public bool TryTake(RunFolders folders, string run) => Pop(folders.Key) is { } spare && disk.Rename(spare, run) == Errno.None;

    /// <summary>Keeps the run's directory if nothing but these folders is in it. False if it stays where it is.</summary>
    public bool TryKeep(RunFolders folders, string run)
    {
        if (!StagedRun.IsEmptied(run, folders) || !HasRoom(folders.Key))
        {
            return false;
        }

        // A process that was taken over fails here: its folders have other names now.
        var spare = Path.Join(staging, string.Create(CultureInfo.InvariantCulture, $"spare-{Interlocked.Increment(ref made)}"));
        if (disk.Rename(run, spare) != Errno.None)
        {
            return false;
        }

        lock (access)
        {
            if (!spares.TryGetValue(folders.Key, out var stack))
            {
                spares[folders.Key] = stack = new();
            }

            stack.Push(spare);
            count++;
            return true;
        }
    }

    public void Clear()
    {
        while (Pop(null) is { } spare)
        {
            FolderRemover.Remove(disk, spare, out _);
        }
    }

    private bool HasRoom(string key)
    {
        if (Volatile.Read(ref count) < Most)
        {
            return true;
        }

        string? other;
        lock (access)
        {
            other = spares.Keys.FirstOrDefault(candidate => candidate != key);
        }

        // Not being able to remove it leaves what the next term removes.
        return other is not null && Pop(other) is { } spare && FolderRemover.Remove(disk, spare, out _);
    }

    private string? Pop(string? key)
    {
        lock (access)
        {
            key ??= spares.Keys.FirstOrDefault();
            if (key is null || !spares.TryGetValue(key, out var stack))
            {
                return null;
            }

            count--;
            var spare = stack.Pop();
            if (stack.Count == 0)
            {
                spares.Remove(key);
            }

            return spare;
        }
    }
}
