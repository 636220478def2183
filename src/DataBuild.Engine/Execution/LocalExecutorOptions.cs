namespace DataBuild.Engine.Execution;

/// <summary>How a <see cref="LocalExecutor"/> works and what bounds it keeps.</summary>
public sealed record LocalExecutorOptions : RunLimits
{
    /// <summary>Most processes at one time.</summary>
    public required int Slots { get; init; }

    /// <summary>
    /// Value of DATABUILD_ENGINE in the environment of every job, unique to this executor. It begins with the id of the log, so that
    /// whoever comes after a dead engine finds what it left (<see cref="StrayProcesses"/>).
    /// </summary>
    public required string RunMarker { get; init; }

    /// <summary>
    /// Full path of a folder for this executor alone: partitions files (one a slot, written anew for each run) and messages files (made by
    /// the jobs that have something to say, removed when read). What a dead engine left there is removed at the first run.
    /// </summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>The console that runs are given, one at a time; null where they have none and read the end of stdin at once.</summary>
    public RunConsole? Console { get; init; }

    /// <summary>How long what a run started may hold its output, or live on, after the run's own process has exited.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for processes to be gone after SIGKILL; past it they are reported and left alone.</summary>
    public TimeSpan KillWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the messages file of a running job is looked at for progress; a run that is shorter never is.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromSeconds(1);
}
