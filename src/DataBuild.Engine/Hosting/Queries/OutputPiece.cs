namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Some of what a run wrote, in order within its stream.</summary>
/// <param name="Path">The stream's file as people are shown it.</param>
/// <param name="Position">Where the piece begins in it, in bytes.</param>
/// <param name="Text">The piece.</param>
public readonly record struct OutputPiece(string Path, long Position, string Text);
