namespace DataBuild.Simulation.Tests;

/// <summary>What strikes from outside: faults of the machine, and what people and other programs do meanwhile.</summary>
internal enum Happening
{
    /// <summary>The engine dies before the effect; its jobs live on.</summary>
    CrashBefore,

    /// <summary>The effect is done, and the engine dies before it learns so.</summary>
    CrashAfter,

    /// <summary>The engine is stopped, another one takes its lease and works to its end, then the first one wakes up.</summary>
    Paused,

    /// <summary>The disk is full: the effect fails, if it writes.</summary>
    DiskFull,

    /// <summary>The end of a job is reported twice.</summary>
    Doubled,

    /// <summary>A job dies by a signal that nobody of us sent.</summary>
    JobKilled,

    /// <summary>The engine is asked to stop.</summary>
    Stop,

    /// <summary>The clock jumps ahead.</summary>
    ClockAhead,

    /// <summary>The snapshot is gone.</summary>
    SnapshotLost,

    /// <summary>The cluster forgets a run; its process may live all the same.</summary>
    ClusterForgets,

    /// <summary>The cluster says that a run's node is gone; its process may live all the same.</summary>
    NodeLost,

    /// <summary>The cluster answers nothing for a while.</summary>
    ClusterSilent,

    /// <summary>The cluster starts a run a second time, and tells of its end a second time.</summary>
    ClusterRepeats,

    /// <summary>A source has other content.</summary>
    SourceEdited,

    /// <summary>A source is gone.</summary>
    SourceLost,

    /// <summary>A published partition's file is gone.</summary>
    PartitionLost,

    /// <summary>A job is another one from the next build on.</summary>
    JobEdited,

    /// <summary>A job is another one, and finds out that it needs something else.</summary>
    JobNeedsOther,

    /// <summary>The project wants more or less.</summary>
    WantsEdited,

    /// <summary>Somebody taints something live.</summary>
    Taint,

    /// <summary>Somebody lifts a taint.</summary>
    Untaint,

    /// <summary>Somebody wants something.</summary>
    Want,

    /// <summary>Somebody cancels what he wanted.</summary>
    CancelWant,

    /// <summary>Somebody cancels a run.</summary>
    CancelRun,

    /// <summary>Somebody asks for a retry.</summary>
    Retry,

    /// <summary>Somebody accepts what is live as it is.</summary>
    Accept,
}
