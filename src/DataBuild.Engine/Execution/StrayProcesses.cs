using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Execution.Processes;

namespace DataBuild.Engine.Execution;

/// <summary>What engines that died left running.</summary>
public static class StrayProcesses
{
    /// <summary>
    /// Kills every process whose DATABUILD_ENGINE begins with the prefix (a log's id), and waits until they are gone, at most
    /// <paramref name="bound"/> (5 s). Only for the holder of that log's lease, before it starts runs of its own. Processes whose
    /// environment may not be read are another user's and are skipped.
    /// </summary>
    public static IReadOnlyList<StrayProcess> Kill(string markerPrefix, TimeSpan? bound = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(markerPrefix);
        HostSupport.Demand();
        var ended = new List<FoundProcess>();
        var left = ProcessSweep.End(() => ProcessTable.OfEngine(markerPrefix, prefix: true), bound ?? TimeSpan.FromSeconds(5), ended);
        return [.. ended.Select(process => new StrayProcess(process.Pid, process.RunId, process.Name, !left.Contains(process)))];
    }
}
