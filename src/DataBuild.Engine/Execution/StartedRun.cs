namespace DataBuild.Engine.Execution;

/// <summary>A run's process as its first heartbeat told it.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="Start">Its start in clock ticks since boot: with the id, never another process of this boot.</param>
/// <param name="RunId">The run.</param>
public readonly record struct StartedRun(int Pid, ulong Start, string RunId);
