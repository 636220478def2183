namespace DataBuild.Engine.Graph;

/// <summary>
/// All patterns as one tree of characters: a lookup walks down along the ref, so its time grows with the ref's length and not with the
/// number of patterns. Literal text is tried before placeholders; patterns do not overlap, so at most one path ends at a family.
/// </summary>
internal sealed class RefTrie
{
    private readonly Node _root = new("");

    public void Add(Family family)
    {
        var node = _root;
        foreach (var part in family.Pattern.Parts)
        {
            node = part.Literal is { } literal ? node.Literal(literal) : node.Typed(family.Pattern.Placeholders[part.Placeholder]);
        }

        node.Family = family;
    }

    /// <summary>The family whose pattern fits; whether the text is a valid ref is not looked at.</summary>
    public Family? Find(ReadOnlySpan<char> text) => Find(_root, text);

    /// <summary>
    /// Indices of the families that a text with <see cref="PatternMatcher.Hole"/> characters may fit: all that do, and few that do not.
    /// </summary>
    public SortedSet<int> Candidates(ReadOnlySpan<char> template)
    {
        var families = new SortedSet<int>();
        Collect(_root, template, families);
        return families;
    }

    private static Family? Find(Node node, ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(node.Run, StringComparison.Ordinal))
        {
            return null;
        }

        text = text[node.Run.Length..];
        if (text.IsEmpty)
        {
            return node.Family;
        }

        var literal = node.Firsts.AsSpan().IndexOf(text[0]);
        if (literal >= 0 && Find(node.Literals[literal], text) is { } found)
        {
            return found;
        }

        foreach (var edge in node.Edges)
        {
            if (Follow(edge, text) is { } family)
            {
                return family;
            }
        }

        return null;
    }

    private static Family? Follow(Edge edge, ReadOnlySpan<char> text)
    {
        var kind = edge.Kind;
        var length = ValueText.FixedLength(kind);
        if (length > 0)
        {
            return text.Length >= length && ValueText.TryParse(kind, text[..length], out _) ? Find(edge.Target, text[length..]) : null;
        }

        if (kind == PlaceholderKind.Enum)
        {
            foreach (var value in edge.Values)
            {
                if (text.StartsWith(value, StringComparison.Ordinal) && Find(edge.Target, text[value.Length..]) is { } family)
                {
                    return family;
                }
            }

            return null;
        }

        for (length = LongestValue(kind, text); length > 0; length--)
        {
            if (kind == PlaceholderKind.String || ValueText.TryParse(kind, text[..length], out _))
            {
                if (Find(edge.Target, text[length..]) is { } family)
                {
                    return family;
                }
            }

            if (edge.Target.EndsSegment)
            {
                break;
            }
        }

        return null;
    }

    private static int LongestValue(PlaceholderKind kind, ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (kind == PlaceholderKind.Int ? char.IsAsciiDigit(text[length]) : text[length] != '/'))
        {
            length++;
        }

        return length;
    }

    private static void Collect(Node node, ReadOnlySpan<char> template, SortedSet<int> families)
    {
        if (!template.StartsWith(node.Run, StringComparison.Ordinal))
        {
            return;
        }

        template = template[node.Run.Length..];
        if (template.IsEmpty)
        {
            if (node.Family is { } family)
            {
                families.Add(family.Index);
            }

            return;
        }

        var literal = node.Firsts.AsSpan().IndexOf(template[0]);
        if (literal >= 0)
        {
            Collect(node.Literals[literal], template, families);
        }

        foreach (var edge in node.Edges)
        {
            if (template[0] == PatternMatcher.Hole)
            {
                Collect(edge.Target, template[1..], families);
            }

            var fixedLength = ValueText.FixedLength(edge.Kind);
            var longest = fixedLength > 0 ? Math.Min(fixedLength, template.Length) : LongestValue(PlaceholderKind.String, template);
            for (var length = fixedLength > 0 ? longest : 1; length <= longest; length++)
            {
                Collect(edge.Target, template[length..], families);
            }
        }
    }

    private sealed class Node(string run)
    {
        /// <summary>Literal text read on the way in.</summary>
        public string Run { get; private set; } = run;

        /// <summary>The first character of each of <see cref="Literals"/>.</summary>
        public char[] Firsts { get; private set; } = [];

        public Node[] Literals { get; private set; } = [];

        public Edge[] Edges { get; private set; } = [];

        public Family? Family { get; set; }

        /// <summary>Only '/' or the ref's end may follow.</summary>
        public bool EndsSegment => Edges.Length == 0 && (Firsts.Length == 0 || Firsts is ['/']);

        public Node Literal(string text)
        {
            var index = Array.IndexOf(Firsts, text[0]);
            if (index < 0)
            {
                var added = new Node(text);
                Firsts = [.. Firsts, text[0]];
                Literals = [.. Literals, added];
                return added;
            }

            var child = Literals[index];
            var common = text.AsSpan().CommonPrefixLength(child.Run);
            if (common < child.Run.Length)
            {
                var upper = new Node(child.Run[..common]) { Firsts = [child.Run[common]], Literals = [child] };
                child.Run = child.Run[common..];
                child = Literals[index] = upper;
            }

            return common == text.Length ? child : child.Literal(text[common..]);
        }

        public Node Typed(Placeholder placeholder)
        {
            foreach (var edge in Edges)
            {
                if (edge.Kind == placeholder.Kind && edge.Values.SequenceEqual(placeholder.Values))
                {
                    return edge.Target;
                }
            }

            var target = new Node("");
            Edges = [.. Edges, new Edge(placeholder.Kind, [.. placeholder.Values], target)];
            return target;
        }
    }

    private sealed record Edge(PlaceholderKind Kind, string[] Values, Node Target);
}
