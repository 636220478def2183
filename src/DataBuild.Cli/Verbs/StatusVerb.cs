using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>`status`: where everything stands.</summary>
internal static class StatusVerb
{
    private const int MostRows = 20;

    public static int Run(LogPlace place, bool json, bool full)
    {
        StatusReport report;
        using (var view = LogView.Open(place))
        {
            report = new StatusQuery(view).Answer();
        }

        return Show(report, json, full);
    }

    public static int Show(StatusReport report, bool json, bool full)
    {
        if (json)
        {
            Json.Write(report);
        }
        else
        {
            using var page = Page.Stdout();
            Show(page, report, full ? int.MaxValue : MostRows);
        }

        return ExitCodes.Success;
    }

    private static void Show(Page page, StatusReport report, int most)
    {
        var log = report.Log;
        string last = log.LastEvent is { } time ? $", last {Time(time)}" : "";
        page.Line(new Word(report.Graph.Length > 0 ? report.Graph : "no graph yet", Tone.Heading), $"  {log.Path}: {Count((long)log.Events, "event")}, {Bytes(log.Bytes)}{last}");
        if (report.Writer is { } writer)
        {
            page.Line($"being written by process {Plain(writer.Pid)} of {writer.User} on {writer.Host} since {Time(writer.Since)}");
        }

        Section(page, "wants", [.. report.Wants.Select(Row)], most);
        Section(page, "jobs", [.. report.Jobs.Select(Row)], int.MaxValue);
        Section(page, "runs under way", [.. report.Runs.Select(Row)], most);
        if (report.Runs.Any(run => run is { EngineLives: false, Executor: "" }))
        {
            page.Line("  their engine is gone: the next build records them as lost and goes on");
        }

        foreach (var executor in report.Runs.Where(run => run is { EngineLives: false, Executor.Length: > 0 }).GroupBy(run => run.Executor))
        {
            page.Line($"  {Count(executor.Count(), "run")} on {executor.Key} without an engine: the next build or service adopts them");
        }

        Section(page, "failures", [.. report.Failures.Select(Row)], most, report.Failed);
        Section(page, "taints", [.. report.Taints.Select(Row)], most);
    }

    private static void Section(Page page, string title, List<Word[]> rows, int most, long? total = null)
    {
        if (rows.Count == 0)
        {
            return;
        }

        page.Heading(title);
        page.Table([.. rows.Take(most)]);
        if ((total ?? rows.Count) - Math.Min(most, rows.Count) is > 0 and var more)
        {
            page.Line(new Word($"  and {Number(more)} more; --full or --json lists them", Tone.Dim));
        }
    }

    private static Word[] Row(WantStatus want) =>
    [
        want.Partitions,
        new(want.State, ToneOfWant(want.State)),
        want.Problem.Length > 0 ? new Word(want.Problem, Tone.Warning) : $"{Number(want.Refs.Live)} of {Number(want.Total)} live{Rest(want.Refs)}",
    ];

    private static Word[] Row(JobStatus job) =>
    [
        job.Job,
        $"{Number(job.Live)} live{(job.Building > 0 ? $", {Number(job.Building)} building" : "")}{(job.Failed > 0 ? $", {Number(job.Failed)} failed" : "")}{(job.Gone ? " (no longer in the graph)" : "")}",
    ];

    private static Word[] Row(RunStatus run) =>
    [
        run.RunId,
        run.Job,
        new(run.State, ToneOfRun(run.State)),
        $"{run.FirstRef}{(run.Refs > 1 ? $" and {Number(run.Refs - 1)} more" : "")}{(run.Attempt > 1 ? $", attempt {Plain(run.Attempt)}" : "")}, queued at event {Plain(run.QueuedAt)}{(RunPlace.Of(run) is { Length: > 0 } place ? $", {place}" : run.Pid > 0 ? $", process {Plain(run.Pid)}" : "")}{(RunPlace.Standing(run) is { Length: > 0 } standing ? $"; {standing}" : "")}",
    ];

    private static Word[] Row(FailureStatus failure) =>
    [
        new(failure.Ref, Tone.Bad),
        $"{(failure.Job.Length > 0 ? $"{failure.Job}: " : "")}{failure.Message}{(failure.Blocked > 0 ? $"; {Number(failure.Blocked)} wait for it" : "")}{(failure.Log.Length > 0 ? $"; log {failure.Log}" : "")}",
    ];

    private static Word[] Row(TaintStatus taint) =>
    [
        taint.TaintId,
        $"{taint.Refs[0]}{(taint.Count > 1 ? $" and {Number(taint.Count - 1)} more" : "")}",
        First(taint.Comment.Length > 0 ? taint.Comment : "no comment", $"event {Plain(taint.Offset)}"),
    ];
}
