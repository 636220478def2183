namespace DataBuild.Engine.Graph;

/// <summary>Values that one placeholder takes in a set. Immutable; <see cref="IsEmpty"/> only as the result of an operation.</summary>
internal abstract class ValueSet
{
    public abstract long Count { get; }

    public bool IsEmpty => Count == 0;

    public abstract bool Contains(ReadOnlySpan<char> text, long number);

    /// <summary>Appends the value with this index in the set's order.</summary>
    public abstract void Append(ref RefWriter writer, long index);

    /// <summary>With a set of the same placeholder.</summary>
    public abstract ValueSet Intersect(ValueSet other);

    /// <summary>With a set of the same placeholder.</summary>
    public abstract ValueSet Except(ValueSet other);
}
