using DataBuild.Engine.State;

namespace DataBuild.Engine.Reconciling;

/// <summary>A live partition whose retention has passed.</summary>
/// <param name="Ref">The partition.</param>
/// <param name="Stamp">What stat said of it when it was published.</param>
/// <param name="Content">Of the live instance.</param>
/// <param name="Since">From when its retention counted.</param>
/// <param name="Retention">How long it was to be kept after that.</param>
internal readonly record struct DuePartition(string Ref, ulong Stamp, Fingerprint Content, DateTimeOffset Since, TimeSpan Retention);
