using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private readonly Dictionary<string, JobFacts> jobs = new(StringComparer.Ordinal);

    /// <summary>What the log says of a job; null if it never ran.</summary>
    public JobFacts? FactsOfJob(string label) => jobs.GetValueOrDefault(label);

    /// <summary>Too many runs of the job as it is now failed in a row. Another version of it starts with a clean slate.</summary>
    public bool IsQuarantined(string label) =>
        jobs.GetValueOrDefault(label) is { QuarantinedAt: > 0 } job && currentJobs.GetValueOrDefault(label)?.Index == job.JobVersion;

    /// <summary>How many runs of a version of a job failed by its own fault since one last made something.</summary>
    public int StraightFailuresOf(string label, int jobVersion) =>
        jobs.GetValueOrDefault(label) is { } job && job.JobVersion == jobVersion ? job.StraightFailures : 0;

    private void Apply(JobQuarantineEventV1 quarantine, in Applying context)
    {
        Require(
            jobs.TryGetValue(quarantine.Job, out var job) && job.StraightFailures > 0,
            "only-a-failing-job-is-quarantined",
            $"job {quarantine.Job} is quarantined and its last run did not fail");
        Require(job!.QuarantinedAt == 0, "a-job-is-quarantined-once", $"job {quarantine.Job} is quarantined a second time");
        job.QuarantinedAt = context.Offset;
        context.Change.Jobs.Add(quarantine.Job);
    }

    /// <summary>What a run tells of its job as a whole.</summary>
    private void Count(RunFacts run, RunEnd end, FailureClass failureClass)
    {
        bool made = end.Outcomes.Any(outcome => outcome.OutcomeCase == PartitionOutcome.OutcomeOneofCase.Done);
        if (!made && failureClass != FailureClass.User)
        {
            return;
        }

        if (!jobs.TryGetValue(run.Job, out var job))
        {
            jobs.Add(run.Job, job = new JobFacts());
        }

        if (run.JobVersion != job.JobVersion)
        {
            (job.JobVersion, job.StraightFailures, job.QuarantinedAt) = (run.JobVersion, 0, 0);
        }

        if (made)
        {
            job.GoodRuns++;
            job.GoodTicks += end.Duration?.ToTimeSpan().Ticks ?? 0;
            (job.StraightFailures, job.QuarantinedAt) = (0, 0);
        }
        else
        {
            job.StraightFailures++;
        }
    }

    private void LiftQuarantine(string label, in Applying context)
    {
        if (jobs.TryGetValue(label, out var job))
        {
            (job.StraightFailures, job.QuarantinedAt) = (0, 0);
            context.Change.Jobs.Add(label);
        }
    }
}
