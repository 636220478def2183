using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

public sealed partial class Reconciler
{
    /// <summary>Most verdicts that a report lists; its counts go on.</summary>
    private const int MostVerdicts = 10_000;

    /// <summary>What was decided about a ref, and why, by the very evaluation that decides.</summary>
    public Verdict VerdictOf(string @ref)
    {
        Settle();
        return state.Refs.TryGet(@ref, out int id) && NodeAt(id) is { } node
            ? VerdictOf(node, Limits.Of(state, options), planned: false)
            : new Verdict { Ref = @ref, State = RefState.Absent, Reason = Reasons.NotWanted, Job = Graph.Find(@ref)?.Job?.Label ?? "" };
    }

    /// <summary>
    /// The same for many refs, in order; of one that has to run, why it has to. What it waits for until then, <see cref="HeldBy"/> says.
    /// </summary>
    public IEnumerable<Verdict> VerdictsOf(IEnumerable<string> refs)
    {
        Settle();
        var limits = Limits.Of(state, options);
        foreach (string @ref in refs)
        {
            yield return state.Refs.TryGet(@ref, out int id) && NodeAt(id) is { } node ? VerdictOf(node, limits, planned: true) : VerdictOf(@ref);
        }
    }

    /// <summary>What a ref that has to run waits for, where its verdict says why it has to run; null if it waits for nothing.</summary>
    public Reason? HeldBy(string @ref)
    {
        Settle();
        return state.Refs.TryGet(@ref, out int id) && NodeAt(id) is { Status: NodeStatus.Waiting } node ? node.Reason : null;
    }

    /// <summary>The inputs that a ref waits for, directly.</summary>
    public IReadOnlyList<string> AwaitedBy(string @ref)
    {
        Settle();
        return state.Refs.TryGet(@ref, out int id) && NodeAt(id) is { } node && (node.IsWaiting || node.Status == NodeStatus.UpstreamFailed)
            ? [.. node.Inputs.Select(input => nodes[input]!).Where(input => !input.IsSettled || input.IsFailed || input.Status == NodeStatus.Unneeded).Select(input => input.Ref)]
            : [];
    }

    /// <summary>The want no longer wants this ref of it.</summary>
    public bool IsExpired(WantFacts want, string @ref) => RankOf(want, @ref) is null;

    /// <summary>When this ref of the want should be there; null where that was past already when the want was made, or never.</summary>
    public DateTimeOffset? DeadlineOf(WantFacts want, string @ref) =>
        RankOf(want, @ref) is { DeadlineTicks: < long.MaxValue and var ticks } ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>All that will run, may run or cannot, and how much is up to date.</summary>
    public PlanReport Plan()
    {
        Settle();
        var mayBeNeeded = MayBeNeeded();
        var limits = Limits.Of(state, options);
        var report = new PlanReport();
        var rows = Graph.Jobs.ToDictionary(job => job.Label, job => new JobRow { Job = job.Label }, StringComparer.Ordinal);
        foreach (var node in nodes.OfType<Node>().Where(node => node.Family is { IsSource: false }))
        {
            var row = rows[node.Family!.Job!.Label];
            bool willRun = WillRun(node);
            bool mayRun = node.Status == NodeStatus.Suspect || mayBeNeeded.Contains(node.Id);
            bool upToDate = !mayRun && node.Status is NodeStatus.Fresh or NodeStatus.Kept;
            row.WillRun += willRun ? 1 : 0;
            row.MayRun += mayRun ? 1 : 0;
            row.UpToDate += upToDate ? 1 : 0;
            row.Blocked += node.Status == NodeStatus.UpstreamFailed ? 1 : 0;
            row.Failed += node.Status == NodeStatus.Failed ? 1 : 0;
            if ((mayRun || (!upToDate && node.Status is not (NodeStatus.Unneeded or NodeStatus.IntervalOpen))) && report.Verdicts.Count < MostVerdicts)
            {
                var verdict = VerdictOf(node, limits, planned: true);
                verdict.MayRun = mayRun;
                report.Verdicts.Add(verdict);
            }
        }

        foreach (int id in mayBeNeeded.Where(id => NodeAt(id) is null))
        {
            var family = Graph.Find(state.Refs[id])!;
            rows[family.Job!.Label].MayRun++;
            if (report.Verdicts.Count < MostVerdicts)
            {
                report.Verdicts.Add(Unseen(id, family));
            }
        }

        report.Jobs.AddRange(rows.Values);
        report.WillRun = report.Jobs.Sum(row => row.WillRun);
        report.MayRun = report.Jobs.Sum(row => row.MayRun);
        report.UpToDate = report.Jobs.Sum(row => row.UpToDate);
        report.Blocked = report.Jobs.Sum(row => row.Blocked + row.Failed);
        return report;
    }

    /// <summary>
    /// What is not there and nobody requires, unless a ref that may turn out stale has to run and reads it again; and what that
    /// needs in turn, of which nothing was looked at.
    /// </summary>
    private HashSet<int> MayBeNeeded()
    {
        var found = new HashSet<int>();
        var left = new Stack<int>(nodes.OfType<Node>().Where(node => node.Status == NodeStatus.Suspect).SelectMany(node => node.Inputs));
        while (left.TryPop(out int id))
        {
            if (NodeAt(id) is null or { Status: NodeStatus.Unneeded }
                && Graph.Find(state.Refs[id]) is { IsSource: false } family
                && found.Add(id))
            {
                foreach (string need in family.Needs(state.Refs[id]))
                {
                    left.Push(state.Refs.Intern(need));
                }

                foreach (var read in state[id].Reads ?? [])
                {
                    left.Push(read.Ref);
                }
            }
        }

        // What comes back may come back different, and its other readers are up to date only as long as it is not there.
        var changed = new Stack<Node>(found.Select(NodeAt).OfType<Node>());
        while (changed.TryPop(out var input))
        {
            foreach (var reader in input.Dependents.Where(reader => reader.Status == NodeStatus.Fresh && found.Add(reader.Id)))
            {
                changed.Push(reader);
            }
        }

        return found;
    }

    /// <summary>Nothing was looked at: what would be said of it if it were needed.</summary>
    private Verdict Unseen(int id, Family family)
    {
        var fact = state[id];
        return new Verdict
        {
            Ref = state.Refs[id],
            Job = family.Job!.Label,
            State = fact.IsLive ? RefState.Live : RefState.Absent,
            Reason = fact.IsLive ? Reasons.Of(ReasonKind.Suspect, state.Refs[id]) : WhyAbsent(fact, family),
            MayRun = true,
        };
    }

    /// <summary>A row for each want that was demanded.</summary>
    public IReadOnlyList<WantRow> WantRows()
    {
        Settle();
        var rows = new List<WantRow>();
        foreach (var want in state.Wants.Where(want => want is { IsChild: false, IsActive: true } && (options.WantIds?.Contains(want.Id) ?? true)))
        {
            var row = new WantRow { WantId = want.Id, Partitions = string.Join("; ", want.Want.Partitions.Expressions) };
            var seen = new int[(int)NodeStatus.UpstreamFailed + 1];
            bool hasExpired = false;
            foreach (string @ref in RefsOf(want))
            {
                if (want.Want.Ttl is not null && RankOf(want, @ref) is null)
                {
                    hasExpired = true;
                    continue;
                }

                row.Total++;
                if (state.Refs.TryGet(@ref, out int id) && NodeAt(id) is { } node)
                {
                    seen[(int)node.Status]++;
                }
            }

            row.Live = seen[(int)NodeStatus.Fresh] + seen[(int)NodeStatus.Kept];
            row.Failed = seen[(int)NodeStatus.Failed];
            row.Blocked = seen[(int)NodeStatus.UpstreamFailed];
            row.NotDue = seen[(int)NodeStatus.IntervalOpen];
            row.State = StateOf(row, seen, hasExpired);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Refs that cannot be made, each failed leaf once with how many others wait for it, in the order they were demanded.</summary>
    public IReadOnlyList<(Verdict Leaf, IReadOnlyList<string> Blocked)> Failures()
    {
        Settle();
        var limits = Limits.Of(state, options);
        return [.. nodes.OfType<Node>()
            .Where(node => node is { IsFailed: true, Must: true, Leaf: not null })
            .GroupBy(node => node.Leaf!)
            .Select(group => (VerdictOf(group.Key, limits, planned: false), (IReadOnlyList<string>)[.. group.Where(node => node != group.Key).Select(node => node.Ref)]))];
    }

    /// <summary>Refs whose runs were cancelled in this session and that nobody has asked for since, by run.</summary>
    public IReadOnlyList<(string RunId, IReadOnlyList<string> Refs)> Held()
    {
        Settle();
        return [.. nodes.OfType<Node>()
            .Where(node => node is { Status: NodeStatus.Delayed, Reason.Kind: ReasonKind.Canceled })
            .GroupBy(node => node.Reason!.RunId, StringComparer.Ordinal)
            .Select(group => (group.Key, (IReadOnlyList<string>)[.. group.Select(node => node.Ref)]))];
    }

    /// <summary>Runs under way for nothing that anybody wants now, nor that anything wanted needs.</summary>
    public IReadOnlyList<string> UnwantedRuns()
    {
        Settle();
        return [.. state.ActiveRuns
            .Where(run => IsForNothingDemanded(run) && !IsForOthers(run))
            .Select(run => run.IdText)];
    }

    /// <summary>It sees only part of what is wanted: runs that an engine before it began may be for the rest.</summary>
    private bool IsPartial => options.WantIds is not null || options.Jobs.Count > 0;

    private bool IsForNothingDemanded(RunFacts run) => Array.TrueForAll(run.Refs, id => NodeAt(id) is null);

    private bool IsForOthers(RunFacts run) =>
        run.Outlives && IsPartial && IsForNothingDemanded(run) && run.WantIds.Any(id => state.FindWant(id) is { IsActive: true });

    /// <summary>Stale data that is kept because its job says OnStale=warn: how much of each job, and one of them.</summary>
    public IReadOnlyList<(Job Job, string Ref, string Why, int Count)> KeptStale() =>
        [.. nodes.OfType<Node>()
            .Where(node => node is { Status: NodeStatus.Kept, Family.Job.OnStale: OnStale.Warn } && !state[node.Id].IsChanged)
            .GroupBy(node => node.Family!.Job!)
            .Select(group => (group.Key, group.First().Ref, group.First().Reason!.ToText(), group.Count()))];

    /// <summary>It is wanted, needed or read, directly or not.</summary>
    public bool Demands(string @ref) => state.Refs.TryGet(@ref, out int id) && NodeAt(id) is not null;

    /// <summary>
    /// Nothing that is demanded runs or may run before that instant, whatever else the engine does. What is left waits for a time after
    /// it, or for somebody's word.
    /// </summary>
    public bool IsDone(DateTimeOffset until)
    {
        Settle();
        if (counts[(int)NodeStatus.New] + counts[(int)NodeStatus.Observing] + counts[(int)NodeStatus.Retrying] + counts[(int)NodeStatus.Ready] + counts[(int)NodeStatus.Building] > 0)
        {
            return false;
        }

        return counts[(int)NodeStatus.Delayed] == 0
            || nodes.OfType<Node>().Where(node => node.Status == NodeStatus.Delayed).All(node => node.Reason!.Kind == ReasonKind.Canceled
                || (node.NotBefore > until && node.Trouble is { Failure: null }));
    }

    /// <summary>How many refs stand where.</summary>
    public BuildProgress Progress() => new()
    {
        Left = counts.Take((int)NodeStatus.Fresh).Sum(),
        Running = state.ActiveRunCount,
        Failed = counts[(int)NodeStatus.Failed],
    };

    /// <summary>The first that holds of the states of a want.</summary>
    private static string StateOf(WantRow row, int[] seen, bool hasExpired)
    {
        int left = seen.Take((int)NodeStatus.Building).Sum();
        return row switch
        {
            _ when seen[(int)NodeStatus.Building] > 0 => "Building",
            _ when left > 0 => "UpstreamBuilding",
            _ when row.Live + row.NotDue + row.Failed + row.Blocked < row.Total => "Idle",
            { Failed: > 0 } => "Failed",
            { Blocked: > 0 } => "UpstreamFailed",
            _ when hasExpired => "Expired",
            _ => "Successful",
        };
    }

    private static bool WillRun(Node node) =>
        node.Status == NodeStatus.Retrying
        || (node.RunReason is not null && node.Status is NodeStatus.Waiting or NodeStatus.Delayed or NodeStatus.Ready);

    /// <param name="node">The ref's node.</param>
    /// <param name="limits">How much of each limit is held.</param>
    /// <param name="planned">Say why it will run rather than what it waits for until then.</param>
    private Verdict VerdictOf(Node node, Limits limits, bool planned)
    {
        var fact = state[node.Id];
        var reason = node.Status switch
        {
            NodeStatus.Ready when limits.Blocking(node.Family!.Job!) is var (limit, heldBy) => Reasons.Of(ReasonKind.Limit, detail: limit, runId: heldBy),
            NodeStatus.Ready when limits.Full(node.Family!.Job!.Executor) is var (most, oldest) && oldest.Length > 0 => Reasons.Of(
                ReasonKind.Limit,
                detail: $"one of the {most} runs that {(ExecutorNames.Outlives(node.Family.Job.Executor) ? $"{node.Family.Job.Executor} may have" : "there may be")} at one time",
                runId: oldest),
            NodeStatus.Ready => node.RunReason,
            NodeStatus.Waiting or NodeStatus.Delayed when planned && node.RunReason is not null => node.RunReason,
            NodeStatus.Waiting => Awaited(node, ReasonKind.Waiting),
            NodeStatus.Suspect => Awaited(node, ReasonKind.Suspect),
            _ => node.Reason,
        };
        return new Verdict
        {
            Ref = node.Ref,
            Job = node.Family?.Job?.Label ?? "",
            State = StateOf(node, fact),
            Reason = reason ?? Reasons.NotWanted,
            WillRun = WillRun(node),
            MayRun = node.Status == NodeStatus.Suspect,
        };
    }

    /// <summary>What it waits for may have come one by one since it was evaluated.</summary>
    private Reason Awaited(Node node, ReasonKind kind)
    {
        var awaited = node.Inputs.Where(id => !nodes[id]!.IsSettled).ToList();
        if (awaited.Count == 0)
        {
            return node.Reason!;
        }

        var reason = Reasons.Of(kind, state.Refs[awaited[0]]);
        reason.More = (uint)(awaited.Count - 1);
        return reason;
    }

    private static RefState StateOf(Node node, in RefFacts fact) => node.Status switch
    {
        NodeStatus.Building => RefState.Building,
        NodeStatus.Fresh => RefState.Live,
        NodeStatus.Failed => RefState.Failed,
        NodeStatus.UpstreamFailed => RefState.UpstreamFailed,
        NodeStatus.Suspect => RefState.Suspect,
        NodeStatus.Kept => fact.IsChanged ? RefState.Live : RefState.Stale,
        NodeStatus.New or NodeStatus.Observing => fact.IsLive ? RefState.Live : RefState.Absent,
        NodeStatus.Waiting when !fact.IsLive => RefState.Waiting,
        NodeStatus.Ready or NodeStatus.Delayed when !fact.IsLive => RefState.Ready,
        _ => fact.IsLive ? RefState.Stale : RefState.Absent,
    };
}
