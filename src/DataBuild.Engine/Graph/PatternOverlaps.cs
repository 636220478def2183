using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>
/// Finds pairs of families that may not be in one graph: they share a ref, have refs that differ only in case, or a ref of one lies
/// below a ref of the other. Segments are independent of each other, so patterns are put into a tree of segments, which is joined
/// with itself from the root down: a pair of subtrees is looked at only if all segments above share a text, and a pair of siblings
/// only if one's literal beginning begins the other's. Each family is reported at most once, as the later one of its pair.
/// </summary>
internal sealed class PatternOverlaps
{
    private readonly Node _root = new(null);
    private readonly Dictionary<(string, string, bool First, bool Fold), (string First, string Second)?> _known = [];
    private readonly Stack<(SegmentShape First, SegmentShape Second)> _path = new();
    private readonly HashSet<int> _reported = [];
    private readonly List<(int Index, Diagnostic Diagnostic)> _found = [];

    private PatternOverlaps()
    {
    }

    /// <summary>Families with <see cref="Family.Index"/> in order; the diagnostics are in that order too.</summary>
    public static IEnumerable<Diagnostic> Find(IEnumerable<Family> families)
    {
        var overlaps = new PatternOverlaps();
        foreach (var family in families)
        {
            overlaps.Add(family);
        }

        overlaps.Join(overlaps._root, overlaps._root);
        return overlaps._found.OrderBy(found => found.Index).Select(found => found.Diagnostic);
    }

    private void Add(Family family)
    {
        var node = _root;
        foreach (var segment in SegmentShape.Of(family.Pattern))
        {
            node = node.Child(segment);
        }

        node.Families.Add(family);
    }

    private void Join(Node one, Node two)
    {
        var same = one == two;
        foreach (var later in two.Families)
        {
            foreach (var earlier in one.Families)
            {
                if (earlier != later)
                {
                    ReportShared(earlier, later);
                    if (same)
                    {
                        break;
                    }
                }
            }
        }

        ReportBelow(one, two, swapped: false);
        if (!same)
        {
            ReportBelow(two, one, swapped: true);
        }

        foreach (var (first, second) in Siblings(one, two))
        {
            if (Shared(first.Segment!, second.Segment!, fold: true) is not null)
            {
                _path.Push((first.Segment!, second.Segment!));
                Join(first, second);
                _path.Pop();
            }
        }
    }

    /// <summary>Pairs whose literal beginnings do not rule out a shared text; each unordered pair once, and each node with itself, if both nodes are one.</summary>
    private static IEnumerable<(Node First, Node Second)> Siblings(Node one, Node two)
    {
        List<(Node Node, bool IsFirst)> all = [.. one.Children.Select(child => (child, true))];
        if (one != two)
        {
            all.AddRange(two.Children.Select(child => (child, false)));
        }

        all.Sort((x, y) => string.CompareOrdinal(x.Node.Segment!.Prefix, y.Node.Segment!.Prefix));

        // Sorted, whatever begins with a prefix follows it directly: the open ones are all prefixes of the present one.
        List<(Node Node, bool IsFirst)> open = [];
        foreach (var current in all)
        {
            var segment = current.Node.Segment!;
            while (open.Count > 0 && !segment.Prefix.StartsWith(open[^1].Node.Segment!.Prefix, StringComparison.Ordinal))
            {
                open.RemoveAt(open.Count - 1);
            }

            foreach (var (node, isFirst) in open)
            {
                if (one == two)
                {
                    yield return (node, current.Node);
                }
                else if (isFirst != current.IsFirst)
                {
                    yield return isFirst ? (node, current.Node) : (current.Node, node);
                }
            }

            if (one == two)
            {
                yield return (current.Node, current.Node);
            }

            open.Add(current);
        }
    }

    private (string First, string Second)? Shared(SegmentShape one, SegmentShape two, bool fold)
    {
        if (one.IsLiteral && two.IsLiteral)
        {
            var comparison = fold ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            return string.Equals(one.Key, two.Key, comparison) ? (one.Key, two.Key) : null;
        }

        if (!one.Suffix.EndsWith(two.Suffix, StringComparison.Ordinal) && !two.Suffix.EndsWith(one.Suffix, StringComparison.Ordinal))
        {
            return null;
        }

        var key = (one.Key, two.Key, one.IsFirst, fold);
        if (!_known.TryGetValue(key, out var shared))
        {
            shared = _known[key] = SegmentProduct.Find(one, two, fold);
        }

        return shared;
    }

    private void ReportShared(Family one, Family two)
    {
        var (earlier, later) = one.Index < two.Index ? (one, two) : (two, one);
        if (!_reported.Add(later.Index))
        {
            return;
        }

        var exact = Witness(fold: false);
        var text =
            exact is null && Witness(fold: true) is { } folded
                ? Rules.RefsDifferInCase.At(
                    $"the refs '{folded.First}' and '{folded.Second}' of the patterns '{one.Pattern}' and '{two.Pattern}' differ only in case; "
                    + "file systems that ignore case take them for one: change the literal text of one pattern",
                    later.Origin)
            : one.Pattern.Text == two.Pattern.Text
                ? Rules.PatternsOverlap.At(
                    $"the pattern '{later.Pattern}' is declared twice, by {Describe(earlier)} and {Describe(later)}: remove one", later.Origin)
                : Rules.PatternsOverlap.At(
                    $"the patterns '{earlier.Pattern}' of {Describe(earlier)} and '{later.Pattern}' of {Describe(later)} both match '{exact!.Value.First}': "
                    + "change the literal text of one, or give a placeholder a narrower type",
                    later.Origin);
        _found.Add((later.Index, text));
    }

    // The first of a node's own families stands for all of them: the others overlap it and are reported for that.
    private void ReportBelow(Node above, Node node, bool swapped)
    {
        if (above.Families.Count == 0 || node.Children.Count == 0 || Witness(fold: true) is not { } shared)
        {
            return;
        }

        var upper = above.Families[0];
        foreach (var (lower, rest) in Descendants(node))
        {
            var later = upper.Index > lower.Index ? upper : lower;
            if (_reported.Add(later.Index))
            {
                var (upperRef, lowerRef) = swapped ? (shared.Second, shared.First) : shared;
                _found.Add((later.Index, Rules.RefBelowRef.At(
                    $"the ref '{lowerRef}/{rest}' of pattern '{lower.Pattern}' lies below '{upperRef}' of pattern '{upper.Pattern}', "
                    + "which may be a folder of its own: change one pattern so that they lie side by side",
                    later.Origin)));
            }
        }
    }

    private IEnumerable<(Family Family, string Tail)> Descendants(Node node)
    {
        foreach (var child in node.Children)
        {
            if (Shared(child.Segment!, child.Segment!, fold: false) is not { } own)
            {
                continue;
            }

            foreach (var family in child.Families)
            {
                yield return (family, own.First);
            }

            foreach (var (family, rest) in Descendants(child))
            {
                yield return (family, $"{own.First}/{rest}");
            }
        }
    }

    private (string First, string Second)? Witness(bool fold)
    {
        List<string> first = [];
        List<string> second = [];
        foreach (var (one, two) in _path)
        {
            if (Shared(one, two, fold) is not { } shared)
            {
                return null;
            }

            first.Add(shared.First);
            second.Add(shared.Second);
        }

        first.Reverse();
        second.Reverse();
        return (string.Join('/', first), string.Join('/', second));
    }

    private static string Describe(Family family) => family.Job is { } job ? $"job {job.Label}" : "a source";

    private sealed class Node(SegmentShape? segment)
    {
        private readonly Dictionary<string, Node> _children = new(StringComparer.Ordinal);

        public SegmentShape? Segment { get; } = segment;

        public List<Family> Families { get; } = [];

        public Dictionary<string, Node>.ValueCollection Children => _children.Values;

        public Node Child(SegmentShape segment)
        {
            if (!_children.TryGetValue(segment.Key, out var child))
            {
                child = _children[segment.Key] = new Node(segment);
            }

            return child;
        }
    }
}
