namespace DataBuild.Engine.Graph;

/// <summary>Ranges of numbers, ascending and apart from each other. For every kind but string; an enum's numbers are its indices.</summary>
internal sealed class RangeValues : ValueSet
{
    private readonly Placeholder _placeholder;
    private readonly NumberRange[] _ranges;

    // How many values lie before each range.
    private readonly long[] _before;

    private RangeValues(Placeholder placeholder, NumberRange[] ranges)
    {
        _placeholder = placeholder;
        _ranges = ranges;
        _before = new long[ranges.Length];
        for (var i = 1; i < ranges.Length; i++)
        {
            _before[i] = _before[i - 1] + ranges[i - 1].Count;
        }

        Count = ranges.Length == 0 ? 0 : _before[^1] + ranges[^1].Count;
    }

    public override long Count { get; }

    public IReadOnlyList<NumberRange> Ranges => _ranges;

    /// <summary>The union of ranges in any order, overlapping or not.</summary>
    public static RangeValues Union(Placeholder placeholder, IEnumerable<NumberRange> ranges)
    {
        List<NumberRange> merged = [];
        foreach (var range in ranges.OrderBy(range => range.Low))
        {
            if (merged.Count > 0 && range.Low <= merged[^1].High + 1)
            {
                merged[^1] = merged[^1] with { High = Math.Max(merged[^1].High, range.High) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return new RangeValues(placeholder, [.. merged]);
    }

    public override bool Contains(ReadOnlySpan<char> text, long number)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < _ranges[middle].Low)
            {
                high = middle - 1;
            }
            else if (number > _ranges[middle].High)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    public override void Append(ref RefWriter writer, long index)
    {
        var range = Array.BinarySearch(_before, index);
        range = range < 0 ? ~range - 1 : range;
        var number = _ranges[range].Low + index - _before[range];
        if (_placeholder.Kind == PlaceholderKind.Enum)
        {
            writer.Append(_placeholder.Values[(int)number]);
        }
        else
        {
            writer.Append(_placeholder.Kind, number);
        }
    }

    public override ValueSet Intersect(ValueSet other)
    {
        var theirs = ((RangeValues)other)._ranges;
        List<NumberRange> shared = [];
        for (int i = 0, j = 0; i < _ranges.Length && j < theirs.Length;)
        {
            var (low, high) = (Math.Max(_ranges[i].Low, theirs[j].Low), Math.Min(_ranges[i].High, theirs[j].High));
            if (low <= high)
            {
                shared.Add(new NumberRange(low, high));
            }

            if (_ranges[i].High < theirs[j].High)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return new RangeValues(_placeholder, [.. shared]);
    }

    public override ValueSet Except(ValueSet other)
    {
        List<NumberRange> left = [];
        var theirs = ((RangeValues)other)._ranges;
        var j = 0;
        foreach (var range in _ranges)
        {
            var low = range.Low;
            while (j < theirs.Length && theirs[j].High < low)
            {
                j++;
            }

            // The last one looked at may reach into the next range too, so j stays on it.
            for (var k = j; k < theirs.Length && theirs[k].Low <= range.High; k++)
            {
                if (theirs[k].Low > low)
                {
                    left.Add(new NumberRange(low, theirs[k].Low - 1));
                }

                low = theirs[k].High + 1;
            }

            if (low <= range.High)
            {
                left.Add(new NumberRange(low, range.High));
            }
        }

        return new RangeValues(_placeholder, [.. left]);
    }
}
