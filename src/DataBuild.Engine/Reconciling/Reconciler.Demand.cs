using DataBuild.Engine.State;

namespace DataBuild.Engine.Reconciling;

public sealed partial class Reconciler
{
    /// <summary>
    /// Refs to look at, each required as the active wants require it. With no <see cref="ReconcilerOptions.WantIds"/> (an empty list)
    /// this costs what is looked at, however many refs are wanted.
    /// </summary>
    private void DemandRefs()
    {
        if (options.Refs.Count == 0)
        {
            return;
        }

        var wants = state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null }).ToList();
        foreach (string @ref in options.Refs)
        {
            int id = state.Refs.Intern(@ref);
            Demand(id, must: false, Rank.Last, null);
            foreach (var want in wants)
            {
                if (want.Set!.Contains(@ref) && RankOf(want, @ref) is { } rank)
                {
                    Demand(id, must: true, rank, want).IsWanted = true;
                }
            }
        }
    }

    /// <summary>
    /// Starts from the wants again: what nobody wants any more has no node then, and is neither run nor counted. What was looked
    /// at in this session stays so.
    /// </summary>
    private void DemandAnew()
    {
        ForgetUndemanded();
        nodes.Clear();
        list.Clear();
        toObserve.Clear();
        toRetry.Clear();
        retries.Clear();
        postponed.Clear();
        open.Clear();
        times.Clear();
        Array.Clear(counts);
        codeChanges = 0;
        isDemandOld = false;
        (askedRefs, settledSince, endingDue) = (0, 0, null);
        MakeQueues();
        DemandRefs();
        foreach (var want in state.Wants)
        {
            DemandWant(want);
        }
    }

    /// <summary>Makes a node for each ref that the want covers and still wants, if it is active.</summary>
    private void DemandWant(WantFacts want)
    {
        foreach (string @ref in RefsOf(want))
        {
            if (RankOf(want, @ref) is { } rank)
            {
                Demand(state.Refs.Intern(@ref), must: true, rank, want).IsWanted = true;
            }
        }

        Await(want);
        Asked(want);
    }

    /// <summary>
    /// The refs that this session is to make for a want. A child want is for tracing: its refs are demanded by those that wait
    /// for them.
    /// </summary>
    private IEnumerable<string> RefsOf(WantFacts want)
    {
        if (want is not { IsActive: true, IsChild: false, Set: { } set } || options.WantIds?.Contains(want.Id) == false)
        {
            return [];
        }

        return options.Jobs.Count == 0 ? set.Enumerate() : Reached(set.Enumerate());
    }

    /// <summary>How urgent a ref is for a want. Null: expired.</summary>
    private Rank? RankOf(WantFacts want, string @ref)
    {
        var times = TimesOf(want, @ref);
        return times.Expiry is { } expiry && moment.Now > expiry
            ? null
            : new Rank(times.IsHistoric, want.Want.Priority, times.Deadline?.UtcTicks ?? long.MaxValue, want.Ordinal);
    }

    /// <summary>The refs of the chosen jobs among these and all that they are known to need or read.</summary>
    private IEnumerable<string> Reached(IEnumerable<string> refs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>(refs.Reverse());
        while (left.TryPop(out string? @ref))
        {
            if (!seen.Add(@ref) || Graph.Find(@ref) is not { Job: { } job } family)
            {
                continue;
            }

            if (options.Jobs.Contains(job.Label, StringComparer.OrdinalIgnoreCase))
            {
                yield return @ref;
                continue;
            }

            foreach (string need in family.Needs(@ref))
            {
                left.Push(need);
            }

            if (state.Refs.TryGet(@ref, out int id))
            {
                foreach (int input in (state[id].Reads ?? []).Select(read => read.Ref).Concat(state.TroubleOf(id)?.Missed ?? []))
                {
                    left.Push(state.Refs[input]);
                }
            }
        }
    }

    /// <summary>The node of a ref, made if need be, with at least this rank and requirement.</summary>
    private Node Demand(int id, bool must, Rank rank, WantFacts? want)
    {
        while (nodes.Count <= id)
        {
            nodes.Add(null);
        }

        var node = nodes[id];
        if (node is null)
        {
            string @ref = state.Refs[id];
            nodes[id] = node = new Node(id, @ref, Graph.Find(@ref)) { Must = must, Rank = rank, Want = want };
            counts[(int)NodeStatus.New]++;
            List(node);
            return node;
        }

        bool changed = false;
        if (must && !node.Must)
        {
            node.Must = true;
            changed = true;
        }

        if (rank < node.Rank)
        {
            node.Rank = rank;
            changed = true;
        }

        if (want is not null && (node.Want is null || want.Ordinal < node.Want.Ordinal))
        {
            node.Want = want;
            changed = true;
        }

        if (changed && node.Status is not (NodeStatus.New or NodeStatus.Fresh or NodeStatus.Kept or NodeStatus.Building))
        {
            List(node);
        }

        return node;
    }

    /// <summary>Makes these the node's inputs and counts the unsettled ones.</summary>
    private void Link(Node node, List<Node> inputs)
    {
        var ids = new int[inputs.Count];
        int pending = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = inputs[i].Id;
            pending += inputs[i].IsSettled ? 0 : 1;
        }

        if (!node.Inputs.AsSpan().SequenceEqual(ids))
        {
            var before = node.Inputs.ToHashSet();
            foreach (var input in inputs)
            {
                if (!before.Remove(input.Id))
                {
                    criticalPath.Note(input.Family, node.Family);
                    input.Dependents.Add(node);
                }
            }

            foreach (int gone in before)
            {
                // It may have been the only one that required it.
                isDemandOld |= nodes[gone] is { IsSettled: false } or { IsFailed: true };
                nodes[gone]!.Dependents.Remove(node);
            }

            node.Inputs = ids;
        }

        node.Pending = pending;
    }

    /// <summary>Moves a node to a status and tells those who depend on it.</summary>
    private void Set(Node node, NodeStatus status, DataBuild.V1.Reason? reason, Node? leaf = null)
    {
        bool was = node.IsSettled;
        bool wasFailed = node.IsFailed;
        var content = state[node.Id] is { IsLive: true } live ? live.Content : Fingerprint.None;
        bool differs = node.Status != status || node.Content != content || node.Leaf != leaf || (wasFailed && !Equals(node.Reason, reason));
        counts[(int)node.Status]--;
        counts[(int)status]++;
        node.Status = status;
        node.Content = content;
        node.Reason = reason;
        node.Leaf = leaf;
        bool now = node.IsSettled;
        if (!differs)
        {
            return;
        }

        if (now && !was)
        {
            NoteSettled();
        }

        foreach (var dependent in node.Dependents)
        {
            if (was != now)
            {
                dependent.Pending += now ? -1 : 1;
            }

            if ((was || now) && Concerns(dependent, now, wasFailed || node.IsFailed, wasFailed))
            {
                List(dependent);
            }
        }
    }

    /// <summary>
    /// Whether a dependent has to be looked at again. One with many inputs is not looked at for each of them: while it waits, only
    /// for the last one and for a failure; once it waits for a failed one, only when that changes.
    /// </summary>
    private static bool Concerns(Node dependent, bool settled, bool failure, bool ofFailed) => dependent.Status switch
    {
        NodeStatus.Waiting or NodeStatus.Suspect => settled && (dependent.Pending == 0 || failure),
        NodeStatus.UpstreamFailed => ofFailed,
        NodeStatus.New or NodeStatus.Observing or NodeStatus.Retrying or NodeStatus.Building => false,
        _ => true,
    };
}
