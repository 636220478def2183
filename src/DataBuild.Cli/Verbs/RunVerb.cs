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

    /// <summary>Of each list.</summary>
    public int Elements => full ? int.MaxValue : json ? MostElementsInJson : MostElements;

    /// <summary>Of each stream.</summary>
    public long Bytes => full ? long.MaxValue : TailBytes;

    public int Run(LogPlace place, string written)
    {
        using var view = LogView.Open(place);
        return Show(new RunQuery(view, written).Answer(Elements, Bytes));
    }

    public int Show(RunDetails report)
    {
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
        using (var follower = new RunFollower(view, id, query.OutputFolder))
        {
            Show(follower.Follow(query.QueuedAt, stop).Select(piece => new RunOutput { Path = piece.Path, Bytes = piece.Position, Text = piece.Text }));
        }

        if (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }

        return End(new RunQuery(view, id).Answer(MostElementsInJson, outputBytes: 0));
    }

    /// <summary>What it writes, piece by piece.</summary>
    public void Show(IEnumerable<RunOutput> pieces)
    {
        using var page = json ? Page.Plain() : Page.Stdout();
        foreach (var piece in pieces)
        {
            if (json)
            {
                page.Line(Json.Line(piece));
            }
            else
            {
                page.Text(piece.Text);
            }

            page.Flush();
        }
    }

    /// <summary>How it ended.</summary>
    public int End(RunDetails report)
    {
        string id = report.Run.RunId;
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
