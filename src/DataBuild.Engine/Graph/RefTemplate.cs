using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>A need or a path in terms of a family's placeholders, ready to be filled in for a ref of the family.</summary>
internal sealed class RefTemplate
{
    /// <summary>Most refs that one ref's needs may stand for.</summary>
    public const int MaxRefs = 1_000_000;

    private const int BufferLength = PartitionRef.MaxBytes;

    private readonly IReadOnlyList<string> _literals;
    private readonly TemplateItem[][] _holes;

    public RefTemplate(Expression expression, IEnumerable<TemplateItem[]> holes)
    {
        Text = expression.Text;
        _literals = expression.Literals;
        _holes = [.. holes];
        IsScalar = Array.TrueForAll(_holes, items => items is [{ IsScalar: true }]);
        IsDistinct = Array.TrueForAll(_holes, items => items.Length == 1) && _holes.Count(items => !items[0].IsScalar) <= 1;
    }

    public string Text { get; }

    /// <summary>True if it never stands for more than one ref.</summary>
    public bool IsScalar { get; }

    /// <summary>True if it never stands for one ref twice.</summary>
    public bool IsDistinct { get; }

    /// <summary>The one text of a scalar template; null where a value leads out of the calendar or below 0.</summary>
    public string? Fill(ReadOnlySpan<char> @ref, ReadOnlySpan<Slot> slots)
    {
        var writer = new RefWriter(stackalloc char[BufferLength]);
        for (var i = 0; i < _holes.Length; i++)
        {
            writer.Append(_literals[i]);
            var run = _holes[i][0].Evaluate(slots);
            if (run.Count == 0)
            {
                return null;
            }

            AppendValue(ref writer, run, 0, @ref);
        }

        writer.Append(_literals[^1]);
        return writer.ToString();
    }

    /// <summary>Appends every ref, in the order of the first hole, then the second, and so on.</summary>
    public void Expand(string @ref, ReadOnlySpan<Slot> slots, List<string> refs)
    {
        if (IsScalar)
        {
            if (Fill(@ref, slots) is { } one)
            {
                refs.Add(one);
            }

            return;
        }

        var runs = new ValueRun[_holes.Length][];
        long count = 1;
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = new ValueRun[_holes[i].Length];
            long values = 0;
            for (var j = 0; j < runs[i].Length; j++)
            {
                runs[i][j] = _holes[i][j].Evaluate(slots);
                values += runs[i][j].Count;
            }

            if (values == 0)
            {
                return;
            }

            count = count > MaxRefs || values > MaxRefs ? MaxRefs + 1L : count * values;
        }

        if (count + refs.Count > MaxRefs)
        {
            throw new DataBuildException(
                Rules.TooManyNeeds,
                $"the need '{Text}' of '{@ref}' stands for more than {MaxRefs:N0} refs; narrow it, or gather some of them in a partition between");
        }

        Span<char> buffer = stackalloc char[BufferLength];
        Append(0, @ref, runs, "", buffer, refs);
    }

    private void Append(int hole, string @ref, ValueRun[][] runs, ReadOnlySpan<char> head, Span<char> buffer, List<string> refs)
    {
        if (hole == runs.Length)
        {
            var last = new RefWriter(buffer);
            last.Append(head);
            last.Append(_literals[hole]);
            refs.Add(last.ToString());
            return;
        }

        foreach (var run in runs[hole])
        {
            for (long i = 0, count = run.Count; i < count; i++)
            {
                // The head stays where it is in the buffer: what follows is written behind it.
                var writer = new RefWriter(buffer);
                writer.Append(head);
                writer.Append(_literals[hole]);
                AppendValue(ref writer, run, i, @ref);
                Append(hole + 1, @ref, runs, writer.Written, buffer, refs);
            }
        }
    }

    private static void AppendValue(ref RefWriter writer, ValueRun run, long index, ReadOnlySpan<char> @ref)
    {
        if (run.IsRange)
        {
            writer.Append(run.Kind, run.Low + index);
        }
        else
        {
            writer.Append(run.Text ?? run.Copy.In(@ref));
        }
    }
}
