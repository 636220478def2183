namespace DataBuild.Simulation.Tests;

/// <summary>
/// Bugs planted on purpose, one at a time, to prove that the simulation would find them. Each is what an engine, a log, a store or an
/// executor might well do wrong.
/// </summary>
internal enum Bug
{
    None,

    /// <summary>The store lets a deposed engine publish.</summary>
    PublishesUnderAnyTerm,

    /// <summary>What was committed and not yet in place when its engine died is thrown away.</summary>
    ForgetsToPublishAfterCrash,

    /// <summary>What was not committed when its engine died is published all the same.</summary>
    PublishesUncommitted,

    /// <summary>Outputs are put in place when they are made durable, before the commit.</summary>
    PublishesBeforeCommit,

    /// <summary>A changed source is taken for what it was.</summary>
    TrustsOldHashes,

    /// <summary>A changed job is taken for what it was.</summary>
    TrustsOldJobs,

    /// <summary>The log takes events of a deposed engine.</summary>
    AppendsUnderOldTerm,

    /// <summary>The log loses the last event of a large batch.</summary>
    LosesAnEvent,

    /// <summary>The snapshot is of an earlier state than it says.</summary>
    SnapshotOfAnotherState,

    /// <summary>A run is started twice where there is room.</summary>
    StartsTwice,

    /// <summary>What a dead engine left running goes on.</summary>
    ForgetsOrphans,

    /// <summary>A run that died with its engine stays under way in the log.</summary>
    ForgetsLostRuns,

    /// <summary>The end of some run is never reported.</summary>
    LosesAResult,

    /// <summary>Concurrency and pools are not looked at.</summary>
    IgnoresLimits,

    /// <summary>Declared needs are not looked at.</summary>
    IgnoresNeeds,

    /// <summary>Outputs of a batch get each other's names.</summary>
    SwapsOutputs,

    /// <summary>What had expired and was not removed when its engine died stays where it is.</summary>
    ForgetsToRemove,

    /// <summary>The store lets a deposed engine remove what its successor may have made again.</summary>
    RemovesUnderAnyTerm,

    /// <summary>Recovery records runs of the cluster as lost, as it does with those of the engine's own machine.</summary>
    LosesClusterRuns,

    /// <summary>Runs of the cluster that an engine before began are not taken back.</summary>
    ForgetsToAdopt,

    /// <summary>What a run of the cluster left, and an engine died before it could commit, is thrown away with the rest.</summary>
    GivesNothingBack,

    /// <summary>What a lost attempt of the cluster wrote is published by the next engine.</summary>
    PublishesRevoked,

    /// <summary>A lost attempt keeps the directory that it writes to.</summary>
    RevokesNothing,

    /// <summary>A run of the cluster that is started a second time works a second time.</summary>
    ClaimsNothing,

    /// <summary>Runs of the cluster are handed over without a limit.</summary>
    FloodsCluster,
}
