using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Where the refs of wants stand. Costs what events are about: of a want's set, only the refs that the log knows something of are
/// looked at one by one, and the rest only where it is small.
/// </summary>
internal sealed class WantCounter
{
    /// <summary>Most refs without any event that are evaluated one by one, over all wants.</summary>
    public const int MostUntouched = 10_000;

    private readonly BuildState state;
    private readonly List<WantFacts> wants;
    private readonly List<List<string>> lookedAt;

    public WantCounter(LogView view, BuildState state, List<WantFacts> wants)
    {
        this.state = state;
        this.wants = wants;
        int untouchedLeft = MostUntouched;
        lookedAt = wants.ConvertAll(want => RefsOf(want, ref untouchedLeft));
        Judge = view.Judge(state, [.. lookedAt.SelectMany(refs => refs).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The decider, looking at those refs.</summary>
    public Reconciler Judge { get; }

    public IEnumerable<WantStatus> Rows()
    {
        for (int i = 0; i < wants.Count; i++)
        {
            yield return Row(wants[i], lookedAt[i]);
        }
    }

    /// <summary>Something is known of the ref beside its name.</summary>
    public static bool IsTouched(BuildState state, int id) =>
        state[id] is var fact && (fact.Flags != RefFlags.None || fact.IsBuilding || state.TroubleOf(id) is not null);

    /// <summary>Adds a verdict to the counts; false for a ref that neither stands anywhere nor waits for its interval to end.</summary>
    public static bool Add(RefCounts counts, Verdict verdict)
    {
        switch (verdict.State)
        {
            case RefState.Live: counts.Live++; return true;
            case RefState.Stale: counts.Stale++; return true;
            case RefState.Suspect: counts.Suspect++; return true;
            case RefState.Building: counts.Building++; return true;
            case RefState.Ready: counts.Ready++; return true;
            case RefState.Waiting: counts.Waiting++; return true;
            case RefState.Failed: counts.Failed++; return true;
            case RefState.UpstreamFailed: counts.UpstreamFailed++; return true;
            default:
                if (verdict.Reason.Kind != ReasonKind.IntervalOpen)
                {
                    return false;
                }

                counts.NotDue++;
                return true;
        }
    }

    /// <summary>The refs of a want that are looked at: those that something is known of, and the others where they are few.</summary>
    private List<string> RefsOf(WantFacts want, ref int untouchedLeft)
    {
        var refs = new List<string>();
        if (want.Set is not { } set)
        {
            return refs;
        }

        int known = state.Refs.Count;
        if (set.Count <= Math.Max(known, untouchedLeft))
        {
            bool all = set.Count <= untouchedLeft;
            foreach (string @ref in set.Enumerate())
            {
                bool touched = state.Refs.TryGet(@ref, out int id) && IsTouched(state, id);
                if (touched || all)
                {
                    refs.Add(@ref);
                    untouchedLeft -= touched ? 0 : 1;
                }
            }
        }
        else
        {
            for (int id = 0; id < known; id++)
            {
                if (IsTouched(state, id) && set.Contains(state.Refs[id]))
                {
                    refs.Add(state.Refs[id]);
                }
            }
        }

        return refs;
    }

    private WantStatus Row(WantFacts want, List<string> refs)
    {
        var counts = new RefCounts { Untouched = (want.Set?.Count ?? 0) - refs.Count };
        DateTimeOffset? deadline = null;
        foreach (var verdict in Judge.VerdictsOf(refs))
        {
            if (!Add(counts, verdict))
            {
                bool expired = Judge.IsExpired(want, verdict.Ref);
                counts.Expired += expired ? 1 : 0;
                counts.Waiting += expired ? 0 : 1;
            }

            if (want.Want.Sla is not null && verdict.State != RefState.Live && Judge.DeadlineOf(want, verdict.Ref) is { } due && (deadline is null || due < deadline))
            {
                deadline = due;
            }
        }

        var row = RunText.Of(want);
        row.State = StateOf(want, counts);
        row.Total = want.Set?.Count ?? 0;
        row.Refs = counts;
        row.Deadline = deadline is { } first ? Timestamp.FromDateTimeOffset(first) : null;
        return row;
    }

    /// <summary>The first that holds, in the order of the semantics.</summary>
    private string StateOf(WantFacts want, RefCounts counts) => counts switch
    {
        _ when want.IsCanceled => "Canceled",
        _ when want.End != WantEndState.Unspecified => want.End.ToString(),
        { Building: > 0 } => "Building",
        { Waiting: > 0 } when state.ActiveRunCount > 0 => "UpstreamBuilding",
        _ when counts.Ready + counts.Waiting + counts.Stale + counts.Suspect + counts.Untouched > 0 => "Idle",
        { Failed: > 0 } => "Failed",
        { UpstreamFailed: > 0 } => "UpstreamFailed",
        { Expired: > 0 } => "Expired",
        _ => "Successful",
    };
}
