namespace DataBuild.Engine.Graph;

/// <summary>Values of a string placeholder, in the order written.</summary>
internal sealed class ListedValues : ValueSet
{
    private readonly string[] _values;
    private readonly HashSet<string> _set;

    public ListedValues(IEnumerable<string> values)
    {
        _values = [.. values.Distinct(StringComparer.Ordinal)];
        _set = new HashSet<string>(_values, StringComparer.Ordinal);
    }

    public override long Count => _values.Length;

    public override bool Contains(ReadOnlySpan<char> text, long number) => _set.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text);

    public override void Append(ref RefWriter writer, long index) => writer.Append(_values[index]);

    public override ValueSet Intersect(ValueSet other) => new ListedValues(_values.Where(((ListedValues)other)._set.Contains));

    public override ValueSet Except(ValueSet other) => new ListedValues(_values.Where(value => !((ListedValues)other)._set.Contains(value)));
}
