namespace DataBuild.Engine.State;

/// <summary>A file outside partitions and sources that an instance read.</summary>
public readonly record struct FileReadFact(string Path, Fingerprint Content);
