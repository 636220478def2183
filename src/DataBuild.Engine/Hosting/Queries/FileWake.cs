namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Wakes who waits when something changes in folders that it watches.</summary>
internal sealed class FileWake : IDisposable
{
    private readonly SemaphoreSlim changed = new(0);
    private readonly List<FileSystemWatcher> watchers = [];

    public void Watch(string folder, string filter)
    {
        var watcher = new FileSystemWatcher(folder, filter) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
        watchers.Add(watcher);
        watcher.Changed += (_, _) => Wake();
        watcher.Created += (_, _) => Wake();
        watcher.Deleted += (_, _) => Wake();
        watcher.Renamed += (_, _) => Wake();
        watcher.Error += (_, _) => Wake();
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>Until something changed since the last call, that time has passed, or it is asked to stop.</summary>
    /// <returns>Something changed.</returns>
    public bool Wait(TimeSpan atMost, CancellationToken stop)
    {
        try
        {
            if (!changed.Wait(atMost, stop))
            {
                return false;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }

        // However many changes there were, one look finds them all.
        int more = changed.CurrentCount;
        for (int i = 0; i < more; i++)
        {
            changed.Wait(0, CancellationToken.None);
        }

        return true;
    }

    public void Dispose()
    {
        watchers.ForEach(watcher => watcher.Dispose());
        changed.Dispose();
    }

    private void Wake()
    {
        try
        {
            changed.Release();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }
}
