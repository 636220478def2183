namespace DataBuild.Engine.Graph;

/// <summary>One alternative: a single end, or a range.</summary>
/// <param name="Low">The single or first end, as written.</param>
/// <param name="High">The last end, as written; null without a range.</param>
internal sealed record ExpressionItem(string Low, string? High);
