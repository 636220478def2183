using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.RunLogs;

/// <summary>
/// Removes logs of runs at the end of a build that ran something: no more often than once an hour, or once a day where there are many, so that
/// what a build pays for it does not grow with how many runs there ever were.
/// </summary>
internal static class BuildRunLogs
{
    private const int Many = 10_000;
    private const int MostRemoved = 5_000;

    private static readonly TimeSpan hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan day = TimeSpan.FromDays(1);

    /// <returns>How many logs were removed.</returns>
    public static int Prune(string runs, RunLogLimits limits, BuildState state, DateTimeOffset now, Action<Diagnostic> warn)
    {
        if (limits.IsUnlimited || (RunLogNote.Read(runs) is { } note && IsFresh(note, limits, now)))
        {
            return 0;
        }

        var pruning = new RunLogPruning(runs, limits, state, warn);
        pruning.Begin();
        while (pruning.IsUnderWay && pruning.Removed < MostRemoved && !pruning.Step(now, MostRemoved))
        {
            // One that has removed its share leaves no note: the next build goes on.
        }

        return pruning.Removed;
    }

    private static bool IsFresh(RunLogNote note, RunLogLimits limits, DateTimeOffset now) =>
        note.Limits == limits.ToString() && now - note.At < (note.Folders > Many ? day : hour) && now >= note.At;

    /// <summary>What people are told.</summary>
    public static string Words(int removed, RunLogLimits limits) =>
        $"{(removed == 1 ? "the log of 1 run" : $"the logs of {removed} runs")} removed: they are kept for {limits}";
}
