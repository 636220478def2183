namespace DataBuild.Integration.Tests.Kills;

/// <summary>What an engine was at when it was killed, as told by what it had said and by what lay on disk.</summary>
internal enum KillPhase
{
    /// <summary>It had no lease yet.</summary>
    Starting,

    /// <summary>Another engine had the lease, and it had said that it waits.</summary>
    Waiting,

    /// <summary>It had the lease and was opening the log, clearing up after the one before it, or publishing for that one.</summary>
    Recovering,

    /// <summary>It was ready, and no run of it was under way yet.</summary>
    Deciding,

    /// <summary>Runs were under way.</summary>
    Running,

    /// <summary>A run's output was moved to where it is published from, its result not yet in the log.</summary>
    Prepared,

    /// <summary>A run's result was in the log, its outputs not yet all in place.</summary>
    Publishing,

    /// <summary>The same, and it was replacing a folder.</summary>
    Exchanging,

    /// <summary>It was writing a snapshot.</summary>
    Snapshot,

    /// <summary>All was done; it had not exited yet.</summary>
    Ending,
}
