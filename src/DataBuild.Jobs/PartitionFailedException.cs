namespace DataBuild.Jobs;

/// <summary>
/// Fails this ref, and no other, with a reason meant for people: bad data, a rule that doesn't hold. Any other exception fails
/// the ref too, but is taken for an accident: its stack trace goes to standard error and the engine may try again.
/// </summary>
/// <param name="reason">Says what is wrong and where, in one line: it is what the build shows.</param>
/// <param name="retryable">True if the same attempt may well succeed later.</param>
/// <param name="inner">What led to it.</param>
public sealed class PartitionFailedException(string reason, bool retryable = false, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>True if the same attempt may well succeed later; false keeps the engine from trying again in vain.</summary>
    public bool Retryable { get; } = retryable;
}
