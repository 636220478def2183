namespace DataBuild.Engine.Graph;

/// <summary>A literal or a placeholder within one segment; exactly one is set.</summary>
internal sealed record SegmentAtom(string? Literal, Placeholder? Placeholder)
{
    public bool IsFixedLength => Literal is not null
        || ValueText.IsTime(Placeholder!.Kind)
        || (Placeholder.Kind == PlaceholderKind.Enum && Placeholder.Values.All(value => value.Length == Placeholder.Values[0].Length));
}
