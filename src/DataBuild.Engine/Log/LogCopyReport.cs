namespace DataBuild.Engine.Log;

/// <summary>A copy of a log, after all of it was read.</summary>
/// <param name="LogId">The log's id.</param>
/// <param name="Events">How many events it holds.</param>
/// <param name="Chain">The check of the last one.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="MovedTo">Where the log before was moved to; empty if there was none.</param>
public sealed record LogCopyReport(string LogId, ulong Events, long Chain, long Bytes, string MovedTo = "");
