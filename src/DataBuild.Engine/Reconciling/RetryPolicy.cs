using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>Whether and when a failed ref is tried again without being asked. Each class of failure has its own budget.</summary>
public static class RetryPolicy
{
    /// <summary>How often a lost process or an unstartable one is tried again, whatever the job says.</summary>
    public const int InfrastructureRetries = 3;

    /// <summary>How often what somebody else cancelled is tried again, whatever the job says: it may have been the machine's shutdown.</summary>
    public const int CanceledRetries = 3;

    private static readonly TimeSpan longest = TimeSpan.FromHours(1);

    /// <param name="job">The job.</param>
    /// <param name="failureClass">What kind of failure.</param>
    /// <param name="exitCode">Its exit code, where it has one.</param>
    /// <param name="spent">How many failures of this class the ref had before since its last good run.</param>
    /// <param name="runId">The failed run; its jitter is derived from it.</param>
    /// <param name="now">When it failed.</param>
    /// <returns>The instant of the next try; null if it has failed for good.</returns>
    public static DateTimeOffset? NextTry(Job job, FailureClass failureClass, int? exitCode, int spent, Guid runId, DateTimeOffset now)
    {
        int budget = failureClass switch
        {
            FailureClass.User when job.RetryExitCodes is { } codes && exitCode is { } code && !codes.Contains(code) => 0,
            FailureClass.User or FailureClass.Timeout => job.Retries,
            FailureClass.Infrastructure => Math.Max(job.Retries, InfrastructureRetries),
            FailureClass.Canceled => CanceledRetries,
            _ => 0,
        };
        if (spent >= budget)
        {
            return null;
        }

        double delay = Math.Min(job.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(spent, 30)), longest.TotalMilliseconds);
        return now + TimeSpan.FromMilliseconds(delay * (0.8 + (0.4 * RunIds.Fraction(runId))));
    }
}
