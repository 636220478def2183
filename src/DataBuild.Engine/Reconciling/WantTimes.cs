namespace DataBuild.Engine.Reconciling;

/// <summary>The instants of one ref for one want.</summary>
/// <param name="Deadline">When it should be there; null if the want has no SLA, or was made after it.</param>
/// <param name="Expiry">When it is no longer wanted; null for never.</param>
/// <param name="IsHistoric">Its deadline had passed when the want was made: it has none, and yields.</param>
internal readonly record struct WantTimes(DateTimeOffset? Deadline, DateTimeOffset? Expiry, bool IsHistoric);
