using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Wants that somebody made end when they are satisfied or cannot be: nobody else ends them where no build does. Looked for once enough
/// was settled to make up for looking at all of them, or some seconds after the first: what it costs a ref does not grow with how many there are.
/// </summary>
public sealed partial class Reconciler
{
    /// <summary>One look at all costs as much as so many refs that were settled.</summary>
    private const int LookAtEach = 10;

    private static readonly TimeSpan endingDelay = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> spared = new(StringComparer.Ordinal);
    private long askedRefs;
    private long settledSince;
    private DateTimeOffset? endingDue;

    /// <summary>Somebody else ends these wants.</summary>
    public void Spare(IEnumerable<string> wantIds) => spared.UnionWith(wantIds);

    private bool Ends(WantFacts want) => options.EndsWants && want is { IsActive: true, IsStanding: false, IsChild: false };

    /// <summary>It may be satisfied by what there is already.</summary>
    private void Asked(WantFacts want)
    {
        if (Ends(want) && want.Set is { } set)
        {
            askedRefs += set.Count;
            NoteSettled();
        }
    }

    private void NoteSettled()
    {
        if (options.EndsWants && askedRefs > 0)
        {
            settledSince++;
            endingDue ??= Moment.Later(moment.Now, endingDelay);
        }
    }

    private void EndWants(List<BuildEvent> events)
    {
        if (settledSince == 0 || (settledSince * LookAtEach < askedRefs && moment.Now < endingDue))
        {
            return;
        }

        (settledSince, endingDue) = (0, null);
        foreach (var want in state.Wants.Where(want => Ends(want) && want.Set is not null && !spared.Contains(want.Id)))
        {
            if (EndOf(want) is var end && end != WantEndState.Unspecified)
            {
                events.Add(NewEvent(new BuildEvent { WantEnd = new WantEndEventV1 { WantId = want.Id, State = end } }));
            }
        }
    }

    /// <summary>Unspecified while anything may still become of it.</summary>
    private WantEndState EndOf(WantFacts want)
    {
        var end = WantEndState.Successful;
        foreach (string @ref in want.Set!.Enumerate())
        {
            if (want.Want.Ttl is not null && RankOf(want, @ref) is null)
            {
                continue;
            }

            var status = state.Refs.TryGet(@ref, out int id) && NodeAt(id) is { } node ? node.Status : NodeStatus.New;
            if (status is not (NodeStatus.Fresh or NodeStatus.Kept or NodeStatus.Failed or NodeStatus.UpstreamFailed))
            {
                return WantEndState.Unspecified;
            }

            end = status == NodeStatus.Failed ? WantEndState.Failed
                : status == NodeStatus.UpstreamFailed && end == WantEndState.Successful ? WantEndState.UpstreamFailed
                : end;
        }

        return end;
    }

    /// <summary>What is remembered of refs and wants that nobody has anything to do with any more: a service would remember all that ever were.</summary>
    private void ForgetUndemanded()
    {
        // While something is to be evaluated, what is demanded is not known in full.
        if (list.Count > 0 || nodes.Count == 0)
        {
            return;
        }

        lookedAt.RemoveWhere(id => NodeAt(id) is null);
        toLookAgain.RemoveWhere(id => NodeAt(id) is null);
        foreach (int id in changedFiles.Keys.Concat(dropped.Keys).Where(id => NodeAt(id) is null).ToList())
        {
            changedFiles.Remove(id);
            dropped.Remove(id);
        }

        foreach (string id in accounted.Keys.Where(id => state.FindWant(id) is null).ToList())
        {
            accounted.Remove(id);
        }

        spared.RemoveWhere(id => state.FindWant(id) is null);
    }
}
