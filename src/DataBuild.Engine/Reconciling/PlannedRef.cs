using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>A ref that will run or may.</summary>
/// <param name="Ref">The ref.</param>
/// <param name="Family">What it belongs to.</param>
/// <param name="Will">It will run; otherwise it may.</param>
/// <param name="Reason">Why.</param>
/// <param name="After">Jobs of the inputs that it waits for.</param>
public sealed record PlannedRef(string Ref, Family Family, bool Will, Reason Reason, IReadOnlyCollection<Job> After);
