using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs;

/// <summary>`run`: all facts of one run and what it wrote.</summary>
internal sealed class RunVerb(bool json, bool full)
{
    private const int MostElements = 20;
    private const int MostElementsInJson = 100;
    private const long TailBytes = 4_096;

    public int Run(LogPlace place, string written)
    {
        using var view = LogView.Open(place);
        var report = new RunQuery(view, written).Answer(full ? int.MaxValue : json ? MostElementsInJson : MostElements, full ? long.MaxValue : TailBytes);
        if (json)
        {
            Json.Write(report);
            return ExitCodes.Success;
        }

        using var page = Page.Stdout();
        new RunPage(page, report).Write();
        return ExitCodes.Success;
    }

    /// <summary>Shows what the run writes until it has ended, then how.</summary>
    public int Follow(LogPlace place, string written, CancellationToken stop)
    {
        using var view = LogView.Open(place);
        var query = new RunQuery(view, written);
        string id = query.RunId;
        using (var page = json ? Page.Plain() : Page.Stdout())
        using (var follower = new RunFollower(view, id, query.OutputFolder))
        {
            foreach (var piece in follower.Follow(query.QueuedAt, stop))
            {
                if (json)
                {
                    page.Line(Json.Line(new RunOutput { Path = piece.Path, Bytes = piece.Position, Text = piece.Text }));
                }
                else
                {
                    page.Text(piece.Text);
                }

                page.Flush();
            }
        }

        if (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }

        var report = new RunQuery(view, id).Answer(MostElementsInJson, outputBytes: 0);
        if (json)
        {
            Json.Write(report);
        }
        else
        {
            using var page = Page.Stdout();
            page.Line(new Word($"{report.Run.Job} {Say.Short(id)}: {Say.How(report.Run)}", Say.ToneOfRun(report.Run.State)), $"  {Say.SecondsOrNothing(report.Run.Duration)}  {report.Run.Problem.ReplaceLineEndings(" ")}");
            if (report.OutputGone.Length > 0)
            {
                page.Line($"  its output is {report.OutputGone}");
            }
        }

        return ExitCodes.Success;
    }
}
