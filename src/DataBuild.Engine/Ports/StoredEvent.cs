using DataBuild.V1;

namespace DataBuild.Engine.Ports;

/// <summary>An event and its place in the log.</summary>
public readonly record struct StoredEvent(ulong Offset, BuildEvent Event);
