namespace DataBuild.Engine.Graph;

/// <summary>The values of a ref's placeholders, in the pattern's order.</summary>
public sealed class PartitionKey : IEquatable<PartitionKey>
{
    private readonly IReadOnlyList<Placeholder> _placeholders;

    internal PartitionKey(IReadOnlyList<Placeholder> placeholders, IReadOnlyList<PartitionValue> values)
    {
        _placeholders = placeholders;
        Values = values;
    }

    public IReadOnlyList<PartitionValue> Values { get; }

    /// <summary>The canonical text of a placeholder's value.</summary>
    public string this[string name]
    {
        get
        {
            for (var i = 0; i < _placeholders.Count; i++)
            {
                if (_placeholders[i].Name == name)
                {
                    return Values[i].Text;
                }
            }

            throw new KeyNotFoundException($"the pattern has no placeholder '{name}'");
        }
    }

    public bool Equals(PartitionKey? other) => other is not null && Values.SequenceEqual(other.Values);

    public override bool Equals(object? obj) => Equals(obj as PartitionKey);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", _placeholders.Select((placeholder, i) => $"{placeholder.Name}={Values[i].Text}"));
}
