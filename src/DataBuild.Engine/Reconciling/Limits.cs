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

    private Limits(GraphLookup graph) => this.graph = graph;

    public static Limits Of(BuildState state)
    {
        var limits = new Limits(state.Graph!);
        foreach (var run in state.ActiveRuns)
        {
            if (state.Graph!.FindJob(run.Job) is { } job)
            {
                limits.Take(job, run.IdText);
            }
        }

        return limits;
    }

    public void Take(Job job, string runId = "")
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
