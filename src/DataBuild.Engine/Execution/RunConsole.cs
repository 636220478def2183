namespace DataBuild.Engine.Execution;

/// <summary>
/// This process's own console, shared with a run: the run reads stdin itself and belongs to the same process group, so that the terminal
/// sends it Ctrl-C and Ctrl-Z. What it prints passes through the engine to these descriptors as it comes, and where one is a terminal the
/// run sees a terminal too; else its <c>databuild:</c> lines could not be heard.
/// </summary>
/// <param name="Output">Where its stdout goes.</param>
/// <param name="Error">Where its stderr goes.</param>
public sealed record RunConsole(int Output, int Error);
