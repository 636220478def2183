using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Who depends on one ref: what needs it, read it or reported it missing, through any number of hops, and the wants at the end of
/// these chains.
/// </summary>
internal sealed class Requesters
{
    /// <summary>Refs that no event is about are found by walking down from the wants, at most this many of them.</summary>
    private const int MostWalked = 200_000;

    private readonly BuildState state;
    private readonly string asked;
    private readonly List<WantFacts> wants;
    private readonly Dictionary<string, List<string>> dependents = new(StringComparer.Ordinal);
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<string> left = new();
    private readonly Dictionary<string, string> next = new(StringComparer.Ordinal);
    private readonly List<string> nearestFirst = [];

    public Requesters(BuildState state, string asked)
    {
        this.state = state;
        this.asked = asked;
        wants = [.. state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null })];
        WalkFromWhatIsKnown();
        wants.ForEach(WalkFrom);
        Climb();
        foreach (var want in wants)
        {
            if (nearestFirst.Find(want.Set!.Contains) is { } wanted)
            {
                var requester = new Requester { WantId = want.Id, Partitions = string.Join("; ", want.Want.Partitions.Expressions), Source = want.Want.Source };
                requester.Chain.AddRange(ChainFrom(wanted));
                Found.Add(requester);
            }
        }
    }

    public List<Requester> Found { get; } = [];

    /// <summary>There were too many wanted refs to look at all that they need.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Refs that need, read or missed the asked one themselves.</summary>
    public List<string> Direct => [.. (dependents.GetValueOrDefault(asked) ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>What the decider has to look at so that the asked ref is demanded as it is in a build, the nearest first.</summary>
    public IEnumerable<string> Demanding => nearestFirst.Where(@ref => wants.Exists(want => want.Set!.Contains(@ref)));

    private void WalkFromWhatIsKnown()
    {
        int count = state.Refs.Count;
        for (int id = 0; id < count; id++)
        {
            Enter(state.Refs[id]);
        }

        Walk(int.MaxValue);
    }

    private void WalkFrom(WantFacts want)
    {
        // A ref that no event is about and whose family needs nothing leads nowhere.
        if (!want.Set!.Families.Any(family => family.HasNeeds))
        {
            return;
        }

        int most = seen.Count + MostWalked;
        foreach (string wanted in want.Set.Enumerate())
        {
            Enter(wanted);
            Walk(most);
            if (seen.Count >= most)
            {
                IsCut = true;
                return;
            }
        }
    }

    private void Enter(string @ref)
    {
        if (seen.Add(@ref))
        {
            left.Enqueue(@ref);
        }
    }

    /// <summary>Notes for each ref that was entered what it depends on, and enters that.</summary>
    private void Walk(int most)
    {
        while (seen.Count < most && left.TryDequeue(out string? at))
        {
            foreach (string input in InputsOf(at))
            {
                if (!dependents.TryGetValue(input, out var list))
                {
                    dependents.Add(input, list = []);
                }

                list.Add(at);
                Enter(input);
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

    /// <summary>Breadth first from the asked ref to all that depend on it: the first way found is a shortest one.</summary>
    private void Climb()
    {
        next.Add(asked, asked);
        nearestFirst.Add(asked);
        for (int i = 0; i < nearestFirst.Count; i++)
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
