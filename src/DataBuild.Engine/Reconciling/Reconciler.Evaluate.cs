using System.Globalization;
using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

public sealed partial class Reconciler
{
    private void Evaluate(Node node)
    {
        bool wasToRun = node.RunReason is not null;
        Forget(node);
        var fact = state[node.Id];
        Evaluate(node, fact);

        // It no longer has to run, and did not: what it required may be nobody's now.
        isDemandOld |= wasToRun && node.RunReason is null && !fact.IsBuilding && fact.Offset == node.Of && !node.IsFailed && node.Status != NodeStatus.Retrying;
        node.Of = fact.Offset;
    }

    private void Evaluate(Node node, in RefFacts fact)
    {
        // What required it may have run since, and a published ref does without its inputs.
        node.Must = node.Must && (fact.IsLive || node.IsWanted || node.Dependents.Exists(HasToRun));
        if (node.Family is not { } family)
        {
            Fail(node, Reasons.Of(ReasonKind.NoProducer, node.Ref, Graph.NoProducerText(node.Ref, "needed here")));
        }
        else if (fact.IsBuilding)
        {
            Set(node, NodeStatus.Building, Reasons.Of(ReasonKind.Building, runId: state.ActiveRunOf(node.Id)!.IdText));
        }
        else if (options.Observe && !lookedAt.Contains(node.Id) && (family.IsSource || (fact.IsLive && (fact.Offset <= options.SessionStart || toLookAgain.Contains(node.Id)))))
        {
            if (node.Status != NodeStatus.Observing)
            {
                Set(node, NodeStatus.Observing, null);
                toObserve.Add(node);
            }
        }
        else if (family.IsSource)
        {
            EvaluateSource(node, fact, family);
        }
        else if (fact.IsLive)
        {
            EvaluateLive(node, fact, family.Job!);
        }
        else if (node.Must)
        {
            Run(node, fact, family, WhyAbsent(fact, family));
        }
        else
        {
            Set(node, NodeStatus.Unneeded, fact.IsExpired ? Expired(fact, family) : Reasons.NotWanted);
        }
    }

    private static bool HasToRun(Node reader) => reader.RunReason is not null || reader.Trouble is not null || reader.Cycle is not null;

    private static Reason WhyAbsent(in RefFacts fact, Family family) =>
        fact.IsLost ? Reasons.Of(ReasonKind.Lost, offset: fact.Offset) : fact.IsExpired ? Expired(fact, family) : Reasons.Absent;

    private void Forget(Node node)
    {
        if (node.RunReason is { Kind: ReasonKind.JobChanged })
        {
            codeChanges--;
        }

        node.RunReason = null;
        node.NotBefore = null;
        node.Trouble = null;
    }

    private void Fail(Node node, Reason reason) => Set(node, NodeStatus.Failed, reason, node);

    private void EvaluateSource(Node node, in RefFacts fact, Family family)
    {
        if (fact.IsLive)
        {
            Set(node, NodeStatus.Fresh, Reasons.UpToDate);
        }
        else if (!options.Observe && fact.Flags == RefFlags.None)
        {
            // The log alone answers, and nobody ever looked: that is not to say that it is missing.
            Set(node, NodeStatus.Observing, Reasons.Unseen);
        }
        else if (node.Must)
        {
            Fail(node, Reasons.Of(ReasonKind.SourceMissing, node.Ref, $"no {family.SourcePath(node.Ref)}", fact.Offset));
        }
        else
        {
            Set(node, NodeStatus.Unneeded, Reasons.NotWanted);
        }
    }

    /// <summary>Live: does anything that it was made of differ now, or may it?</summary>
    private void EvaluateLive(Node node, in RefFacts fact, Job job)
    {
        if (fact.IsTainted)
        {
            var taint = state.TaintsOf(node.Id).First();
            Run(node, fact, node.Family!, Reasons.Of(ReasonKind.Tainted, node.Ref, taint.Taint.Comment, taint.Offset));
            return;
        }

        if (fact.IsChanged)
        {
            // Somebody's work may be in it: only he can say that it may go.
            Set(node, NodeStatus.Kept, Reasons.Of(ReasonKind.Kept, node.Ref, "its files were changed by somebody else", fact.Offset));
            return;
        }

        var own = OwnDifference(node, fact, job);
        if (own is not null && job.OnStale == OnStale.Rebuild)
        {
            Run(node, fact, node.Family!, own);
            return;
        }

        var inputs = new List<Node>();
        Node? unsettled = null, failed = null;
        uint more = 0;
        Reason? changed = null;
        foreach (var read in fact.Reads ?? [])
        {
            if (IsDropped(node, read.Ref))
            {
                continue;
            }

            var input = Demand(read.Ref, must: false, node.Rank, node.Want);
            inputs.Add(input);
            var there = state[read.Ref];
            if (!input.IsSettled)
            {
                more += unsettled is null ? 0u : 1u;
                unsettled ??= input;
            }
            else if (input.IsFailed && there.IsLive && input.Family is not null)
            {
                failed ??= input;
            }
            else if (input.Family is not null && there.IsLive && there.Content != read.Content)
            {
                if (changed is null)
                {
                    changed = Reasons.Of(ReasonKind.InputChanged, input.Ref, "", there.Offset, read.Content.ToString(), there.Content.ToString());
                }
                else
                {
                    changed.More++;
                }
            }
        }

        Link(node, inputs);
        changed ??= own;
        if (changed is not null)
        {
            RunOrKeep(node, fact, job, changed);
        }
        else if (failed is not null)
        {
            Set(node, NodeStatus.UpstreamFailed, UpstreamReason(failed), failed.Leaf);
        }
        else if (unsettled is not null)
        {
            var reason = Reasons.Of(ReasonKind.Suspect, unsettled.Ref);
            reason.More = more;
            Set(node, NodeStatus.Suspect, reason);
            DropCycles(node);
        }
        else
        {
            Set(node, NodeStatus.Fresh, IsCutOff(fact) ? Reasons.EarlyCutoff : Reasons.UpToDate);
        }
    }

    /// <summary>Stale data of a job that says so is kept.</summary>
    private void RunOrKeep(Node node, in RefFacts fact, Job job, Reason why)
    {
        if (job.OnStale == OnStale.Rebuild)
        {
            Run(node, fact, node.Family!, why);
        }
        else
        {
            Set(node, NodeStatus.Kept, Reasons.Of(ReasonKind.Kept, why.Ref, $"{why.ToText()}; OnStale={job.OnStale}", why.Offset));
        }
    }

    /// <summary>An input was rebuilt since it was read, and came out equal.</summary>
    private bool IsCutOff(in RefFacts fact)
    {
        foreach (var read in fact.Reads ?? [])
        {
            if (read.Run != Guid.Empty && state[read.Ref] is { IsLive: true } input && input.LiveRun != read.Run)
            {
                return true;
            }
        }

        return false;
    }

    private Reason? OwnDifference(Node node, in RefFacts fact, Job job)
    {
        if (state.CurrentJob(job.Label) is { } current && current.Index != fact.JobVersion
            && state.JobVersionAt(fact.JobVersion) is var made && made.IsComparableTo(current))
        {
            return Reasons.Of(
                ReasonKind.JobChanged,
                job.Label,
                made.DifferenceTo(current),
                current.Offset,
                Convert.ToHexStringLower(made.Fingerprint.Fingerprint.Span),
                Convert.ToHexStringLower(current.Fingerprint.Fingerprint.Span));
        }

        // What was looked at is the instance that there was then.
        return changedFiles.TryGetValue(node.Id, out var changed) && fact.Offset <= changed.SeenAt ? Reasons.Of(ReasonKind.InputChanged, changed.File) : null;
    }

    /// <summary>It has to run: are its inputs there, and may it now?</summary>
    private void Run(Node node, in RefFacts fact, Family family, Reason why)
    {
        var trouble = node.Trouble = CurrentTrouble(node, family);
        if (!family.Early && family.IntervalEnd(node.Ref) is { } end && end > moment.Local)
        {
            Set(node, NodeStatus.IntervalOpen, Reasons.Of(ReasonKind.IntervalOpen, detail: end.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)));
            open.Enqueue(node, InstantOf(end).UtcTicks);
            return;
        }

        if (node.Cycle is { } cycle)
        {
            Fail(node, cycle);
            return;
        }

        if (trouble is not null && trouble.HeldAt > options.RetryUpTo)
        {
            Set(node, NodeStatus.Delayed, Reasons.Of(ReasonKind.Canceled, offset: trouble.HeldAt, runId: trouble.HeldRun.ToString("D")));
            return;
        }

        bool isQuarantined = state.IsQuarantined(family.Job!.Label);
        if (isQuarantined && trouble is not { IsFinal: true })
        {
            Fail(node, Reasons.Of(ReasonKind.Quarantined, detail: family.Job.Label, offset: state.FactsOfJob(family.Job.Label)!.QuarantinedAt));
            return;
        }

        if (trouble is { IsFinal: true })
        {
            if (!isQuarantined && MayTryAgain(node, fact, family, trouble))
            {
                Retry(node);
            }
            else
            {
                // It is tried again once one of these is another.
                Link(node, [.. KnownInputs(node, fact, family, trouble).Select(id => Demand(id, must: true, node.Rank, node.Want))]);
                Fail(node, Reasons.Of(ReasonKind.Failed, node.Ref, trouble.Failure!.Message, trouble.Offset, runId: trouble.Run.ToString("D")));
            }

            return;
        }

        node.RunReason = trouble switch
        {
            { Failure.BatchLimit: 0 } => Reasons.Of(ReasonKind.Retry, node.Ref, trouble.Failure.Message, trouble.Offset, runId: trouble.Run.ToString("D")),
            { Missed.Length: > 0 } => Arrived(trouble),
            _ => why,
        };
        codeChanges += node.RunReason.Kind == ReasonKind.JobChanged ? 1 : 0;
        WaitForInputs(node, fact, family, trouble);
    }

    /// <summary>What failed under another version of the job says nothing about this one.</summary>
    private Trouble? CurrentTrouble(Node node, Family family) =>
        state.TroubleOf(node.Id) is { } trouble && trouble.JobVersion == state.CurrentJob(family.Job!.Label)?.Index ? trouble : null;

    /// <summary>
    /// A failure for good is tried again by a new session, and within one after a change: a new graph where the graph was at
    /// fault, a taint of what is live, another input than the failed run had.
    /// </summary>
    private bool MayTryAgain(Node node, in RefFacts fact, Family family, Trouble trouble)
    {
        if (trouble.Offset <= options.RetryUpTo
            || (trouble.Failure!.FailureClass == FailureClass.Graph && trouble.Offset < state.GraphOffset)
            || (fact.IsTainted && state.TaintsOf(node.Id).Last().Offset > trouble.Offset))
        {
            return true;
        }

        return KnownInputs(node, fact, family, trouble).Any(IsNewer);

        bool IsNewer(int id) => state[id] is { IsLive: true } input && input.Offset > trouble.Offset;
    }

    /// <summary>What it needs, reported missing or read, each once.</summary>
    private IEnumerable<int> KnownInputs(Node node, in RefFacts fact, Family family, Trouble trouble) => family.Needs(node.Ref)
        .Select(state.Refs.Intern)
        .Concat(trouble.Missed)
        .Concat((fact.Reads ?? []).Select(read => read.Ref))
        .Where(id => id != node.Id)
        .Distinct();

    private void Retry(Node node)
    {
        if (node.Status != NodeStatus.Retrying)
        {
            Set(node, NodeStatus.Retrying, Reasons.Of(ReasonKind.Retry, node.Ref));
            toRetry.Add(node);
        }
    }

    private Reason Arrived(Trouble trouble)
    {
        var reason = Reasons.Of(ReasonKind.InputsArrived, state.Refs[trouble.Missed[0]], "", trouble.Offset, runId: trouble.Run.ToString("D"));
        reason.More = (uint)(trouble.Missed.Length - 1);
        return reason;
    }

    private void WaitForInputs(Node node, in RefFacts fact, Family family, Trouble? trouble)
    {
        var inputs = new List<Node>();
        var seen = new HashSet<int>();
        Node? unsettled = null, failed = null, open = null;
        uint more = 0;

        void Add(int id, bool obeyed, WantFacts? want)
        {
            if (!seen.Add(id) || id == node.Id || (!obeyed && IsDropped(node, id)))
            {
                return;
            }

            var input = Demand(id, must: true, node.Rank, want);
            inputs.Add(input);
            if (!obeyed && IsDropped(input))
            {
                return;
            }

            if (!input.IsSettled || input.Status == NodeStatus.Unneeded)
            {
                more += unsettled is null ? 0u : 1u;
                unsettled ??= input;
            }
            else if (input.IsFailed)
            {
                failed ??= input;
            }
            else if (input.Status == NodeStatus.IntervalOpen)
            {
                open ??= input;
            }
        }

        foreach (string need in family.Needs(node.Ref))
        {
            Add(state.Refs.Intern(need), obeyed: true, node.Want);
        }

        if (trouble is not null)
        {
            var child = state.FindWant(trouble.ChildWant) ?? node.Want;
            foreach (int missed in trouble.Missed)
            {
                // What an older graph had and this one has not cannot be waited for; running tells whether it is still missing.
                Add(missed, obeyed: trouble.Offset > state.GraphOffset, child);
            }
        }

        foreach (var read in fact.Reads ?? [])
        {
            Add(read.Ref, obeyed: false, node.Want);
        }

        Link(node, inputs);
        if (failed is not null)
        {
            Set(node, NodeStatus.UpstreamFailed, UpstreamReason(failed), failed.Leaf);
        }
        else if (unsettled is not null)
        {
            var reason = Reasons.Of(ReasonKind.Waiting, unsettled.Ref);
            reason.More = more;
            Set(node, NodeStatus.Waiting, reason);
            DropCycles(node);
        }
        else if (open is not null)
        {
            Set(node, NodeStatus.IntervalOpen, open.Reason);
        }
        else
        {
            MakeReady(node, family, trouble);
        }
    }

    /// <summary>It is remembered and would close a cycle. Memory is that of an instance and goes with it.</summary>
    private bool IsDropped(Node node, int input) =>
        dropped.TryGetValue(node.Id, out var memory) && memory.Offset == state[node.Id].Offset && memory.Inputs.Contains(input);

    /// <summary>A remembered input that cannot be had is dropped, not obeyed: running the job tells whether it is still needed.</summary>
    private bool IsDropped(Node input) =>
        input.Family is null || (!state[input.Id].IsLive && (input.IsFailed || input.Status == NodeStatus.IntervalOpen));

    private void MakeReady(Node node, Family family, Trouble? trouble)
    {
        if (state.IsPinned(node.Id))
        {
            Set(node, NodeStatus.Delayed, Reasons.Of(ReasonKind.Limit, detail: "the end of a run that reads what it would replace"));
        }
        else if (isHolding && node.RunReason is { Kind: ReasonKind.JobChanged })
        {
            Set(node, NodeStatus.Delayed, Reasons.Of(ReasonKind.Limit, detail: $"DataBuildMaxRebuilds={options.MaxRebuilds}; `databuild accept`, or a higher limit"));
        }
        else if (trouble?.NotBefore is { } notBefore && notBefore > moment.Now)
        {
            node.NotBefore = notBefore;
            Set(node, NodeStatus.Delayed, Reasons.NotBefore(notBefore, trouble.Failure?.Message ?? "its job asked for it"));
            (trouble.Failure is null ? postponed : retries).Enqueue(node, notBefore.UtcTicks);
        }
        else
        {
            Set(node, NodeStatus.Ready, node.RunReason);
            Enqueue(node, family);
        }
    }

    private static Reason UpstreamReason(Node failed) => Reasons.Of(
        ReasonKind.UpstreamFailed,
        failed.Leaf!.Ref,
        failed.Leaf.Reason is { } reason ? reason.ToText() : "",
        failed.Leaf.Reason?.Offset ?? 0,
        runId: failed.Leaf.Reason?.RunId ?? "");
}
