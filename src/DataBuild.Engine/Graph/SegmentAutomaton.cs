namespace DataBuild.Engine.Graph;

/// <summary>
/// The texts of one segment as a finite automaton without empty steps. Each way to read a text is one path, so two paths with one
/// text are an ambiguity. Built from the last atom to the first: where an atom may end, its state also has the steps of what follows.
/// </summary>
internal sealed class SegmentAutomaton
{
    private readonly List<List<SegmentEdge>> _edges = [];
    private readonly List<bool> _accepts = [];

    /// <param name="atoms">Literals and placeholders in order.</param>
    /// <param name="fold">Upper-case all literal text, so that texts that differ only in case are equal.</param>
    public SegmentAutomaton(IReadOnlyList<SegmentAtom> atoms, bool fold)
    {
        var next = NewState();
        _accepts[next] = true;
        foreach (var atom in atoms.Reverse())
        {
            next = Prepend(atom, next, fold);
        }

        Start = next;
    }

    public int Start { get; }

    public IReadOnlyList<SegmentEdge> Edges(int state) => _edges[state];

    public bool Accepts(int state) => _accepts[state];

    private int Prepend(SegmentAtom atom, int next, bool fold)
    {
        if (atom.Literal is { } literal)
        {
            return PrependText(literal, next, fold);
        }

        switch (atom.Placeholder!.Kind)
        {
            case PlaceholderKind.String:
                var start = NewState();
                var more = NewState(next);
                _edges[start].Add(new SegmentEdge('\0', more, '\0'));
                _edges[more].Add(new SegmentEdge('\0', more, '\0'));
                return start;
            case PlaceholderKind.Int:
                return PrependInt(next);
            case PlaceholderKind.Enum:
                var choice = NewState();
                foreach (var value in atom.Placeholder.Values)
                {
                    _edges[choice].AddRange(_edges[PrependText(value, next, fold)]);
                }

                return choice;
            default:
                return PrependTime(atom.Placeholder.Kind, next);
        }
    }

    private int PrependText(string text, int next, bool fold)
    {
        foreach (var c in text.Reverse())
        {
            var state = NewState();
            _edges[state].Add(new SegmentEdge(fold ? char.ToUpperInvariant(c) : c, next, c));
            next = state;
        }

        return next;
    }

    private int PrependInt(int next)
    {
        var zero = NewState(next);
        var last = NewState(next);
        for (var digits = 1; digits < 18; digits++)
        {
            var state = NewState(next);
            AddDigits(state, 0, last);
            last = state;
        }

        var start = NewState();
        _edges[start].Add(new SegmentEdge('0', zero, '0'));
        AddDigits(start, 1, last);
        return start;
    }

    private int PrependTime(PlaceholderKind kind, int next)
    {
        var length = ValueText.FixedLength(kind);
        var known = new Dictionary<(int, int), int>();
        return Explore(default);

        int Explore((int Position, int Info) from)
        {
            if (from.Position == length)
            {
                return next;
            }

            if (known.TryGetValue(from, out var state))
            {
                return state;
            }

            state = known[from] = NewState();
            foreach (var c in "0123456789-T")
            {
                if (TimeSteps.Next(from, c) is { } to)
                {
                    _edges[state].Add(new SegmentEdge(c, Explore(to), c));
                }
            }

            return state;
        }
    }

    private void AddDigits(int from, int first, int to)
    {
        for (var digit = first; digit < 10; digit++)
        {
            _edges[from].Add(new SegmentEdge((char)('0' + digit), to, (char)('0' + digit)));
        }
    }

    private int NewState(int? like = null)
    {
        _edges.Add(like is { } state ? [.. _edges[state]] : []);
        _accepts.Add(like is { } other && _accepts[other]);
        return _edges.Count - 1;
    }
}
