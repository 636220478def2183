using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

public sealed partial class Reconciler
{
    /// <summary>Most wants that a run names: it is for tracing, and one ref may serve any number.</summary>
    private const int MostWantsNamed = 64;

    /// <summary>At least one in so many runs is of historic work, while there is some: 5 %.</summary>
    private const int HistoricTurn = 20;

    private ReadyQueue[] queues = [];
    private ReadyQueue[] historic = [];
    private CriticalPath criticalPath = null!;
    private long tickets;
    private int sinceHistoric;

    private void MakeQueues()
    {
        queues = [.. Graph.Jobs.Select(_ => new ReadyQueue())];
        historic = [.. Graph.Jobs.Select(_ => new ReadyQueue())];
        criticalPath = new CriticalPath(Graph, state);
    }

    private void Enqueue(Node node, Family family) =>
        (node.Rank.Historic ? historic : queues)[family.Job!.Index].Add(node, family.BatchGroup(node.Ref), ++tickets);

    /// <summary>Batches of ready refs, best rank first, as far as limits allow.</summary>
    private List<PlannedRun> PlanRuns()
    {
        var runs = new List<PlannedRun>();
        var limits = Limits.Of(state, options);
        while (true)
        {
            var present = BestJob(queues, limits);
            var past = BestJob(historic, limits);
            bool isPast = past is not null && (present is null || sinceHistoric >= HistoricTurn - 1);
            if ((isPast ? past : present) is not var (job, group))
            {
                break;
            }

            sinceHistoric = isPast || past is null ? 0 : sinceHistoric + 1;
            var batch = (isPast ? historic : queues)[job.Index].Take(group, job.BatchSize, node => node.Trouble?.BatchLimit ?? 0);
            limits.Take(job);
            runs.Add(new PlannedRun(job, Queue(job, batch, runs.Count)));
        }

        return runs;
    }

    private (Job Job, string Group)? BestJob(ReadyQueue[] queues, Limits limits)
    {
        (Job Job, string Group)? best = null;
        var bestRank = Rank.Last;
        foreach (var job in Graph.Jobs)
        {
            if (queues[job.Index].TryPeek(out var rank, out string group) && (best is not { } other || GoesFirst(job, rank, other.Job, bestRank)) && limits.Full(job.Executor) is null && limits.Blocking(job) is null)
            {
                best = (job, group);
                bestRank = rank;
            }
        }

        return best;
    }

    private bool GoesFirst(Job job, Rank rank, Job other, Rank otherRank)
    {
        int order = rank.CompareUrgency(otherRank);
        order = order != 0 ? order : criticalPath.Of(other).CompareTo(criticalPath.Of(job));
        return (order != 0 ? order : rank.WantOrdinal.CompareTo(otherRank.WantOrdinal)) < 0;
    }

    private JobRunQueueEventV1 Queue(Job job, List<Node> batch, int ordinal)
    {
        var queue = new JobRunQueueEventV1
        {
            RunId = RunIds.Next(options.LogId, state.Offset, ordinal, moment.Now).ToString("D"),
            Job = job.Label,
            JobFingerprint = state.CurrentJob(job.Label)!.Fingerprint.Fingerprint,
            Term = options.Term,
            Executor = job.Executor == ExecutorNames.Local ? "" : job.Executor,
        };
        var inputs = new HashSet<int>();
        var wants = new HashSet<WantFacts>();
        foreach (var node in batch)
        {
            queue.Partitions.Add(new RunPartition
            {
                Ref = node.Ref,
                Attempt = (uint)(node.Trouble?.NextAttempt ?? 1),
                Reason = node.RunReason,
            });
            inputs.UnionWith(node.Inputs);
            if (node.Want is { } want)
            {
                wants.Add(want);
            }
        }

        queue.WantIds.AddRange(wants.OrderBy(want => want.Ordinal).Take(MostWantsNamed).Select(want => want.Id));
        foreach (int id in inputs)
        {
            if (state[id] is { IsLive: true } live)
            {
                queue.Inputs.Add(new Read
                {
                    Ref = state.Refs[id],
                    ContentFingerprint = live.Content.ToByteString(),
                    RunId = live.IsSource ? "" : live.LiveRun.ToString("D"),
                });
            }
        }

        return queue;
    }
}
