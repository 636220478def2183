using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// What one ref was made from and what was made from it, by what runs recorded; of a ref that was never built, what it needs by
/// declaration. Breadth first, so that what is near is there where not all can be.
/// </summary>
public sealed class LineageQuery
{
    private readonly BuildState state;
    private readonly GraphLookup graph;
    private readonly string asked;
    private readonly int mostNodes;
    private readonly GraphReport report;
    private readonly Dictionary<string, int> depths = new(StringComparer.Ordinal);

    /// <param name="view">The log.</param>
    /// <param name="ref">The ref in the middle.</param>
    /// <param name="mostNodes">At most so many refs.</param>
    public LineageQuery(LogView view, string @ref, int mostNodes)
    {
        asked = @ref;
        this.mostNodes = mostNodes;
        state = view.Load();
        graph = state.Graph ?? throw new DataBuildException(Rules.NoGraphYet, $"no graph is registered in '{view.Place.Show(view.Place.Log)}' yet, so nothing is known of '{@ref}'; build first");
        if (graph.Find(@ref) is null && !(state.Refs.TryGet(@ref, out int id) && state[id].Flags != RefFlags.None))
        {
            throw new DataBuildException(Rules.UnknownRef, graph.NoProducerText(@ref, "asked about here"));
        }

        report = new GraphReport { Graph = graph.Name, Offset = state.Offset, Ref = @ref };
    }

    /// <param name="depth">How many hops up and down.</param>
    public GraphReport Answer(int depth)
    {
        Enter(asked, 0);
        var readers = Readers();
        Walk(depth, -1, InputsOf, (at, other, declared) => Edge(other, at, declared));
        Walk(depth, 1, @ref => readers(@ref).Select(reader => (reader, false)), (at, other, declared) => Edge(at, other, declared));
        return report;
    }

    private void Walk(int depth, int step, Func<string, IEnumerable<(string Ref, bool Declared)>> next, Action<string, string, bool> edge)
    {
        var level = new List<string> { asked };
        var seen = new HashSet<string>(level, StringComparer.Ordinal);
        for (int hop = 1; hop <= depth && level.Count > 0; hop++)
        {
            var further = new List<string>();
            foreach (string at in level)
            {
                foreach (var (other, declared) in next(at))
                {
                    if (Enter(other, hop * step))
                    {
                        edge(at, other, declared);
                        if (seen.Add(other))
                        {
                            further.Add(other);
                        }
                    }
                }
            }

            level = further;
        }
    }

    /// <summary>False if there is no room for it.</summary>
    private bool Enter(string @ref, int depth)
    {
        if (depths.ContainsKey(@ref))
        {
            return true;
        }

        if (depths.Count >= mostNodes)
        {
            report.LeftOff++;
            return false;
        }

        depths.Add(@ref, depth);
        var facts = state.Refs.TryGet(@ref, out int id) ? state[id] : default;
        var family = graph.Find(@ref);
        report.Nodes.Add(new GraphNode
        {
            Name = @ref,
            Job = family?.Job?.Label ?? "",
            IsSource = family?.IsSource ?? facts.IsSource,
            State = facts switch
            {
                { IsTainted: true } => "tainted",
                { IsChanged: true } => "changed",
                { IsLive: true } => "live",
                { IsLost: true } => "lost",
                { IsExpired: true } => "expired",
                _ => "absent",
            },
            Depth = depth,
        });
        return true;
    }

    private void Edge(string from, string to, bool declared) =>
        report.Edges.Add(new GraphEdge { From = from, To = to, Declared = declared || IsNeed(from, to), Reads = declared ? 0 : 1 });

    private bool IsNeed(string from, string to) => graph.Find(to) is { IsSource: false, HasNeeds: true } family && family.Needs(to).Contains(from, StringComparer.Ordinal);

    private IEnumerable<(string Ref, bool Declared)> InputsOf(string @ref)
    {
        if (state.Refs.TryGet(@ref, out int id) && state[id].Reads is { Length: > 0 } reads)
        {
            return reads.Select(read => state.Refs[read.Ref]).Distinct(StringComparer.Ordinal).Select(read => (read, false));
        }

        return graph.Find(@ref) is { IsSource: false } family ? family.Needs(@ref).Select(need => (need, true)) : [];
    }

    /// <summary>Who read what, turned round once.</summary>
    private Func<string, IEnumerable<string>> Readers()
    {
        var readers = new Dictionary<int, List<int>>();
        for (int id = 0; id < state.Refs.Count; id++)
        {
            foreach (int read in (state[id].Reads ?? []).Select(read => read.Ref).Distinct())
            {
                if (!readers.TryGetValue(read, out var list))
                {
                    readers.Add(read, list = []);
                }

                list.Add(id);
            }
        }

        return @ref => state.Refs.TryGet(@ref, out int id) ? (readers.GetValueOrDefault(id) ?? []).Select(reader => state.Refs[reader]).Order(StringComparer.Ordinal) : [];
    }
}
