namespace DataBuild.Engine.Graph;

/// <summary>A placeholder's value.</summary>
/// <param name="Kind">Of the placeholder.</param>
/// <param name="Text">The one canonical text of the value.</param>
/// <param name="Number">
/// Its place among all values of the kind: an int or year is itself; days, months or hours since 0001-01-01; the index in the enum; 0 for a string.
/// </param>
public readonly record struct PartitionValue(PlaceholderKind Kind, string Text, long Number);
