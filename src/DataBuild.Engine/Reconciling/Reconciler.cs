using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Decides. Sees state, graph and a time it is given, and returns decisions; does nothing itself. Keeps a node for each demanded
/// ref, derived from the state and kept up to date by what changed, so that a step costs what it changes and not what exists.
/// </summary>
public sealed partial class Reconciler
{
    private readonly BuildState state;
    private ReconcilerOptions options;
    private readonly List<Node?> nodes = [];
    private readonly HashSet<int> lookedAt = [];
    private readonly HashSet<int> toLookAgain = [];
    private readonly Dictionary<int, (string File, ulong SeenAt)> changedFiles = [];
    private readonly Queue<Node> list = new();
    private readonly List<Node> toObserve = [];
    private readonly List<Node> toRetry = [];
    private readonly List<Observation> observed = [];
    private readonly PriorityQueue<Node, long> retries = new();
    private readonly PriorityQueue<Node, long> postponed = new();
    private readonly PriorityQueue<Node, long> open = new();
    private readonly int[] counts = new int[(int)NodeStatus.UpstreamFailed + 1];
    private readonly Dictionary<int, (ulong Offset, HashSet<int> Inputs)> dropped = [];
    private Moment moment;
    private long codeChanges;
    private bool isDemandOld;
    private bool isHolding;

    public Reconciler(BuildState state, ReconcilerOptions options, Moment moment)
    {
        this.state = state;
        this.options = options;
        this.moment = moment;
        DemandAnew();
    }

    private GraphLookup Graph => state.Graph ?? throw new InvalidOperationException("no graph is registered");

    /// <summary>What may be set anew while it lives: takes effect with the next decision.</summary>
    public void Limit(long maxRebuilds, int mostActiveRuns)
    {
        options = options with { MaxRebuilds = maxRebuilds, MostActiveRuns = mostActiveRuns };
        foreach (var node in nodes.OfType<Node>().Where(node => isHolding && node is { RunReason.Kind: ReasonKind.JobChanged, Status: NodeStatus.Delayed }))
        {
            // It says which limit holds it.
            List(node);
        }
    }

    /// <summary>Most live partitions that changed code may replace; negative for no limit.</summary>
    public long MaxRebuilds => options.MaxRebuilds;

    /// <summary>Takes in what applied events changed.</summary>
    public void Changed(StateChange change)
    {
        if (change.Graph || change.WantsGone)
        {
            DemandAnew();
            return;
        }

        foreach (string id in change.NewWants)
        {
            if (state.FindWant(id) is { } want)
            {
                DemandWant(want);
            }
        }

        if (change.Jobs.Count > 0)
        {
            foreach (var node in nodes)
            {
                if (node?.Family?.Job is { } job && change.Jobs.Contains(job.Label))
                {
                    List(node);
                }
            }
        }

        foreach (int id in change.Refs)
        {
            if (NodeAt(id) is { } node)
            {
                ForgetCycle(node);
                List(node);
            }
        }
    }

    /// <summary>
    /// Something may have happened to the files of these: they are looked at before the next decision. Nothing is demanded by that, and
    /// what was never looked at is not either.
    /// </summary>
    public void LookAgain(IEnumerable<string> refs)
    {
        foreach (string @ref in refs)
        {
            if (state.Refs.TryGet(@ref, out int id) && NodeAt(id) is { Status: not (NodeStatus.New or NodeStatus.Observing) } node)
            {
                lookedAt.Remove(id);
                toLookAgain.Add(id);
                List(node);
            }
        }
    }

    /// <summary>All refs whose files are of concern now: those of the demanded that are live, or sources.</summary>
    public IEnumerable<string> Watched => nodes.OfType<Node>().Where(node => node.Family is { IsSource: true } || state[node.Id].IsLive).Select(node => node.Ref);

    /// <summary>Takes in how something was found; what differs from the log becomes an event of the next decision.</summary>
    public void Observed(in ObservationReply reply)
    {
        int id = state.Refs.Intern(reply.Ref);
        var node = NodeAt(id) ?? throw new InvalidOperationException($"{reply.Ref} was not to be looked at");
        var fact = state[id];
        lookedAt.Add(id);
        toLookAgain.Remove(id);
        if (reply.ChangedFile is { } file)
        {
            changedFiles[id] = (file, state.Offset);
        }
        else
        {
            changedFiles.Remove(id);
        }

        if (Differs(id, fact, reply))
        {
            observed.Add(new Observation
            {
                Ref = reply.Ref,
                Presence = reply.Exists ? Presence.Present : Presence.Absent,
                ContentFingerprint = reply.Content.ToByteString(),
                Stamp = reply.Stamp,
                Size = (ulong)reply.Size,
            });
        }
        else
        {
            // What differs is evaluated when its event is applied, and not before with what was known of old.
            List(node);
        }
    }

    private bool Differs(int id, in RefFacts fact, in ObservationReply reply)
    {
        if (!reply.Exists)
        {
            // That a source is not there is logged once: what fails for it can then be explained from the log alone.
            return fact.IsLive || (!fact.IsLost && NodeAt(id)!.Family is { IsSource: true });
        }

        if (!fact.IsLive)
        {
            return true;
        }

        var known = state.ChangeOf(id) is { } change ? Fingerprint.From(change.ContentFingerprint) : fact.Content;
        return reply.Content != known;
    }

    /// <summary>What is to be done at this moment.</summary>
    public Decision Decide(Moment now, bool mayRun = true)
    {
        moment = now;
        while (true)
        {
            WakeDelayed();
            Settle();
            if (isDemandOld)
            {
                DemandAnew();
                Settle();
            }

            if (toObserve.Count > 0)
            {
                return new Decision { Observe = Taken(toObserve).ConvertAll(Request) };
            }

            var events = Learned(mayRun);
            if (events.Count > 0)
            {
                return new Decision { Events = events };
            }

            bool tooMany = options.MaxRebuilds >= 0 && codeChanges > options.MaxRebuilds;
            if (options.HoldsRebuilds)
            {
                if (Hold(tooMany))
                {
                    continue;
                }
            }
            else if (tooMany)
            {
                return new Decision { TooManyRebuilds = codeChanges, IsQuiet = !IsAtWork };
            }

            var runs = mayRun ? PlanRuns() : [];
            bool idle = runs.Count == 0 && !IsAtWork;
            if (idle && IsStuck && BreakCycle())
            {
                continue;
            }

            events.AddRange(runs.Select(run => NewEvent(new BuildEvent { JobRunQueue = run.Queue })));
            return new Decision
            {
                Events = events,
                Runs = runs,
                IsQuiet = idle,
                RetryAt = First(retries),
                PostponedTo = First(postponed),
                TimeAt = endingDue < NextTime || NextTime is null ? endingDue ?? NextTime : NextTime,
                IntervalEndsAt = First(open),
                TooManyRebuilds = tooMany ? codeChanges : 0,
            };
        }
    }

    /// <summary>
    /// Something is under way that may change what is to be done: a run of this engine's own, or one that outlives engines. Of those it
    /// waits for what is demanded, for what nobody wants, which is ended, and for what holds up something that could run; not for
    /// others that are wanted by somebody else.
    /// </summary>
    private bool IsAtWork => state.ActiveRunCount > state.OutlivingRunCount || state.OutlivingRuns.Any(run => !IsForOthers(run) || HoldsUp(run));

    /// <summary>It has a slot that something ready waits for, or reads an instance that is to be replaced.</summary>
    private bool HoldsUp(RunFacts run) =>
        counts[(int)NodeStatus.Ready] > 0 || Array.Exists(run.Inputs, input => NodeAt(input.Ref) is { Status: NodeStatus.Delayed });

    /// <summary>Keeps back what would be made again because code changed, or lets it go; all else goes on. True if that is new.</summary>
    private bool Hold(bool hold)
    {
        if (hold == isHolding)
        {
            return false;
        }

        isHolding = hold;
        foreach (var node in nodes.OfType<Node>().Where(node => node is { RunReason.Kind: ReasonKind.JobChanged, Status: NodeStatus.Ready or NodeStatus.Delayed }))
        {
            List(node);
        }

        return true;
    }

    /// <summary>What is known now and was not logged: how files were found, and what is asked to be tried again.</summary>
    private List<BuildEvent> Learned(bool mayRun)
    {
        var events = new List<BuildEvent>();
        if (observed.Count > 0)
        {
            var observe = new ObserveEventV1();
            observe.Observations.AddRange(Taken(observed));
            events.Add(NewEvent(new BuildEvent { Observe = observe }));
        }

        AccountForTimes(events);
        EndWants(events);
        if (mayRun && toRetry.Count > 0)
        {
            var retry = new RetryRequestEventV1 { Source = options.RetrySource };
            retry.Refs.AddRange(Taken(toRetry).Where(node => node.Status == NodeStatus.Retrying).Distinct().Select(node => node.Ref));
            if (retry.Refs.Count > 0)
            {
                events.Add(NewEvent(new BuildEvent { RetryRequest = retry }));
            }
        }

        return events;
    }

    private static List<T> Taken<T>(List<T> from)
    {
        var taken = new List<T>(from);
        from.Clear();
        return taken;
    }

    /// <summary>Evaluates what is listed until nothing is left to evaluate.</summary>
    private void Settle()
    {
        while (list.TryDequeue(out var node))
        {
            node.Listed = false;
            Evaluate(node);
        }
    }

    private void WakeDelayed()
    {
        foreach (var queue in (ReadOnlySpan<PriorityQueue<Node, long>>)[retries, postponed])
        {
            while (queue.TryPeek(out var node, out long ticks) && (ticks <= moment.Now.UtcTicks || node.Status != NodeStatus.Delayed))
            {
                queue.Dequeue();
                List(node);
            }
        }

        while (open.TryPeek(out var node, out long ticks) && (ticks <= moment.Now.UtcTicks || node.Status != NodeStatus.IntervalOpen))
        {
            open.Dequeue();
            List(node);
        }
    }

    private DateTimeOffset InstantOf(DateTime local) => options.InstantOf?.Invoke(local) ?? moment.At(local);

    private static DateTimeOffset? First(PriorityQueue<Node, long> queue) =>
        queue.TryPeek(out _, out long ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private void List(Node node)
    {
        if (!node.Listed)
        {
            node.Listed = true;
            list.Enqueue(node);
        }
    }

    private Node? NodeAt(int id) => id < nodes.Count ? nodes[id] : null;

    private BuildEvent NewEvent(BuildEvent e)
    {
        e.Timestamp = Timestamp.FromDateTimeOffset(moment.Now);
        return e;
    }

    private ObservationRequest Request(Node node)
    {
        var fact = state[node.Id];
        var content = state.ChangeOf(node.Id) is { } change ? Fingerprint.From(change.ContentFingerprint) : fact.Content;
        return new ObservationRequest(node.Ref, node.Family is { IsSource: true }, fact.Stamp, content, state.FileReadsOf(node.Id));
    }
}
