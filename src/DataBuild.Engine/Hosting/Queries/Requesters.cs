using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Who depends on one ref: what the log knows to need it, to read it or to have missed it, through any number of hops, and the wants
/// at the end of these chains.
/// </summary>
internal sealed class Requesters
{
    private const int MostDependents = 100_000;

    /// <summary>Refs of which nothing is known yet are walked through from the wants down, at most this many.</summary>
    private const int MostWalked = 200_000;

    private readonly BuildState state;
    private readonly Dictionary<string, string> next = new(StringComparer.Ordinal);
    private readonly List<string> nearestFirst = [];
    private readonly string asked;
    private int walked;

    public Requesters(BuildState state, string asked)
    {
        this.state = state;
        this.asked = asked;
        Climb();
        foreach (var want in state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null }))
        {
            if ((Nearest(want) ?? Walk(want)) is { } wanted)
            {
                var requester = new Requester { WantId = want.Id, Partitions = string.Join("; ", want.Want.Partitions.Expressions), Source = want.Want.Source };
                requester.Chain.AddRange(ChainFrom(wanted));
                Found.Add(requester);
            }
        }
    }

    public List<Requester> Found { get; } = [];

    /// <summary>Refs that need, read or missed the asked one themselves.</summary>
    public List<string> Direct => [.. next.Where(pair => pair.Value == asked && pair.Key != asked).Select(pair => pair.Key).Order(StringComparer.Ordinal)];

    /// <summary>What the decider has to look at so that the asked ref is demanded as it is in a build.</summary>
    public IEnumerable<string> Demanding =>
        nearestFirst.Where(@ref => state.Wants.Any(want => want is { IsActive: true, IsChild: false, Set: { } set } && set.Contains(@ref)))
            .Concat(Found.Select(requester => requester.Chain[0]));

    /// <summary>Breadth first from the asked ref to all that depend on it, along what the log knows.</summary>
    private void Climb()
    {
        var dependents = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        int count = state.Refs.Count;
        for (int id = 0; id < count; id++)
        {
            string @ref = state.Refs[id];
            foreach (string input in InputsOf(@ref))
            {
                if (!dependents.TryGetValue(input, out var list))
                {
                    dependents.Add(input, list = []);
                }

                list.Add(@ref);
            }
        }

        next.Add(asked, asked);
        nearestFirst.Add(asked);
        for (int i = 0; i < nearestFirst.Count && nearestFirst.Count < MostDependents; i++)
        {
            foreach (string dependent in dependents.GetValueOrDefault(nearestFirst[i]) ?? [])
            {
                if (next.TryAdd(dependent, nearestFirst[i]))
                {
                    nearestFirst.Add(dependent);
                }
            }
        }
    }

    /// <summary>All that a run of the ref would look at first: declared, remembered and reported missing.</summary>
    private IEnumerable<string> InputsOf(string @ref)
    {
        if (state.Graph!.Find(@ref) is { IsSource: false } family)
        {
            foreach (string need in family.Needs(@ref))
            {
                yield return need;
            }
        }

        if (state.Refs.TryGet(@ref, out int id))
        {
            foreach (var read in state[id].Reads ?? [])
            {
                yield return state.Refs[read.Ref];
            }

            foreach (int missed in state.TroubleOf(id)?.Missed ?? [])
            {
                yield return state.Refs[missed];
            }
        }
    }

    private string? Nearest(WantFacts want) => nearestFirst.Find(want.Set!.Contains);

    /// <summary>From the want's refs down to one that is known to lead to the asked one; null if none does or the walk is too long.</summary>
    private string? Walk(WantFacts want)
    {
        var above = new Dictionary<string, string>(StringComparer.Ordinal);
        var left = new Queue<string>();
        foreach (string wanted in want.Set!.Enumerate())
        {
            if (walked >= MostWalked)
            {
                return null;
            }

            if (above.TryAdd(wanted, ""))
            {
                left.Enqueue(wanted);
            }

            while (left.TryDequeue(out string? at))
            {
                walked++;
                if (next.ContainsKey(at))
                {
                    return Join(at, above);
                }

                foreach (string input in InputsOf(at))
                {
                    if (walked + left.Count < MostWalked && above.TryAdd(input, at))
                    {
                        left.Enqueue(input);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Records the way down as known, and returns its top.</summary>
    private string Join(string at, Dictionary<string, string> above)
    {
        while (above[at] is { Length: > 0 } higher)
        {
            next.TryAdd(higher, at);
            at = higher;
        }

        return at;
    }

    private IEnumerable<string> ChainFrom(string wanted)
    {
        for (string at = wanted; ; at = next[at])
        {
            yield return at;
            if (at == asked)
            {
                yield break;
            }
        }
    }
}
