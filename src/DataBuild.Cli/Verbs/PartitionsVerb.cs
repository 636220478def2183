using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>`partitions`: counts a family, and the partitions one by one.</summary>
internal sealed class PartitionsVerb(bool json, bool full, int? limit, string? after)
{
    private const int MostRows = 20;

    public long Limit => full ? long.MaxValue : limit ?? (json ? PartitionsQuery.LargestPage : MostRows);

    public int Run(LogPlace place, string[] texts, string? job, RefState[] states)
    {
        using var view = LogView.Open(place);
        var query = new PartitionsQuery(view, texts, job, states);
        var families = after is null ? query.Families().ToList() : [];
        return Show(query.Pages(after, Limit).Select(report =>
        {
            report.Families.AddRange(families);
            families.Clear();
            return report;
        }));
    }

    /// <summary>Pages of the listing, made while they are shown; the first one has the families.</summary>
    public int Show(IEnumerable<PartitionsReport> pages)
    {
        using var page = json ? Page.Plain() : Page.Stdout();
        bool isFirst = true;
        foreach (var report in pages)
        {
            if (json)
            {
                page.Line(Json.Line(report));
                continue;
            }

            if (report.Families.Count > 0)
            {
                page.Table(["family", "job", "partitions"], [.. report.Families.Select(Row)]);
                page.Line();
            }

            Show(page, report, isFirst);
            isFirst = false;
        }

        return ExitCodes.Success;
    }

    private void Show(Page page, PartitionsReport report, bool isFirst)
    {
        var rows = report.Partitions.Select(Row).ToList();
        if (isFirst && rows.Count > 0)
        {
            page.Table(["partition", "state", "published", "size", "run", "job, why"], rows);
        }
        else if (isFirst)
        {
            page.Line(new Word("no partition is like that", Tone.Dim));
        }
        else
        {
            page.Table(rows, indent: "");
        }

        if (report.Next.Length > 0 && !full)
        {
            page.Line(new Word($"more: --after '{report.Next}', --limit N or --full", Tone.Dim));
        }
    }

    private static Word[] Row(FamilyCounts family) =>
    [
        family.Pattern.Length > 0 ? family.Pattern : "(no longer in the graph)",
        family.Job,
        $"{Number(family.Refs.Live)} of {Number(family.Total)} live{Rest(family.Refs)}",
    ];

    private static Word[] Row(PartitionStatus partition) =>
    [
        partition.Ref,
        new(Name(partition.State), ToneOf(partition.State)),
        new(TimeOrNothing(partition.Published), Tone.Dim),
        partition.PublishedAt > 0 ? Bytes((long)partition.Size) : "",
        Short(partition.RunId),
        Why(partition),
    ];

    /// <summary>That a live one is up to date goes without saying.</summary>
    private static string Why(PartitionStatus partition) =>
        partition.State == RefState.Live && partition.Text == PartitionsQuery.UpToDate ? partition.Job : partition.Job.Length > 0 ? $"{partition.Job}, {partition.Text}" : partition.Text;
}
