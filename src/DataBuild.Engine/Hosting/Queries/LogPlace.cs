using DataBuild.Engine.Hosting.RunLogs;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Which log is asked, and what the paths in it are relative to; all full.</summary>
/// <param name="Log">The log's file.</param>
/// <param name="StateDirectory">What the log folders of runs are relative to.</param>
/// <param name="StartDirectory">Paths below it are shown relative to it.</param>
public sealed record LogPlace(string Log, string StateDirectory, string StartDirectory)
{
    public string Show(string path)
    {
        string relative = Path.GetRelativePath(StartDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>The folder of a run's output as people are shown it; empty if there was none.</summary>
    public string ShowRun(string log) => log.Length == 0 ? "" : Show(Path.Combine(StateDirectory, log));

    /// <summary>Why the folder of a run's output is not there any more; empty if it is, or if there was none.</summary>
    public string WhyGone(string log) => log.Length == 0 || Directory.Exists(Path.Combine(StateDirectory, log)) ? "" : RunLogNote.WhyGone(StateDirectory);
}
