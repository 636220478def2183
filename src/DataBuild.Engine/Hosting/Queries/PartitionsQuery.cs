using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Partitions one by one, in pages, each with the decider's verdict. A set of a million refs is walked and never held. Refs without
/// any event are evaluated up to a number of them; of more it is said that nothing is known.
/// </summary>
public sealed class PartitionsQuery
{
    public const int LargestPage = 1_000;

    /// <summary>What is said of a partition that nothing is to be said of.</summary>
    public static readonly string UpToDate = Reasons.UpToDate.ToText();

    private static readonly RefState[] statesOfTouched = [RefState.Live, RefState.Stale, RefState.Suspect, RefState.Building];

    private readonly LogView view;
    private readonly BuildState state;
    private readonly GraphLookup graph;
    private readonly PartitionScope scope;
    private readonly IReadOnlyCollection<RefState> states;
    private int untouchedLeft = WantCounter.MostUntouched;

    /// <param name="view">The log.</param>
    /// <param name="texts">Sets, names and globs; everything that is wanted or known where empty.</param>
    /// <param name="job">Only what this job makes; null for all.</param>
    /// <param name="states">Only partitions in one of these states; all where empty.</param>
    public PartitionsQuery(LogView view, IReadOnlyCollection<string> texts, string? job, IReadOnlyCollection<RefState> states)
    {
        this.view = view;
        this.states = states;
        state = view.Load();
        graph = state.Graph ?? throw new DataBuildException(Rules.NoGraphYet, $"no graph is registered in '{view.Place.Show(view.Place.Log)}' yet, so there are no partitions; build first");
        if (job is not null && graph.FindJob(job) is null)
        {
            throw new DataBuildException(Rules.NoSuchJob, $"the graph in force has no job '{job}'; it has {string.Join(", ", graph.Jobs.Select(known => known.Label))}");
        }

        scope = new PartitionScope(state, texts, job);
    }

    /// <summary>How many are in which state, a row a family.</summary>
    public IEnumerable<FamilyCounts> Families()
    {
        var touched = scope.Touched();
        var rows = new SortedDictionary<int, FamilyCounts>();
        var inSets = scope.CountsByFamily();
        long untouched = inSets is null ? 0 : inSets.Values.Sum() - touched.Count(scope.IsInSets);
        bool all = inSets is not null && untouched <= WantCounter.MostUntouched;
        var lookedAt = all ? touched.Concat(scope.Sets().Where(@ref => !IsTouched(@ref))).ToList() : touched;
        foreach (var verdict in view.Judge(state, lookedAt).VerdictsOf(lookedAt))
        {
            var row = RowOf(rows, graph.Find(verdict.Ref));
            row.Total++;
            row.Refs.Untouched += WantCounter.Add(row.Refs, verdict) ? 0 : 1;
        }

        if (inSets is null)
        {
            foreach (string @ref in scope.Sets().Where(@ref => !IsTouched(@ref)))
            {
                var row = RowOf(rows, graph.Find(@ref));
                row.Total++;
                row.Refs.Untouched++;
            }
        }
        else if (!all)
        {
            var seen = touched.Where(scope.IsInSets).GroupBy(@ref => graph.Find(@ref)!).ToDictionary(group => group.Key, group => (long)group.Count());
            foreach (var (family, count) in inSets)
            {
                var row = RowOf(rows, family);
                row.Total += count - seen.GetValueOrDefault(family);
                row.Refs.Untouched += count - seen.GetValueOrDefault(family);
            }
        }

        return rows.Values;
    }

    /// <summary>Pages of the listing, made when asked for, so that memory does not grow with it.</summary>
    /// <param name="after">Go on after this ref; null to begin.</param>
    /// <param name="limit">At most so many partitions in all.</param>
    public IEnumerable<PartitionsReport> Pages(string? after, long limit)
    {
        var page = new PartitionsReport { Offset = state.Offset };
        foreach (var row in Rows(After(after)))
        {
            if (limit-- == 0 || page.Partitions.Count == LargestPage)
            {
                page.Next = page.Partitions[^1].Ref;
                yield return Complete(page);
                if (limit < 0)
                {
                    yield break;
                }

                page = new PartitionsReport { Offset = state.Offset };
            }

            page.Partitions.Add(row);
        }

        yield return Complete(page);
    }

    private IEnumerable<string> After(string? after)
    {
        bool begun = after is null;
        foreach (string @ref in scope.All())
        {
            if (begun)
            {
                yield return @ref;
            }

            begun |= @ref == after;
        }

        if (!begun)
        {
            throw new DataBuildException(Rules.NoSuchPlace, $"--after {after}: this ref is not in the listing that is asked for; ask with the arguments of the page before and its `next`");
        }
    }

    /// <summary>Evaluates in chunks: the decider is made once for many.</summary>
    private IEnumerable<PartitionStatus> Rows(IEnumerable<string> refs)
    {
        bool onlyTouched = states.Count > 0 && states.All(statesOfTouched.Contains);
        var chosen = onlyTouched ? refs.Where(IsTouched) : refs;
        int size = 32;
        var chunk = new List<string>(size);
        foreach (string @ref in chosen)
        {
            chunk.Add(@ref);
            if (chunk.Count == size)
            {
                foreach (var row in Evaluate(chunk))
                {
                    yield return row;
                }

                chunk.Clear();
                size = Math.Min(4 * size, 8_192);
            }
        }

        foreach (var row in Evaluate(chunk))
        {
            yield return row;
        }
    }

    private IEnumerable<PartitionStatus> Evaluate(List<string> chunk)
    {
        var looked = new List<string>(chunk.Count);
        foreach (string @ref in chunk)
        {
            if (IsTouched(@ref) || untouchedLeft-- > 0)
            {
                looked.Add(@ref);
            }
        }

        var verdicts = view.Judge(state, looked).VerdictsOf(looked).ToDictionary(verdict => verdict.Ref, StringComparer.Ordinal);
        foreach (string @ref in chunk)
        {
            var row = verdicts.TryGetValue(@ref, out var verdict)
                ? new PartitionStatus { Ref = @ref, State = verdict.State, Job = verdict.Job, Text = verdict.Reason.ToText() }
                : new PartitionStatus { Ref = @ref, State = RefState.Absent, Job = graph.Find(@ref)?.Job?.Label ?? "", Text = "no event is about it" };
            if (states.Count == 0 || states.Contains(row.State))
            {
                yield return row;
            }
        }
    }

    private PartitionsReport Complete(PartitionsReport page)
    {
        var live = new List<(PartitionStatus Row, RefFacts Facts)>();
        foreach (var row in page.Partitions)
        {
            if (state.Refs.TryGet(row.Ref, out int id) && state[id] is { IsLive: true, IsSource: false } facts)
            {
                live.Add((row, facts));
            }
        }

        Publications.Fill(view.Log, live);
        return page;
    }

    private bool IsTouched(string @ref) => state.Refs.TryGet(@ref, out int id) && WantCounter.IsTouched(state, id);

    private static FamilyCounts RowOf(SortedDictionary<int, FamilyCounts> rows, Family? family)
    {
        int index = family?.Index ?? int.MaxValue;
        if (!rows.TryGetValue(index, out var row))
        {
            rows.Add(index, row = new FamilyCounts { Pattern = family?.Pattern.Text ?? "", Job = family?.Job?.Label ?? "", Refs = new RefCounts() });
        }

        return row;
    }
}
