using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Events as they are appended, by whoever does. Woken by the file system: an append writes the log's -wal. The folder is watched and
/// no file of the log opened, which would end SQLite's locks in this process. What is written while the watch is being set up, or on
/// a file system that tells nobody, is found by looking again every few seconds.
/// </summary>
public sealed class LogFollower : IDisposable
{
    /// <summary>A safety net, not the way in which events are found.</summary>
    public static readonly TimeSpan SafetyInterval = TimeSpan.FromSeconds(5);

    private readonly LogView view;
    private readonly FileWake wake = new();

    public LogFollower(LogView view)
    {
        this.view = view;
        wake.Watch(Path.GetDirectoryName(view.Place.Log)!, Path.GetFileName(view.Place.Log) + "*");
    }

    /// <summary>Events from an offset on that pass the filter, as long as nobody asks to stop.</summary>
    /// <param name="from">The first event that is told.</param>
    /// <param name="filter">Which events are told.</param>
    /// <param name="onQuiet">Called when all that there is was told.</param>
    /// <param name="stop">Ends it.</param>
    public IEnumerable<StoredEvent> Follow(ulong from, EventFilter filter, Action onQuiet, CancellationToken stop) =>
        new EventMatcher(filter).Select(All(filter == new EventFilter() ? from : 1, onQuiet, stop), from, int.MaxValue);

    private IEnumerable<StoredEvent> All(ulong from, Action onQuiet, CancellationToken stop)
    {
        ulong next = Math.Max(from, 1);
        while (!stop.IsCancellationRequested)
        {
            if (view.IsReplaced)
            {
                throw new DataBuildException(
                    Rules.LogReplaced, $"The build event log '{view.Place.Show(view.Place.Log)}' was moved, deleted or replaced while it was followed, after event {next - 1}. Follow it again.");
            }

            var written = LogStamp.Of(view.Place.Log);
            foreach (var stored in view.Log.Read(next))
            {
                yield return stored;
                next = stored.Offset + 1;
            }

            onQuiet();

            // Reading makes SQLite's own files come and go, which wakes as well: only what was written is looked at.
            while (wake.Wait(SafetyInterval, stop) && LogStamp.Of(view.Place.Log) == written && !view.IsReplaced)
            {
                continue;
            }
        }
    }

    public void Dispose() => wake.Dispose();
}
