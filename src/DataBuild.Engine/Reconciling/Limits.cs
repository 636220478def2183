using DataBuild.Engine.Graph;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// How much of each limit the runs under way hold. Counted anew from those runs each time: a slot is a lease of a run that exists,
/// so that none can leak.
/// </summary>
internal sealed class Limits
{
    private readonly GraphLookup graph;
    private readonly Dictionary<string, int> runsOfJob = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> slotsOfPool = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> holderOfJob = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> holderOfPool = new(StringComparer.Ordinal);

    private readonly Dictionary<string, int> runsOfExecutor = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> oldestOfExecutor = new(StringComparer.Ordinal);
    private readonly ReconcilerOptions options;

    private Limits(GraphLookup graph, ReconcilerOptions options)
    {
        this.graph = graph;
        this.options = options;
    }

    public static Limits Of(BuildState state, ReconcilerOptions options)
    {
        var limits = new Limits(state.Graph!, options);
        ulong oldest = ulong.MaxValue;
        foreach (var run in state.ActiveRuns)
        {
            // By what it was queued for: the job may say another executor by now, or not be there.
            limits.runsOfExecutor[run.Executor] = limits.runsOfExecutor.GetValueOrDefault(run.Executor) + 1;
            if (run.QueuedAt < oldest || !limits.oldestOfExecutor.ContainsKey(run.Executor))
            {
                oldest = Math.Min(oldest, run.QueuedAt);
                limits.oldestOfExecutor[run.Executor] = run.IdText;
            }

            if (state.Graph!.FindJob(run.Job) is { } job)
            {
                limits.TakeOfJob(job, run.IdText);
            }
        }

        return limits;
    }

    /// <summary>A run of the job is planned.</summary>
    public void Take(Job job)
    {
        runsOfExecutor[job.Executor] = runsOfExecutor.GetValueOrDefault(job.Executor) + 1;
        TakeOfJob(job, "");
    }

    /// <summary>Null while the executor takes more; else how many it has at one time, and one that it has.</summary>
    public (int Most, string HeldBy)? Full(string executor)
    {
        int most = ExecutorNames.Outlives(executor) ? options.MostOutlivingRuns : options.MostActiveRuns;
        return runsOfExecutor.GetValueOrDefault(executor) >= most ? (most, oldestOfExecutor.GetValueOrDefault(executor, "")) : null;
    }

    private void TakeOfJob(Job job, string runId)
    {
        runsOfJob[job.Label] = runsOfJob.GetValueOrDefault(job.Label) + 1;
        holderOfJob[job.Label] = runId;
        foreach (var (pool, slots) in job.Pools)
        {
            slotsOfPool[pool] = slotsOfPool.GetValueOrDefault(pool) + slots;
            holderOfPool[pool] = runId;
        }
    }

    /// <summary>The limit that keeps the job from another run, with a run that holds it; null if there is none.</summary>
    public (string Limit, string HeldBy)? Blocking(Job job)
    {
        if (job.MaxConcurrency is { } most && runsOfJob.GetValueOrDefault(job.Label) >= most)
        {
            return ($"one of the {most} runs that job {job.Label} may have at one time", holderOfJob[job.Label]);
        }

        foreach (var (pool, slots) in job.Pools)
        {
            int there = graph.Pools[pool];
            if (slotsOfPool.GetValueOrDefault(pool) + slots > there && slotsOfPool.ContainsKey(pool))
            {
                return ($"{slots} of the {there} slots of pool {pool}", holderOfPool[pool]);
            }
        }

        return null;
    }
}
