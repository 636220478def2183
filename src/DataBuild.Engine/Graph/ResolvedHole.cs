namespace DataBuild.Engine.Graph;

/// <summary>What a hole of a set stands for in the place of one placeholder.</summary>
/// <param name="Values">Empty where relative ends leave nothing.</param>
/// <param name="Text">With relative ends replaced; without the braces.</param>
internal sealed record ResolvedHole(ValueSet Values, string Text);
