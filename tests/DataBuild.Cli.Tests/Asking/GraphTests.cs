using System.Text.RegularExpressions;
using DataBuild.V1;

namespace DataBuild.Cli.Tests.Asking;

public sealed partial class GraphTests
{
    [Fact]
    public void Families_are_told_with_what_they_need_and_what_their_runs_read()
    {
        using var project = Discovering();
        var graph = project.Ask("graph", "--json").Succeeded().As<GraphReport>();
        Assert.Equal(["raw/{n:int}", "sum/{n:int}", "in/{n:int}"], graph.Nodes.Select(node => node.Name));
        Assert.Equal([false, false, true], graph.Nodes.Select(node => node.IsSource));
        Assert.Equal(
            [("raw/{n:int}", "sum/{n:int}", false, 2L), ("in/{n:int}", "raw/{n:int}", true, 2L)],
            graph.Edges.Select(edge => (edge.From, edge.To, edge.Declared, edge.Reads)));
        string text = project.Ask("graph").Succeeded().Out;
        Assert.Contains("<-- needs in/{n:int}", text, StringComparison.Ordinal);
        Assert.Contains("<.. reads raw/{n:int}  2 reads", text, StringComparison.Ordinal);
        Assert.Equal(["raw/{n:int}", "sum/{n:int}"], project.Ask("graph", "--json", "--job", "sum").Succeeded().As<GraphReport>().Nodes.Select(node => node.Name));
        project.Ask("graph", "--job", "smu").Failed(2, "DBLD2117", "smu");
        project.Ask("graph", "--format", "png").Failed(2, "DBLD2101", "png");
    }

    [Fact]
    public void A_refs_lineage_goes_both_ways_as_far_as_asked()
    {
        using var project = Discovering();
        var graph = project.Ask("graph", "raw/1", "--json").Succeeded().As<GraphReport>();
        Assert.Equal([("raw/1", 0), ("in/1", -1), ("sum/1", 1)], graph.Nodes.Select(node => (node.Name, node.Depth)));
        Assert.Equal([("in/1", "raw/1", true), ("raw/1", "sum/1", false)], graph.Edges.Select(edge => (edge.From, edge.To, edge.Declared)));
        Assert.Equal(["sum/1", "raw/1"], project.Ask("graph", "sum/1", "--json", "--depth", "1").Succeeded().As<GraphReport>().Nodes.Select(node => node.Name));
        var cut = project.Ask("graph", "sum/1", "--json", "--limit", "2").Succeeded().As<GraphReport>();
        Assert.Equal((2, 1L), (cut.Nodes.Count, cut.LeftOff));
        Assert.Contains("and 1 more", project.Ask("graph", "sum/1", "--limit", "2").Succeeded().Out, StringComparison.Ordinal);
        project.Ask("graph", "smu/1").Failed(2, "DBLD2103", "smu/1");
    }

    [Fact]
    public void Dot_and_mermaid_are_well_formed_and_tell_needs_from_discovered_reads()
    {
        using var project = Discovering();
        string dot = project.Ask("graph", "--format", "dot").Succeeded().Out;
        Assert.StartsWith("digraph \"p\" {\n", dot, StringComparison.Ordinal);
        Assert.Contains("  \"in/{n:int}\" -> \"raw/{n:int}\" [label=\"2\"];\n", dot, StringComparison.Ordinal);
        Assert.Contains("  \"raw/{n:int}\" -> \"sum/{n:int}\" [style=dashed, label=\"2\"];\n", dot, StringComparison.Ordinal);
        Assert.Equal(dot.Count(c => c == '{'), dot.Count(c => c == '}'));
        Assert.EndsWith("}\n", dot, StringComparison.Ordinal);

        string[] mermaid = project.Ask("graph", "--format", "mermaid").Succeeded().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("flowchart LR", mermaid[0]);
        Assert.All(mermaid.Skip(1), line => Assert.Matches(MermaidLine(), line));
        Assert.Contains("  n2 -->|\"2\"| n0", mermaid);
        Assert.Contains("  n0 -.->|\"2\"| n1", mermaid);
    }

    /// <summary>Sums that say only when they run which raw data they read.</summary>
    private static Project Discovering()
    {
        var project = new Project().Job("raw").Job("sum")
            .Source("in/{n:int}", "in/{n}.txt").Partition("raw/{n:int}", "raw", "in/{n}").Partition("sum/{n:int}", "sum").Want("sum/{1..2}");
        Directory.CreateDirectory(Path.Combine(project.Folder, "in"));
        File.WriteAllText(Path.Combine(project.Folder, "in", "1.txt"), "1");
        File.WriteAllText(Path.Combine(project.Folder, "in", "2.txt"), "2");
        File.WriteAllText(Path.Combine(project.Folder, "sum.sh"), """
            for ref in "$@"; do
              need="raw/${ref#sum/}"
              if [ ! -e "$DATABUILD_DATA_ROOT/$need" ]; then printf '{"for":["%s"],"missingDeps":{"refs":["%s"]}}\n' "$ref" "$need" >> "$DATABUILD_MESSAGES_FILE"; continue; fi
              printf '{"for":["%s"],"readDeps":{"refs":["%s"]}}\n' "$ref" "$need" >> "$DATABUILD_MESSAGES_FILE"
              mkdir -p "$DATABUILD_OUTPUT_ROOT/sum"
              echo "sum" > "$DATABUILD_OUTPUT_ROOT/$ref"
            done
            """);
        project.Graph.Jobs[1].Command = "sh sum.sh";
        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
        return project;
    }

    [GeneratedRegex("""^(  subgraph j\d+\["[^"]+"\]|    n\d+\["[^"]+"\]|  end|  n\d+\[/"[^"]+"/\]|  n\d+ (-->|-\.->)(\|"[^"]+"\|)? n\d+)$""")]
    private static partial Regex MermaidLine();
}
