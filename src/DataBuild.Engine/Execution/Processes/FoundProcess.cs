namespace DataBuild.Engine.Execution.Processes;

/// <summary>A process that a sweep found, and the run it belongs to.</summary>
internal readonly record struct FoundProcess(int Pid, ulong Start, string Name, string RunId)
{
    public override string ToString() => $"{Pid} ({Name})";
}
