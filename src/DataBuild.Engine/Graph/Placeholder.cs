namespace DataBuild.Engine.Graph;

/// <summary>A typed gap in a pattern.</summary>
/// <param name="Name">Unique within its pattern.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Values">The values of an enum in declared order; empty for every other kind.</param>
public sealed record Placeholder(string Name, PlaceholderKind Kind, IReadOnlyList<string> Values);
