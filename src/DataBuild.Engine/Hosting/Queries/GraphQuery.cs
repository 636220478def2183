using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>The graph of families: what the project declares, and what runs were found to read beside that.</summary>
public sealed class GraphQuery
{
    private readonly BuildState state;
    private readonly GraphLookup graph;
    private readonly Dictionary<(string From, string To), GraphEdge> edges = [];
    private readonly long[] live;

    public GraphQuery(LogView view)
    {
        state = view.Load();
        graph = state.Graph ?? throw new DataBuildException(Rules.NoGraphYet, $"no graph is registered in '{view.Place.Show(view.Place.Log)}' yet; build first");
        live = new long[graph.Families.Count];
    }

    /// <param name="job">Only families of this job, and what they read and what reads them; null for all.</param>
    public GraphReport Answer(string? job)
    {
        if (job is not null && graph.FindJob(job) is null)
        {
            throw new DataBuildException(Rules.NoSuchJob, $"the graph in force has no job '{job}'; it has {string.Join(", ", graph.Jobs.Select(known => known.Label))}");
        }

        Declared();
        Discovered();
        var report = new GraphReport { Graph = graph.Name, Offset = state.Offset };
        var ofJob = graph.Families.Where(family => job is null || family.Job?.Label == job).Select(family => family.Pattern.Text).ToHashSet(StringComparer.Ordinal);
        var kept = edges.Values.Where(edge => ofJob.Contains(edge.From) || ofJob.Contains(edge.To)).ToList();
        var names = kept.SelectMany(edge => new[] { edge.From, edge.To }).Concat(ofJob).ToHashSet(StringComparer.Ordinal);
        report.Nodes.AddRange(graph.Families.Where(family => names.Contains(family.Pattern.Text)).Select(family => new GraphNode
        {
            Name = family.Pattern.Text,
            Job = family.Job?.Label ?? "",
            IsSource = family.IsSource,
            Live = live[family.Index],
        }));
        report.Edges.AddRange(kept.OrderBy(edge => IndexOf(edge.From)).ThenBy(edge => IndexOf(edge.To)));
        return report;
    }

    /// <summary>
    /// A need is written in terms of the pattern's placeholders; which family it leads to is a matter of form: what is in braces is
    /// taken for any value that a family may have there.
    /// </summary>
    private void Declared()
    {
        foreach (var partition in graph.Document.Partitions)
        {
            foreach (string need in partition.Needs.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var family in graph.Candidates(Expression.Parse(need)))
                {
                    Edge(family.Pattern.Text, partition.Pattern).Declared = true;
                }
            }
        }
    }

    /// <summary>Reads are shared between the refs of a batch: those of one array are looked up once.</summary>
    private void Discovered()
    {
        var byReads = new Dictionary<ReadFact[], List<Family>>(ReferenceEqualityComparer.Instance);
        for (int id = 0; id < state.Refs.Count; id++)
        {
            if (state[id] is not { IsLive: true } facts || graph.Find(state.Refs[id]) is not { } family)
            {
                continue;
            }

            live[family.Index]++;
            if (facts.IsSource || facts.Reads is not { Length: > 0 } reads)
            {
                continue;
            }

            if (!byReads.TryGetValue(reads, out var from))
            {
                byReads.Add(reads, from = [.. reads.Select(read => graph.Find(state.Refs[read.Ref])).OfType<Family>()]);
            }

            foreach (var read in from)
            {
                Edge(read.Pattern.Text, family.Pattern.Text).Reads++;
            }
        }
    }

    private GraphEdge Edge(string from, string to)
    {
        if (!edges.TryGetValue((from, to), out var edge))
        {
            edges.Add((from, to), edge = new GraphEdge { From = from, To = to });
        }

        return edge;
    }

    private int IndexOf(string pattern) => graph.Families.First(family => family.Pattern.Text == pattern).Index;
}
