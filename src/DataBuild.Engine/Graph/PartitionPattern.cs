using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>A declared family's refs: literal text with typed placeholders.</summary>
public sealed class PartitionPattern
{
    public string Text => throw new NotImplementedException();

    public IReadOnlyList<Placeholder> Placeholders => throw new NotImplementedException();

    public static PartitionPattern Parse(string text, Origin? origin = null) => throw new NotImplementedException();

    public bool TryMatch(ReadOnlySpan<char> @ref, out PartitionKey key) => throw new NotImplementedException();

    public string Format(PartitionKey key) => throw new NotImplementedException();
}
