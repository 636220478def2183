namespace DataBuild.Engine.State;

/// <summary>What the log says of a job, by its label.</summary>
public sealed class JobFacts
{
    /// <summary>Runs that made something.</summary>
    public long GoodRuns { get; set; }

    /// <summary>How long these took in all, in ticks.</summary>
    public long GoodTicks { get; set; }

    /// <summary>Version of the job that <see cref="StraightFailures"/> counts.</summary>
    public int JobVersion { get; set; } = -1;

    /// <summary>Runs of that version that failed by the job's own fault since one last made something.</summary>
    public int StraightFailures { get; set; }

    /// <summary>The event by which that version was quarantined; 0 if it is not.</summary>
    public ulong QuarantinedAt { get; set; }

    /// <summary>How long a run takes, as far as is known.</summary>
    public TimeSpan Predicted => GoodRuns == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(GoodTicks / GoodRuns);
}
