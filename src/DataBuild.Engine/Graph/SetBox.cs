using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>Refs of one family: every combination of the given values of its placeholders. Never empty.</summary>
internal sealed class SetBox
{
    private readonly ValueSet[] _values;

    public SetBox(Family family, ValueSet[] values)
    {
        Family = family;
        _values = values;
        try
        {
            Count = values.Aggregate(1L, (product, set) => checked(product * set.Count));
        }
        catch (OverflowException e)
        {
            throw new DataBuildException(Rules.SetTooLarge, $"a set over '{family.Pattern}' has more refs than can be counted; narrow its ranges", inner: e);
        }
    }

    public Family Family { get; }

    public long Count { get; }

    /// <param name="ref">A ref of the family.</param>
    /// <param name="slots">Where its values stand.</param>
    public bool Contains(ReadOnlySpan<char> @ref, ReadOnlySpan<Slot> slots)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            if (!_values[i].Contains(slots[i].In(@ref), slots[i].Number))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The ref with this index; the last placeholder varies fastest.</summary>
    public string RefAt(long index)
    {
        Span<long> digits = stackalloc long[PartitionPattern.MaxPlaceholders];
        for (var i = _values.Length - 1; i >= 0; i--)
        {
            (index, digits[i]) = Math.DivRem(index, _values[i].Count);
        }

        var writer = new RefWriter(stackalloc char[PartitionRef.MaxBytes]);
        foreach (var part in Family.Pattern.Parts)
        {
            if (part.Literal is { } literal)
            {
                writer.Append(literal);
            }
            else
            {
                _values[part.Placeholder].Append(ref writer, digits[part.Placeholder]);
            }
        }

        return writer.ToString();
    }

    /// <summary>What is left without the refs of another box of the family, as boxes apart from each other.</summary>
    public IEnumerable<SetBox> Except(SetBox other)
    {
        var shared = new ValueSet[_values.Length];
        for (var i = 0; i < shared.Length; i++)
        {
            shared[i] = _values[i].Intersect(other._values[i]);
            if (shared[i].IsEmpty)
            {
                yield return this;
                yield break;
            }
        }

        for (var i = 0; i < shared.Length; i++)
        {
            var rest = _values[i].Except(other._values[i]);
            if (!rest.IsEmpty)
            {
                yield return new SetBox(Family, [.. shared[..i], rest, .. _values[(i + 1)..]]);
            }
        }
    }

    /// <summary>
    /// Throws for a value that makes no valid ref (<c>COM1</c>). Looks at each listed value and at the ends and first ten of each range,
    /// with the others at their first: no rule of refs tells more numbers apart.
    /// </summary>
    public void CheckRefs()
    {
        if (Family.Pattern.IsAlwaysValid)
        {
            return;
        }

        long stride = Count;
        for (var i = 0; i < _values.Length; i++)
        {
            stride /= _values[i].Count;
            var count = _values[i] is RangeValues ? Math.Min(_values[i].Count, 10) : _values[i].Count;
            for (long value = 0; value < count; value++)
            {
                Check(RefAt(value * stride));
            }
        }

        Check(RefAt(Count - 1));
    }

    private static void Check(string @ref)
    {
        if (!PartitionRef.TryValidate(@ref, out var problem))
        {
            throw new DataBuildException(Rules.BadRef, $"the ref '{@ref}', wanted here, {problem}");
        }
    }
}
