using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Jobs: what they make, how their runs went and what they are made of. Counts of refs are the fold's, those of runs are read from the log.</summary>
public sealed class JobsQuery(LogView view)
{
    /// <summary>Runs are counted in so many of the newest events, unless all are asked for.</summary>
    public const int MostEvents = 100_000;

    private readonly BuildState state = view.Load();
    private readonly Dictionary<string, Tally> tallies = new(StringComparer.Ordinal);

    /// <param name="full">Count the runs of the whole log.</param>
    public JobsReport Answer(bool full)
    {
        var report = new JobsReport { Offset = state.Offset, CountedFrom = 1 };
        if (state.Graph is null)
        {
            return report;
        }

        report.CountedFrom = Count(full ? int.MaxValue : MostEvents);
        foreach (var job in Statuses())
        {
            report.Jobs.Add(Report(job));
        }

        return report;
    }

    private ulong Count(int mostEvents)
    {
        ulong from = state.Offset + 1;
        var events = Backwards.Read(view.Log, state.Offset).Take(mostEvents).Select(stored =>
        {
            from = stored.Offset;
            return stored;
        });
        foreach (var run in RunEvents.Newest(events))
        {
            if (!tallies.TryGetValue(run.Queue.Job, out var tally))
            {
                tallies.Add(run.Queue.Job, tally = new Tally(run));
            }

            tally.Add(run);
        }

        return from;
    }

    private IEnumerable<JobStatus> Statuses()
    {
        var rows = new JobRows(state);
        foreach (var trouble in state.Troubles.Values.Where(trouble => trouble.IsFinal))
        {
            var version = state.JobVersionAt(trouble.JobVersion);
            rows[version.Job].Failed += state.CurrentJob(version.Job)?.Index == version.Index ? 1 : 0;
        }

        return rows.All;
    }

    private JobReport Report(JobStatus status)
    {
        var report = new JobReport { Job = status };
        if (tallies.GetValueOrDefault(status.Job) is { } tally)
        {
            report.Runs = tally.Ended;
            report.FailedRuns = tally.Failed;
            report.MeanDuration = tally.Timed == 0 ? null : Duration.FromTimeSpan(tally.Time / tally.Timed);
            report.LastRun = tally.Newest.Row(view.Place);
        }

        if (state.Graph!.FindJob(status.Job) is not { } job)
        {
            return report;
        }

        report.Families.AddRange(state.Graph.Families.Where(family => family.Job == job).Select(family => family.Pattern.Text));
        report.Limits = Limits(job);
        if (state.CurrentJob(job.Label) is { } version)
        {
            report.Fingerprint = Convert.ToHexStringLower(version.Fingerprint.Fingerprint.Span);
            report.ChangedAt = version.Offset;
            report.Changed = state.JobVersionBefore(version)?.DifferenceTo(version) ?? "";
        }

        return report;
    }

    private static JobLimits Limits(Job job)
    {
        var limits = new JobLimits
        {
            BatchSize = job.BatchSize,
            MaxConcurrency = job.MaxConcurrency ?? 0,
            Timeout = job.Timeout is { } timeout ? Duration.FromTimeSpan(timeout) : null,
            Retries = job.Retries,
            OnStale = job.OnStale.ToString(),
            Executor = ExecutorNames.Outlives(job.Executor) ? job.Executor : "",
            Cpus = job.Cpus ?? 0,
            Memory = job.Memory is { } memory ? ByteSize.Format(memory) : "",
            SlurmPartition = job.SlurmPartition,
        };
        foreach (var (pool, slots) in job.Pools)
        {
            limits.Pools.Add(pool, slots);
        }

        return limits;
    }

    /// <summary>Runs of a job, met from the newest on.</summary>
    private sealed class Tally(RunEvents newest)
    {
        public RunEvents Newest => newest;

        public long Ended { get; private set; }

        public long Failed { get; private set; }

        public long Timed { get; private set; }

        public TimeSpan Time { get; private set; }

        public void Add(RunEvents run)
        {
            Ended += run.Ended is null ? 0 : 1;
            Failed += run.State is "Failed" or "Lost" or "Canceled" ? 1 : 0;
            if (run.End?.Duration is { } duration)
            {
                Timed++;
                Time += duration.ToTimeSpan();
            }
        }
    }
}
