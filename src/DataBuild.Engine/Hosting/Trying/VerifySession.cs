using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Graph;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>Runs the jobs of live partitions twice in scratch folders and compares bytes: what is not the same twice cannot be relied on.</summary>
/// <param name="request">As compiling the project leaves it.</param>
/// <param name="say">Told of errors and warnings, each once.</param>
/// <param name="found">Told of each partition that is not equal, as it is found.</param>
/// <param name="time">The time.</param>
public sealed class VerifySession(EngineRequest request, Action<Diagnostic> say, Action<VerifiedPartition> found, TimeProvider time)
{
    private const int MostListed = 1_000;
    private const int MostDiagnostics = 100;

    private readonly VerifyReport report = new();
    private readonly HashSet<string> said = new(StringComparer.Ordinal);

    /// <summary>Verifies; null if the project has errors.</summary>
    /// <param name="set">Refs to verify, as far as they are live.</param>
    /// <param name="jobs">Most runs at one time; what the project builds with if 0.</param>
    /// <param name="limit">Most partitions.</param>
    /// <param name="stop">Ends what runs; what was verified by then is told.</param>
    public async Task<VerifyReport?> RunAsync(string set, int jobs, int limit, CancellationToken stop)
    {
        if (Rehearsal.Compile(request, say) is not { } graph)
        {
            return null;
        }

        using var rehearsal = new Rehearsal(request, graph, time);
        var live = LiveOf(rehearsal, PartitionSet.Parse([set], rehearsal.Graph, rehearsal.Today));
        report.Live = live.Count;
        if (live.Count == 0)
        {
            throw new DataBuildException(Rules.NothingToVerify, $"no partition of '{set}' is live; build it first, or see `databuild status`");
        }

        var chosen = live.Take(limit).ToList();
        report.LookedAt = chosen.Count;
        var judgement = new VerifyJudgement(rehearsal, rehearsal.Look(chosen), report, Say, Tell);
        int slots = jobs > 0 ? jobs : request.Parallelism > 0 ? request.Parallelism : Environment.ProcessorCount;
        foreach (var job in chosen.GroupBy(@ref => rehearsal.Graph.Find(@ref)!.Job!))
        {
            await RunAsync(rehearsal, job.Key, Batches(rehearsal.Graph, job.Key, job), Math.Min(slots, MostAtOnce(rehearsal.Graph, job.Key)), judgement, stop).ConfigureAwait(false);
        }

        report.Stopped = stop.IsCancellationRequested;
        return report;
    }

    private static Queue<VerifyBatch> Batches(GraphLookup graph, Job job, IEnumerable<string> refs) => new(refs
        .GroupBy(@ref => graph.Find(@ref)!.BatchGroup(@ref), StringComparer.Ordinal)
        .SelectMany(group => group.Chunk(job.BatchSize))
        .Select(batch => new VerifyBatch(job, batch)));

    /// <summary>Jobs are run one after the other, so a job's own limits are all that there are.</summary>
    private static int MostAtOnce(GraphLookup graph, Job job) =>
        job.Pools.Select(pool => Math.Max(1, graph.Pools[pool.Key] / Math.Max(1, pool.Value))).Append(job.MaxConcurrency ?? int.MaxValue).Min();

    /// <summary>Live refs of a set, at the cost of the smaller of both.</summary>
    private static List<string> LiveOf(Rehearsal rehearsal, PartitionSet set)
    {
        var state = rehearsal.State;
        bool IsLive(string @ref) => rehearsal.Find(@ref) is { IsLive: true, IsSource: false } && rehearsal.Graph.Find(@ref) is { IsSource: false };
        return set.Count <= state.Refs.Count
            ? [.. set.Enumerate().Where(IsLive)]
            : [.. Enumerable.Range(0, state.Refs.Count).Select(id => state.Refs[id]).Where(@ref => IsLive(@ref) && set.Contains(@ref)).Order(StringComparer.Ordinal)];
    }

    private static async Task RunAsync(Rehearsal rehearsal, Job job, Queue<VerifyBatch> batches, int slots, VerifyJudgement judgement, CancellationToken stop)
    {
        using var ends = new RunEnds();
        string mark = Guid.CreateVersion7().ToString("D");
        var executor = new LocalExecutor(ends, new LocalExecutorOptions
        {
            Slots = slots,
            RunMarker = $"verify:{mark}",
            ScratchDirectory = Path.Combine(Scratch.Parent(rehearsal.Workspace.StateDirectory), $"verify-{mark}"),
        });
        var underWay = new List<VerifyBatch>();
        await using (executor.ConfigureAwait(false))
        {
            using var wake = stop.Register(ends.Wake);
            bool stopping = false;
            while (batches.Count > 0 || underWay.Count > 0)
            {
                if (stop.IsCancellationRequested && !stopping)
                {
                    stopping = true;
                    batches.Clear();
                    underWay.ForEach(batch => Array.ForEach(batch.Runs, run => executor.Cancel(run.Request.RunId)));
                }

                // No more than are run at once: each takes the disk that its output takes.
                while (underWay.Count < slots && batches.TryDequeue(out var next))
                {
                    next.Prepare(rehearsal);
                    underWay.Add(next);
                    Array.ForEach(next.Runs, run => executor.Start(run.Request));
                }

                if (underWay.Count == 0 || ends.Take() is not { } ended)
                {
                    continue;
                }

                var batch = underWay.Single(batch => Array.Exists(batch.Runs, run => run.Request.RunId == ended.RunId));
                batch.Runs.Single(run => run.Request.RunId == ended.RunId).Returned = ended;
                if (batch.HasEnded)
                {
                    underWay.Remove(batch);
                    judgement.Of(batch, stopping);
                }
            }
        }

        judgement.Remove(Path.Combine(Scratch.Parent(rehearsal.Workspace.StateDirectory), $"verify-{mark}"));
    }

    private void Say(Diagnostic diagnostic)
    {
        if (said.Count < MostDiagnostics && said.Add($"{diagnostic.Code} {diagnostic.Text}"))
        {
            report.Diagnostics.Add(diagnostic);
            say(diagnostic);
        }
    }

    private void Tell(VerifiedPartition partition)
    {
        if (report.Partitions.Count < MostListed)
        {
            report.Partitions.Add(partition);
        }

        found(partition);
    }
}
