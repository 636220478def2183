namespace DataBuild.Simulation.Tests;

/// <summary>What an engine does to the world or asks of it. A fault strikes at one: before it, after it, or instead of it.</summary>
internal enum Effect
{
    Load,
    Append,
    Snapshot,
    Observe,
    Stage,
    Start,
    Wait,
    Inspect,
    Prepare,
    Sync,
    Publish,
    Discard,
    Recover,

    /// <summary>A run of the cluster is taken back from an engine before.</summary>
    Adopt,

    /// <summary>Expired partitions are removed.</summary>
    Expire,
}
