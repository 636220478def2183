using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Execution.Processes;

namespace DataBuild.Engine.Execution;

/// <summary>What engines that died left running.</summary>
public static class StrayProcesses
{
    /// <summary>
    /// Kills every process whose DATABUILD_ENGINE begins with the prefix (a log's id), and every one of the started runs that is still
    /// the process that was started, with its session and descendants, whatever its environment says by now. Waits until they are gone,
    /// at most <paramref name="bound"/> (5 s). Only for the holder of that log's lease, before it starts runs of its own. Processes whose
    /// environment may not be read are another user's and are skipped.
    /// </summary>
    /// <param name="markerPrefix">What DATABUILD_ENGINE begins with.</param>
    /// <param name="started">Runs that the log knows to be under way.</param>
    /// <param name="lastEvent">When the log was last written. Ids and starts from before this machine's boot mean nothing.</param>
    /// <param name="bound">The longest wait.</param>
    public static IReadOnlyList<StrayProcess> Kill(
        string markerPrefix, IReadOnlyList<StartedRun>? started = null, DateTimeOffset lastEvent = default, TimeSpan? bound = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(markerPrefix);
        HostSupport.Demand();
        var deadline = Deadline.After(bound ?? TimeSpan.FromSeconds(5));
        var ended = new List<FoundProcess>();

        // Looked at first, while those that bear no mark still have parents that tell whose they are.
        var known = OfStarted(started ?? [], lastEvent);
        var left = ProcessSweep.End(() => Find(markerPrefix, known), deadline.Left ?? TimeSpan.Zero, ended);
        return [.. ended.Select(process => new StrayProcess(process.Pid, process.RunId, process.Name, !left.Contains(process)))];
    }

    private static List<FoundProcess> Find(string markerPrefix, List<FoundProcess> known)
    {
        var marked = ProcessTable.OfEngine(markerPrefix, prefix: true);
        marked.AddRange(known.Where(process => ProcessTable.IsAlive(process) && !marked.Exists(one => one.Pid == process.Pid)));
        return marked;
    }

    private static List<FoundProcess> OfStarted(IReadOnlyList<StartedRun> started, DateTimeOffset lastEvent)
    {
        var booted = DateTimeOffset.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64);
        if (lastEvent < booted)
        {
            return [];
        }

        // A session whose leader is gone is left to the mark: its number alone would also fit a stranger.
        return [.. started
            .Where(run => ProcessTable.IsAlive(new FoundProcess(run.Pid, run.Start, "", run.RunId)))
            .SelectMany(run => ProcessTable.OfRun(run.Pid, run.Start, run.RunId, []))
            .DistinctBy(process => process.Pid)];
    }
}
