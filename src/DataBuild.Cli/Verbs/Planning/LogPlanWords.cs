using System.Globalization;
using DataBuild.Cli.Output;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Cli.Verbs.Planning;

/// <summary>The same words for a console and for a page.</summary>
internal static class LogPlanWords
{
    public static string Log(LogPlan plan) => plan.Offset == 0
        ? $"{plan.Log}: no event"
        : $"{plan.Log}: {Say.Count((long)plan.Offset, "event")}, last {Say.TimeOrNothing(plan.LastEvent)}{(plan.RunsUnderWay > 0 ? $", {Say.Count(plan.RunsUnderWay, "run")} under way then" : "")}";

    public static string Change(GraphChange change) => $"{Kind(change.Kind)} {change.Name} {(change.Change == "Changed" ? $"changed ({change.Detail})" : change.Change == "New" ? "is new" : "is gone")}";

    public static string Summary(LogPlan plan)
    {
        var counts = plan.Plan;
        return counts.WillRun + counts.MayRun + counts.Blocked == 0
            ? $"nothing to do, {Say.Number(counts.UpToDate)} up to date"
            : $"{Say.Number(counts.WillRun)} will run, {Say.Number(counts.MayRun)} may run, {Say.Number(counts.UpToDate)} up to date{(counts.Blocked > 0 ? $", {Say.Number(counts.Blocked)} cannot be made" : "")}";
    }

    /// <summary>Null where nothing runs.</summary>
    public static string? Time(LogPlan plan)
    {
        if (plan.Jobs.Count == 0)
        {
            return null;
        }

        var time = plan.Time;
        string unknown = string.Join(", ", time.UnknownJobs);
        if (time.UnknownJobs.Count == plan.Jobs.Count)
        {
            return $"how long is not known: the log knows of no good run of {unknown}";
        }

        string most = time.WallAtMost.ToTimeSpan() > time.Wall.ToTimeSpan() ? $", up to {About(time.WallAtMost)} if all that may run does" : "";
        string least = time.UnknownJobs.Count > 0 ? $", without {unknown}, of which the log knows no good run" : "";
        return $"about {About(time.Wall)}{most}{least}: by the mean time of each job's earlier runs, {Say.Count(time.Parallelism, "run")} at one time";
    }

    public static string Mean(LogPlanJob job) => job.MeanRun is null ? "unknown" : About(job.MeanRun);

    /// <summary>What the reader may miss.</summary>
    public static IEnumerable<string> Notes(LogPlan plan)
    {
        if (plan.SourcesTaken + plan.SourcesUnknown > 0)
        {
            string unknown = plan.SourcesUnknown > 0 ? $" ({Say.Number(plan.SourcesUnknown)} that the log never saw taken as there)" : "";
            long absent = plan.SourcesTaken + plan.SourcesUnknown;
            yield return $"{Say.Count(absent, "source")} {(absent == 1 ? "is" : "are")} not here and taken as unchanged{unknown}; {Say.Number(plan.SourcesSeen)} looked at";
        }

        if (plan.TooManyRebuilds > 0)
        {
            yield return $"changed code replaces {Say.Count(plan.TooManyRebuilds, "live partition")}, more than DataBuildMaxRebuilds allows: the build will want -p:DataBuildMaxRebuilds={Say.Plain(plan.TooManyRebuilds)}";
        }
    }

    private static string Kind(string kind) => kind == "Partition" ? "family" : kind.ToLowerInvariant();

    private static string About(Duration duration)
    {
        var time = duration.ToTimeSpan();
        return time switch
        {
            { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}s"),
            { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
            { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.0} h"),
        };
    }
}
