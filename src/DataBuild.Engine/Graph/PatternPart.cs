namespace DataBuild.Engine.Graph;

/// <summary>A stretch of literal text, or the place of a placeholder.</summary>
/// <param name="Literal">Never empty; null for a placeholder.</param>
/// <param name="Placeholder">Index among the pattern's placeholders.</param>
internal readonly record struct PatternPart(string? Literal, int Placeholder);
