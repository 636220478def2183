namespace DataBuild.Engine.State;

/// <summary>An input that an instance read.</summary>
/// <param name="Ref">Its number.</param>
/// <param name="Content">The content that was read.</param>
/// <param name="Run">The run that published what was read; empty for a source.</param>
/// <param name="Missed">Known from a report of missing inputs.</param>
public readonly record struct ReadFact(int Ref, Fingerprint Content, Guid Run, bool Missed);
