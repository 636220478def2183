namespace DataBuild.Engine.Graph;

/// <summary>What stands between two braces of an expression.</summary>
/// <param name="Text">Without the braces.</param>
/// <param name="Items">At least one.</param>
internal sealed record ExpressionHole(string Text, IReadOnlyList<ExpressionItem> Items);
