using System.Globalization;
using System.Text;
using DataBuild.Cli.Output;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs;

/// <summary>A graph as Mermaid: declared needs solid, what runs were found to read dotted.</summary>
internal static class GraphMermaid
{
    public static void Write(Page page, GraphReport report)
    {
        var ids = report.Nodes.Select((node, i) => (node.Name, Id: string.Create(CultureInfo.InvariantCulture, $"n{i}"))).ToDictionary(pair => pair.Name, pair => pair.Id, StringComparer.Ordinal);
        page.Line("flowchart LR");
        int jobs = 0;
        foreach (var job in report.Nodes.Where(node => node.Job.Length > 0).GroupBy(node => node.Job, StringComparer.Ordinal))
        {
            page.Line($"  subgraph j{Say.Plain(jobs++)}[{Quoted(job.Key)}]");
            foreach (var node in job)
            {
                page.Line($"    {ids[node.Name]}[{Quoted(node.Name)}]");
            }

            page.Line("  end");
        }

        foreach (var node in report.Nodes.Where(node => node.Job.Length == 0))
        {
            page.Line($"  {ids[node.Name]}[/{Quoted(node.Name)}/]");
        }

        foreach (var edge in report.Edges)
        {
            string label = edge.Reads > 1 ? $"|{Quoted(Say.Number(edge.Reads))}|" : "";
            page.Line($"  {ids[edge.From]} {(edge.Declared ? "-->" : "-.->")}{label} {ids[edge.To]}");
        }

        if (report.Ref.Length > 0)
        {
            page.Line($"  style {ids[report.Ref]} stroke-width:3px");
        }

        if (report.LeftOff > 0)
        {
            page.Line($"  %% {Say.Number(report.LeftOff)} more were left off");
        }
    }

    /// <summary>Anything but letters, digits and what means nothing to Mermaid is written as its code point.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune) || rune.Value is '/' or '-' or '_' or '.' or '{' or '}' or ':' or ',' or ' ' or '=')
            {
                quoted.Append(rune.ToString());
            }
            else
            {
                quoted.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
            }
        }

        return quoted.Append('"').ToString();
    }
}
