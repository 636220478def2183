namespace DataBuild.Tasks.Ci;

/// <summary>An error or a warning, for a CI system to show beside the code.</summary>
/// <param name="IsError">An error; otherwise a warning.</param>
/// <param name="Code">Its code; may be empty.</param>
/// <param name="Text">One line.</param>
/// <param name="File">Full path; empty for none.</param>
/// <param name="Line">From 1; 0 for none.</param>
/// <param name="Column">From 1; 0 for none.</param>
internal sealed record CiIssue(bool IsError, string Code, string Text, string File, int Line, int Column);
