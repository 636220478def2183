namespace DataBuild.Engine.Graph;

/// <summary>
/// Searches two segments' automata side by side for a shortest text that both match and that a ref may hold. Exact: a character that
/// neither segment names is as good as any other such one, so one stands for all.
/// </summary>
internal static class SegmentProduct
{
    // Letters of no reserved name.
    private const string Others = "zqkywvjhgfse";

    /// <returns>The text as the first and as the second segment spell it; they differ only in case, and not at all without <paramref name="fold"/>.</returns>
    /// <param name="diverging">Only texts that the two read along different paths.</param>
    public static (string First, string Second)? Find(SegmentShape first, SegmentShape second, bool fold, bool diverging = false)
    {
        var (a, b) = (first.Automaton(fold), second.Automaton(fold));
        var names = first.IsFirst || second.IsFirst ? SegmentNames.First : SegmentNames.Later;
        var other = OtherThan(first, second);
        var queue = new Queue<State>();
        var from = new Dictionary<State, (State Previous, char First, char Second)>();
        var start = new State(a.Start, b.Start, SegmentNames.Start, !diverging);
        queue.Enqueue(start);
        from[start] = default;
        while (queue.TryDequeue(out var state))
        {
            if (state.Done && a.Accepts(state.A) && b.Accepts(state.B) && names.Accepts(state.Name))
            {
                return Spell(state, start, from);
            }

            foreach (var one in a.Edges(state.A))
            {
                foreach (var two in b.Edges(state.B))
                {
                    if (!one.IsAny && !two.IsAny && one.Character != two.Character)
                    {
                        continue;
                    }

                    var c = one.IsAny ? (two.IsAny ? other : two.Character) : one.Character;
                    var name = names.Next(state.Name, c);
                    var next = new State(one.Target, two.Target, name, state.Done || one.Target != two.Target);
                    var writtenOne = !one.IsAny ? one.Written : two.IsAny ? other : two.Written;
                    var writtenTwo = !two.IsAny ? two.Written : writtenOne;
                    if (!SegmentNames.IsDead(name) && from.TryAdd(next, (state, writtenOne, writtenTwo)))
                    {
                        queue.Enqueue(next);
                    }
                }
            }
        }

        return null;
    }

    private static (string First, string Second) Spell(State state, State start, Dictionary<State, (State Previous, char First, char Second)> from)
    {
        List<char> first = [];
        List<char> second = [];
        while (state != start)
        {
            var step = from[state];
            first.Add(step.First);
            second.Add(step.Second);
            state = step.Previous;
        }

        first.Reverse();
        second.Reverse();
        return (new string([.. first]), new string([.. second]));
    }

    private static char OtherThan(SegmentShape first, SegmentShape second)
    {
        foreach (var c in Others)
        {
            if (!first.Key.Contains(c, StringComparison.OrdinalIgnoreCase) && !second.Key.Contains(c, StringComparison.OrdinalIgnoreCase))
            {
                return c;
            }
        }

        for (var c = '\u4e00'; ; c++)
        {
            if (!first.Key.Contains(c, StringComparison.Ordinal) && !second.Key.Contains(c, StringComparison.Ordinal))
            {
                return c;
            }
        }
    }

    /// <param name="A">State of the first automaton.</param>
    /// <param name="B">State of the second.</param>
    /// <param name="Name">State of <see cref="SegmentNames"/>.</param>
    /// <param name="Done">The paths have parted, or need not.</param>
    private readonly record struct State(int A, int B, int Name, bool Done);
}
