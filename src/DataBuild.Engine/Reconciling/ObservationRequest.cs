using DataBuild.Engine.State;

namespace DataBuild.Engine.Reconciling;

/// <summary>Something whose files are to be looked at before a decision.</summary>
/// <param name="Ref">A live partition or a source.</param>
/// <param name="IsSource">It is a source.</param>
/// <param name="Stamp">What stat said last.</param>
/// <param name="Content">What its content was last.</param>
/// <param name="FileReads">Other files that its run read, to be looked at as well.</param>
public sealed record ObservationRequest(string Ref, bool IsSource, ulong Stamp, Fingerprint Content, IReadOnlyList<FileReadFact> FileReads);
