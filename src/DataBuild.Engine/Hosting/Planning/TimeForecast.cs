using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Planning;

/// <summary>
/// How long runs would take by the mean of each job's good runs: all of them one after another; and with so many at one time, where
/// neither the sum of the work nor the longest chain of jobs that wait for each other allows less. A run is taken to need as long
/// whatever its batch holds, and what jobs ask for only when they run is not known beforehand.
/// </summary>
internal sealed class TimeForecast(GraphLookup graph, BuildState state, IReadOnlyCollection<JobLoad> loads, int parallelism)
{
    private readonly Dictionary<Job, JobLoad> byJob = loads.ToDictionary(load => load.Job);

    public PlanTime Time()
    {
        var time = new PlanTime
        {
            Parallelism = parallelism,
            Work = Span(Work(load => load.Runs)),
            Wall = Span(Wall(load => load.Runs)),
            WallAtMost = Span(Wall(load => load.RunsAtMost)),
        };
        time.UnknownJobs.AddRange(loads.Where(load => Mean(load.Job) is null).Select(load => load.Job.Label));
        return time;
    }

    public TimeSpan? Mean(Job job) => state.FactsOfJob(job.Label) is { GoodRuns: > 0 } facts ? facts.Predicted : null;

    public long GoodRuns(Job job) => state.FactsOfJob(job.Label)?.GoodRuns ?? 0;

    private static Duration Span(double ticks) => Duration.FromTimeSpan(TimeSpan.FromTicks((long)Math.Min(ticks, TimeSpan.FromDays(36_500).Ticks)));

    private double Work(Func<JobLoad, long> runs) => loads.Sum(load => (double)runs(load) * (Mean(load.Job) ?? TimeSpan.Zero).Ticks);

    private double Wall(Func<JobLoad, long> runs)
    {
        var ends = new Dictionary<Job, double>();
        foreach (var load in loads)
        {
            End(load, runs, ends);
        }

        return Math.Max(Work(runs) / parallelism, ends.Values.DefaultIfEmpty().Max());
    }

    /// <summary>When a job would be done that waits for the others only. Jobs may read each other by different families: the way back counts as nothing.</summary>
    private double End(JobLoad load, Func<JobLoad, long> runs, Dictionary<Job, double> ends)
    {
        if (ends.TryGetValue(load.Job, out double known))
        {
            return known;
        }

        ends[load.Job] = 0;
        double after = load.After.Where(byJob.ContainsKey).Select(job => End(byJob[job], runs, ends)).DefaultIfEmpty().Max();
        double turns = Math.Ceiling((double)runs(load) / AtOneTime(load.Job));
        return ends[load.Job] = after + (turns * (Mean(load.Job) ?? TimeSpan.Zero).Ticks);
    }

    private int AtOneTime(Job job) =>
        Math.Max(1, job.Pools.Select(pool => graph.Pools[pool.Key] / Math.Max(1, pool.Value)).Append(job.MaxConcurrency ?? int.MaxValue).Append(parallelism).Min());
}
