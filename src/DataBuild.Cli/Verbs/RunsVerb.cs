using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>`runs`: newest first.</summary>
internal static class RunsVerb
{
    public static int Run(LogPlace place, Func<LogView, RunsQuery> query, int limit, bool json)
    {
        RunsReport report;
        using (var view = LogView.Open(place))
        {
            report = query(view).Answer(limit);
        }

        return Show(report, json);
    }

    public static int Show(RunsReport report, bool json)
    {
        if (json)
        {
            Json.Write(report);
            return ExitCodes.Success;
        }

        using var page = Page.Stdout();
        if (report.Runs.Count == 0)
        {
            page.Line(new Word("no run is like that", Tone.Dim));
            return ExitCodes.Success;
        }

        page.Table(["run", "job", "state", "started", "took", "refs: why"], [.. report.Runs.Select(Row)]);
        if (report.SearchedFrom > 1)
        {
            page.Line(new Word($"older runs: --limit N or --full; events from {Plain(report.SearchedFrom)} on were read", Tone.Dim));
        }

        return ExitCodes.Success;
    }

    public static Word[] Row(RunRow run) =>
    [
        Short(run.RunId),
        run.Job,
        new(How(run), ToneOfRun(run.State)),
        new(TimeOrNothing(run.Started ?? run.Queued), Tone.Dim),
        SecondsOrNothing(run.Duration),
        $"{FirstOf(run.FirstRef, run.Refs)}: {(run.Problem.Length > 0 ? run.Problem : run.UnknownCause.Length > 0 ? RunPlace.Standing(run) : run.Text).ReplaceLineEndings(" ")}",
    ];
}
