using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>
/// The union of set expressions, resolved against a graph: <c>delays/daily/{2001-01-01..2001-03-31}/{us|eu}</c>. Ranges stay ranges, so a
/// set of a million refs is as small as one of two, and each ref is counted and listed once, however often it is named.
/// <para>
/// A hole holds items parted by <c>|</c>: values, ranges <c>a..b</c> with both ends included, or <c>region</c> and <c>region.all</c> for all
/// values of the enum. Ends of a time may be relative: <c>today</c>, then <c>+</c> or <c>-</c> a number of <c>h d w mo y</c>, then a part
/// such as <c>.month</c>. <c>today</c> is a day; in the place of a month or year it stands for its own, in that of an hour for its first.
/// A range from a fixed end to a relative one, or the other way round, may be empty; any other that ends before it begins is an error.
/// </para>
/// </summary>
public sealed class PartitionSet
{
    internal const string Today = "today";

    /// <summary>Each box is compared with all others of its family, so the time grows with the square of this.</summary>
    private const int MaxBoxes = 2_000;

    private readonly GraphLookup _graph;
    private readonly List<string> _text = [];

    // Single refs apart from the boxes: a set may name many, and each box costs a look at every other one of its family.
    private readonly List<string> _singles = [];
    private readonly HashSet<string> _singleSet = new(StringComparer.Ordinal);
    private readonly Dictionary<Family, List<SetBox>> _boxesOf = [];
    private readonly List<SetBox> _boxes = [];
    private readonly List<Family> _families = [];
    private readonly HashSet<Family> _familySet = [];

    private PartitionSet(GraphLookup graph) => _graph = graph;

    /// <summary>The expressions with relative ends replaced by dates; parsing them again gives this set. Shorter where such ends leave nothing.</summary>
    public IReadOnlyList<string> Text => _text;

    /// <summary>How many distinct refs.</summary>
    public long Count { get; private set; }

    /// <summary>Every family that a ref of the set belongs to.</summary>
    public IReadOnlyList<Family> Families => _families;

    /// <summary>Throws <see cref="DataBuildException"/> for the first thing that is wrong.</summary>
    /// <param name="expressions">Single refs or sets.</param>
    /// <param name="graph">What they are resolved against.</param>
    /// <param name="today">The local date for relative ends; without one they are an error.</param>
    /// <param name="origin">Where they were declared.</param>
    public static PartitionSet Parse(IEnumerable<string> expressions, GraphLookup graph, DateTime? today, Origin? origin = null)
    {
        var set = TryParse(expressions, graph, today, origin, out _, stopAtFirst: true, out var first);
        return set ?? throw new DataBuildException(first!.Rule, first.Message, origin, first);
    }

    /// <summary>Null, and every error in <paramref name="diagnostics"/>, if there is one.</summary>
    public static PartitionSet? TryParse(
        IEnumerable<string> expressions, GraphLookup graph, DateTime? today, Origin? origin, out IReadOnlyList<Diagnostic> diagnostics) =>
        TryParse(expressions, graph, today, origin, out diagnostics, stopAtFirst: false, out _);

    /// <summary>How many distinct refs of each family.</summary>
    internal Dictionary<Family, long> CountsByFamily()
    {
        var counts = _boxes.GroupBy(box => box.Family).ToDictionary(group => group.Key, group => group.Sum(box => box.Count));
        foreach (var family in _singles.Select(single => _graph.Find(single)!))
        {
            counts[family] = counts.GetValueOrDefault(family) + 1;
        }

        return counts;
    }

    public bool Contains(string @ref)
    {
        if (_singleSet.Contains(@ref))
        {
            return true;
        }

        if (_boxes.Count == 0 || _graph.Find(@ref) is not { } family || !_boxesOf.TryGetValue(family, out var boxes))
        {
            return false;
        }

        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        family.Match(@ref, slots);
        foreach (var box in boxes)
        {
            if (box.Contains(@ref, slots))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Each ref once, made when asked for: sets before single refs, each in the order written; within a set the last placeholder varies
    /// fastest, times and numbers ascend, enums keep their declared order and strings the written one.
    /// </summary>
    public IEnumerable<string> Enumerate()
    {
        foreach (var box in _boxes)
        {
            for (long i = 0; i < box.Count; i++)
            {
                yield return box.RefAt(i);
            }
        }

        foreach (var single in _singles)
        {
            yield return single;
        }
    }

    public override string ToString() => string.Join(';', _text);

    private static PartitionSet? TryParse(
        IEnumerable<string> expressions,
        GraphLookup graph,
        DateTime? today,
        Origin? origin,
        out IReadOnlyList<Diagnostic> diagnostics,
        bool stopAtFirst,
        out DataBuildException? first)
    {
        ArgumentNullException.ThrowIfNull(expressions);
        ArgumentNullException.ThrowIfNull(graph);
        List<Diagnostic> problems = [];
        diagnostics = problems;
        first = null;
        var set = new PartitionSet(graph);
        var parser = new SetParser(graph, today);
        foreach (var expression in expressions)
        {
            try
            {
                set.Add(expression, parser);
            }
            catch (DataBuildException e)
            {
                first ??= e;
                problems.Add(e.Rule.At(e.Message, origin));
                if (stopAtFirst)
                {
                    return null;
                }
            }
        }

        try
        {
            set.Complete();
        }
        catch (DataBuildException e)
        {
            first ??= e;
            problems.Add(e.Rule.At(e.Message, origin));
        }

        return problems.Count == 0 ? set : null;
    }

    private void Add(string expression, SetParser parser)
    {
        if (expression.AsSpan().IndexOfAny('{', '}') < 0)
        {
            AddFamily(parser.FindFamily(expression));
            _text.Add(expression);
            AddSingle(expression);
            return;
        }

        var (boxes, text) = parser.Parse(Expression.Parse(expression));
        if (boxes.Count == 0)
        {
            return;
        }

        _text.AddRange(text);
        foreach (var box in boxes)
        {
            AddFamily(box.Family);
            if (box.Count == 1)
            {
                AddSingle(box.RefAt(0));
                continue;
            }

            if (!_boxesOf.TryGetValue(box.Family, out var known))
            {
                _boxesOf[box.Family] = known = [];
            }

            List<SetBox> left = [box];
            for (var i = 0; i < known.Count && left.Count > 0; i++)
            {
                left = [.. left.SelectMany(piece => piece.Except(known[i]))];
            }

            known.AddRange(left);
            _boxes.AddRange(left);
            if (_boxes.Count > MaxBoxes)
            {
                throw new DataBuildException(Rules.SetTooLarge, $"'{expression}' overlaps other sets in too many ways; narrow its ranges");
            }
        }
    }

    private void AddSingle(string @ref)
    {
        if (_singleSet.Add(@ref))
        {
            _singles.Add(@ref);
        }
    }

    private void AddFamily(Family family)
    {
        if (_familySet.Add(family))
        {
            _families.Add(family);
        }
    }

    private void Complete()
    {
        if (_boxes.Count > 0)
        {
            var singles = _singles.ToList();
            _singles.Clear();
            _singleSet.Clear();
            foreach (var single in singles)
            {
                if (!Contains(single))
                {
                    _singles.Add(single);
                }
            }

            _singleSet.UnionWith(_singles);
        }

        try
        {
            Count = _boxes.Aggregate((long)_singles.Count, (sum, box) => checked(sum + box.Count));
        }
        catch (OverflowException e)
        {
            throw new DataBuildException(Rules.SetTooLarge, $"the set '{this}' has more refs than can be counted; narrow its ranges", inner: e);
        }
    }
}
