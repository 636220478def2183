using DataBuild.Cli.Output;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs;

/// <summary>A graph for Graphviz: families of a job in a box, sources as notes; declared needs solid, what runs were found to read dashed.</summary>
internal static class GraphDot
{
    public static void Write(Page page, GraphReport report)
    {
        page.Line($"digraph {Quoted(report.Graph)} {{");
        page.Line("  rankdir=LR;");
        page.Line("  node [shape=box, style=rounded, fontname=\"sans-serif\"];");
        page.Line("  edge [fontname=\"sans-serif\", fontsize=10];");
        var jobs = report.Nodes.Where(node => node.Job.Length > 0).GroupBy(node => node.Job, StringComparer.Ordinal).ToList();
        for (int i = 0; i < jobs.Count; i++)
        {
            page.Line($"  subgraph cluster_{Say.Plain(i)} {{");
            page.Line($"    label={Quoted(jobs[i].Key)}; color=grey; fontname=\"sans-serif\";");
            foreach (var node in jobs[i])
            {
                page.Line($"    {Quoted(node.Name)}{(node.Name == report.Ref ? " [style=\"rounded,bold\"]" : "")};");
            }

            page.Line("  }");
        }

        foreach (var node in report.Nodes.Where(node => node.Job.Length == 0))
        {
            page.Line($"  {Quoted(node.Name)} [shape=note, style=solid];");
        }

        foreach (var edge in report.Edges)
        {
            string label = edge.Reads > 1 ? $"label={Quoted(Say.Number(edge.Reads))}" : "";
            string style = edge.Declared ? "" : "style=dashed";
            string attributes = string.Join(", ", new[] { style, label }.Where(text => text.Length > 0));
            page.Line($"  {Quoted(edge.From)} -> {Quoted(edge.To)}{(attributes.Length > 0 ? $" [{attributes}]" : "")};");
        }

        if (report.LeftOff > 0)
        {
            page.Line($"  label={Quoted($"{Say.Number(report.LeftOff)} more were left off")};");
        }

        page.Line("}");
    }

    /// <summary>A quote is all that ends a string of DOT; a backslash begins an escape, and no ref holds one.</summary>
    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
