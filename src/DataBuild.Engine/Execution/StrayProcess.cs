namespace DataBuild.Engine.Execution;

/// <summary>A process that a dead engine left.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="RunId">The run that started it; empty if its environment no longer says.</param>
/// <param name="Name">Its short name.</param>
/// <param name="IsGone">False if it was still there when the time was up.</param>
public sealed record StrayProcess(int Pid, string RunId, string Name, bool IsGone);
