namespace DataBuild.Jobs;

/// <summary>How a ref's turn ended.</summary>
internal enum PartitionOutcome
{
    Done,
    Missed,
    RetryLater,
    Failed,
}
