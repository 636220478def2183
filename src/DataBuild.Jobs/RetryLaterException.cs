namespace DataBuild.Jobs;

/// <summary>Asks for this ref to be run again later: a rate limit, an upstream that has not published yet.</summary>
/// <param name="delay">How long from now.</param>
/// <param name="reason">Why, in one line.</param>
public sealed class RetryLaterException(TimeSpan delay, string reason) : Exception(reason)
{
    /// <summary>How long from now.</summary>
    public TimeSpan Delay { get; } = delay;
}
