using DataBuild.Engine.Graph;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Which partitions a listing is about, in its order: the refs of sets, which are made when asked for, as the sets give them; then
/// other refs that the log knows something of, by family and name. Memory grows with what events are about, not with the sets.
/// </summary>
internal sealed class PartitionScope
{
    private readonly BuildState state;
    private readonly GraphLookup graph;
    private readonly RefSelector? globs;
    private readonly string? job;
    private readonly bool onlySets;

    /// <param name="state">The fold.</param>
    /// <param name="texts">Sets, names and globs; everything that is wanted or known where empty.</param>
    /// <param name="job">Only what this job makes; null for all.</param>
    public PartitionScope(BuildState state, IReadOnlyCollection<string> texts, string? job)
    {
        this.state = state;
        graph = state.Graph!;
        this.job = job;
        var sets = texts.Where(text => RefChoice.IsSet(text) || !RefGlob.IsGlob(text)).ToList();
        Asked = PartitionSet.Parse(sets, graph, Today);
        globs = texts.Count > sets.Count ? new RefSelector(texts.Except(sets, StringComparer.Ordinal)) : null;
        onlySets = sets.Count > 0 && globs is null;
        var wanted = state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null }).SelectMany(want => want.Want.Partitions.Expressions);
        Wanted = onlySets ? null : PartitionSet.Parse(wanted, graph, today: null);
    }

    /// <summary>What was named by sets and names.</summary>
    private PartitionSet Asked { get; }

    /// <summary>What is wanted; null where only sets were asked for.</summary>
    private PartitionSet? Wanted { get; }

    /// <summary>A set is as of the log's last event, like every answer.</summary>
    private DateTime Today => TimeZoneInfo.ConvertTime(state.Time, Zones.Of(graph)).Date;

    /// <summary>Refs that the log knows something of, in order.</summary>
    public List<string> Touched()
    {
        var found = new List<(int Family, string Ref)>();
        for (int id = 0; id < state.Refs.Count; id++)
        {
            if (WantCounter.IsTouched(state, id) && Has(state.Refs[id]))
            {
                found.Add((graph.Find(state.Refs[id])?.Index ?? int.MaxValue, state.Refs[id]));
            }
        }

        found.Sort(static (a, b) => a.Family != b.Family ? a.Family.CompareTo(b.Family) : string.CompareOrdinal(a.Ref, b.Ref));
        return found.ConvertAll(static item => item.Ref);
    }

    /// <summary>All refs in the listing's order, each once.</summary>
    public IEnumerable<string> All() => Sets().Concat(Touched().Where(@ref => !IsInSets(@ref)));

    /// <summary>The refs of sets alone.</summary>
    public IEnumerable<string> Sets() => Asked.Enumerate().Where(IsOfJob)
        .Concat((Wanted?.Enumerate() ?? []).Where(@ref => IsOfJob(@ref) && PassesGlobs(@ref) && !Asked.Contains(@ref)));

    public bool IsInSets(string @ref) => Asked.Contains(@ref) || (Wanted?.Contains(@ref) == true && PassesGlobs(@ref));

    /// <summary>How many refs of each family the sets have, without listing them; null where globs choose among them.</summary>
    public Dictionary<Family, long>? CountsByFamily()
    {
        if (globs is not null)
        {
            return null;
        }

        var counts = (onlySets ? Asked : Wanted!).CountsByFamily();
        return counts.Where(pair => job is null || pair.Key.Job?.Label == job).ToDictionary(pair => pair.Key, pair => pair.Value);
    }

    private bool Has(string @ref)
    {
        if (!IsOfJob(@ref))
        {
            return false;
        }

        // Sources are no partitions; they are listed where somebody names them.
        return Asked.Contains(@ref) || (!onlySets && PassesGlobs(@ref) && (globs is not null || graph.Find(@ref) is not { IsSource: true }));
    }

    private bool PassesGlobs(string @ref) => globs is null || globs.Has(@ref);

    private bool IsOfJob(string @ref) => job is null || graph.Find(@ref)?.Job?.Label == job;
}
