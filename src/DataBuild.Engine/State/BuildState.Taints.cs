using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private readonly Dictionary<string, TaintFacts> taints = new(StringComparer.Ordinal);

    /// <summary>Taints that at least one live instance carries.</summary>
    public IEnumerable<TaintFacts> Taints => taints.Values.OrderBy(taint => taint.Offset);

    private void Apply(TaintCreateEventV1 create, in Applying context)
    {
        Require(create.TaintId.Length > 0, "a-taint-has-an-id", "a taint without an id is made");
        Require(!taints.ContainsKey(create.TaintId), "a-taint-is-made-once", $"taint {create.TaintId} was made before");
        Require(Graph is not null, "a-taint-has-a-graph", $"taint {create.TaintId} is made before a graph is registered");
        var marked = LiveRefsOf(create.Partitions, "a-taint-names-partitions", $"taint {create.TaintId}").ToHashSet();
        if (create.Downstream)
        {
            AddDownstream(marked);
        }

        Require(marked.Count > 0, "a-taint-marks-something", $"taint {create.TaintId} marks no live instance");
        taints.Add(create.TaintId, new TaintFacts(create, context.Offset, marked));
        foreach (int id in marked)
        {
            FactsOf(id).Flags |= RefFlags.Tainted;
            context.Change.Refs.Add(id);
        }
    }

    private void Apply(TaintCancelEventV1 cancel, in Applying context)
    {
        Require(
            taints.TryGetValue(cancel.TaintId, out var taint),
            "only-a-taint-in-force-is-lifted",
            $"taint {cancel.TaintId} is not in force");
        var lifted = taint!.Refs.ToList();
        if (cancel.Partitions is not null)
        {
            Require(Graph is not null, "a-taint-has-a-graph", $"taint {cancel.TaintId} is lifted before a graph is registered");
            lifted = [.. LiveRefsOf(cancel.Partitions, "a-taint-names-partitions", $"taint {cancel.TaintId}").Where(taint.Refs.Contains)];
            Require(lifted.Count > 0, "a-taint-is-lifted-from-something", $"taint {cancel.TaintId} marks none of the refs it is lifted from");
        }

        taint.Refs.ExceptWith(lifted);
        if (taint.Refs.Count == 0)
        {
            taints.Remove(cancel.TaintId);
        }

        foreach (int id in lifted)
        {
            Unmark(id);
            context.Change.Refs.Add(id);
        }
    }

    /// <summary>Adds all live refs that were made from these, as their recorded reads tell, through any number of hops.</summary>
    public void AddDownstream(HashSet<int> ids)
    {
        var readers = new Dictionary<int, List<int>>();
        for (int id = 0; id < Refs.Count; id++)
        {
            if (this[id] is { IsLive: true, IsSource: false, Reads: { } reads })
            {
                foreach (var read in reads)
                {
                    if (!readers.TryGetValue(read.Ref, out var of))
                    {
                        readers.Add(read.Ref, of = []);
                    }

                    of.Add(id);
                }
            }
        }

        var left = new Stack<int>(ids);
        while (left.TryPop(out int id))
        {
            foreach (int reader in readers.GetValueOrDefault(id) ?? [])
            {
                if (ids.Add(reader))
                {
                    left.Push(reader);
                }
            }
        }
    }

    /// <summary>The taints of a ref's live instance.</summary>
    public IEnumerable<TaintFacts> TaintsOf(int id) => this[id].IsTainted ? Taints.Where(taint => taint.Refs.Contains(id)) : [];

    /// <summary>A new instance carries none of the old one's taints.</summary>
    private void ForgetTaints(int id)
    {
        foreach (var taint in taints.Values.Where(taint => taint.Refs.Contains(id)).ToList())
        {
            taint.Refs.Remove(id);
            if (taint.Refs.Count == 0)
            {
                taints.Remove(taint.Taint.TaintId);
            }
        }
    }

    private void Unmark(int id)
    {
        if (!taints.Values.Any(taint => taint.Refs.Contains(id)))
        {
            FactsOf(id).Flags &= ~RefFlags.Tainted;
        }
    }

    /// <summary>Live partitions of a set; looks at what was touched or at the set, whichever is smaller.</summary>
    public IEnumerable<int> LiveRefsOf(PartitionSet set)
    {
        if (set.Count <= Refs.Count)
        {
            foreach (string @ref in set.Enumerate())
            {
                if (Refs.TryGet(@ref, out int id) && this[id] is { IsLive: true, IsSource: false })
                {
                    yield return id;
                }
            }
        }
        else
        {
            for (int id = 0; id < Refs.Count; id++)
            {
                if (this[id] is { IsLive: true, IsSource: false } && set.Contains(Refs[id]))
                {
                    yield return id;
                }
            }
        }
    }
}
