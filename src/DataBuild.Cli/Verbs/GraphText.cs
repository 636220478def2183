using DataBuild.Cli.Output;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>A graph for people: each family with what it reads, or a ref between what it was made from and what was made from it.</summary>
internal static class GraphText
{
    public static void Write(Page page, GraphReport report)
    {
        if (report.Ref.Length > 0)
        {
            Lineage(page, report);
        }
        else
        {
            Families(page, report);
        }
    }

    private static void Families(Page page, GraphReport report)
    {
        var reads = report.Edges.ToLookup(edge => edge.To, StringComparer.Ordinal);
        foreach (var job in report.Nodes.Where(node => !node.IsSource).GroupBy(node => node.Job, StringComparer.Ordinal))
        {
            page.Line(new Word(job.Key, Tone.Heading));
            foreach (var node in job)
            {
                page.Line($"  {node.Name}", new Word($"  {Number(node.Live)} live", Tone.Dim));
                foreach (var edge in reads[node.Name])
                {
                    page.Line($"    {(edge.Declared ? "<-- needs " : "<.. reads ")}{edge.From}", new Word(edge.Reads > 0 ? $"  {Count(edge.Reads, "read")}" : "", Tone.Dim));
                }
            }
        }

        var sources = report.Nodes.Where(node => node.IsSource).ToList();
        if (sources.Count > 0)
        {
            page.Line(new Word("sources", Tone.Heading));
            sources.ForEach(source => page.Line($"  {source.Name}"));
        }
    }

    /// <summary>By distance: far inputs first, far readers last, each with what it reads of what is shown.</summary>
    private static void Lineage(Page page, GraphReport report)
    {
        foreach (var level in report.Nodes.GroupBy(node => node.Depth).OrderBy(level => level.Key))
        {
            page.Line(new Word(level.Key switch
            {
                0 => "the partition itself",
                < 0 => $"made from, {Count(-level.Key, "hop")} up",
                _ => $"made of it, {Count(level.Key, "hop")} down",
            }, Tone.Dim));
            page.Table([.. level.Select(node => new Word[]
            {
                level.Key == 0 ? new Word(node.Name, Tone.Heading) : node.Name,
                new(node.State, node.State switch { "live" => Tone.Good, "lost" or "tainted" or "changed" => Tone.Warning, _ => Tone.Plain }),
                node.IsSource ? "source" : node.Job,
            })]);
        }

        if (report.LeftOff > 0)
        {
            page.Line(new Word($"and {Number(report.LeftOff)} more; --limit N shows more", Tone.Dim));
        }
    }
}
