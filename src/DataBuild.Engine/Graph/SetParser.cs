using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>
/// Resolves set expressions against a graph. A hole stands for the whole value of a placeholder; where no family fits like that,
/// the alternatives of a hole are tried one by one as literal text, so that they may pick families or parts of a value.
/// </summary>
internal sealed class SetParser(GraphLookup graph, DateTime? today)
{
    private const int MaxBranches = 10_000;

    private int _branches;

    /// <summary>The boxes of one expression, and its text without relative ends. Throws what is wrong as a <see cref="DataBuildException"/>.</summary>
    public (IReadOnlyList<SetBox> Boxes, IReadOnlyList<string> Text) Parse(Expression expression)
    {
        _branches = 0;
        List<SetBox> boxes = [];
        List<string> text = [];
        Resolve(expression, boxes, text);

        // Only relative ends change the text, and then each family has its own.
        return (boxes, text.TrueForAll(resolved => resolved == expression.Text) || !IsRelative(expression) ? [expression.Text] : text);
    }

    /// <summary>The family of a single ref.</summary>
    public Family FindFamily(string @ref)
    {
        if (!PartitionRef.TryValidate(@ref, out var problem))
        {
            throw new DataBuildException(Rules.BadRef, $"the ref '{@ref}', wanted here, {problem}; correct it");
        }

        var family = graph.Find(@ref) ?? throw new DataBuildException(Rules.NoProducer, graph.NoProducerText(@ref, "wanted here"));
        return family.IsSource ? throw Source(@ref, family) : family;
    }

    private static bool IsRelative(Expression expression) =>
        expression.Holes.Any(hole => hole.Items.Any(item => IsToday(item.Low) || (item.High is { } high && IsToday(high))));

    private static bool IsToday(string text) => TermText.TryParse(text)?.Name == PartitionSet.Today;

    private static DataBuildException Source(string text, Family family) => new(
        Rules.SourceWanted, $"'{text}' is a source (pattern '{family.Pattern}'), which is observed and never made; want what is made of it");

    private void Resolve(Expression expression, List<SetBox> boxes, List<string> text)
    {
        if (++_branches > MaxBranches)
        {
            throw new DataBuildException(
                Rules.SetTooLarge, $"the alternatives of '{expression}' match too many patterns to list; write one set a pattern");
        }

        if (expression.Holes.Count == 0)
        {
            AddSingle(expression.Text, boxes);
            text.Add(expression.Text);
            return;
        }

        DataBuildException? problem = null;
        var found = false;
        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        foreach (var family in graph.Candidates(expression))
        {
            if (family.Pattern.TryMatch(expression.Template, slots, HoleMode.Whole))
            {
                try
                {
                    AddFamily(expression, family, slots, boxes, text);
                    found = true;
                }
                catch (DataBuildException e) when (e.Rule != Rules.SourceWanted && e.Rule != Rules.RelativeEndWithoutDay && e.Rule != Rules.BadRef)
                {
                    // Another family may fit, or the alternatives one by one; if not, the first one's problem is the one to show.
                    problem ??= e;
                }
            }
        }

        if (!found)
        {
            ResolveAlternatives(expression, problem, boxes, text);
        }
    }

    private void ResolveAlternatives(Expression expression, DataBuildException? problem, List<SetBox> boxes, List<string> text)
    {
        for (var i = 0; i < expression.Holes.Count; i++)
        {
            var hole = expression.Holes[i];
            if (hole.Items.Count == 1 || hole.Items.Any(item => item.High is not null || IsToday(item.Low)))
            {
                continue;
            }

            try
            {
                List<SetBox> branches = [];
                List<string> texts = [];
                foreach (var item in hole.Items)
                {
                    Resolve(expression.Fill(i, item.Low), branches, texts);
                }

                boxes.AddRange(branches);
                text.AddRange(texts);
                return;
            }
            catch (DataBuildException e)
            {
                throw problem ?? e;
            }
        }

        throw problem ?? new DataBuildException(Rules.NoProducer, graph.NoProducerText(expression.Template, expression.Text, "wanted here"));
    }

    private void AddSingle(string @ref, List<SetBox> boxes)
    {
        var family = FindFamily(@ref);
        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        family.Pattern.TryMatch(@ref, slots);
        boxes.Add(new SetBox(family, [.. Enumerable.Range(0, family.Pattern.Placeholders.Count).Zip(slots[..family.Pattern.Placeholders.Count].ToArray(),
            (i, slot) => ValueOf(family.Pattern.Placeholders[i], @ref, slot))]));
    }

    private void AddFamily(Expression expression, Family family, ReadOnlySpan<Slot> slots, List<SetBox> boxes, List<string> text)
    {
        var pattern = family.Pattern;
        var values = new ValueSet[pattern.Placeholders.Count];
        List<string> holes = [];
        foreach (var part in pattern.Parts)
        {
            if (part.Literal is not null)
            {
                continue;
            }

            var placeholder = pattern.Placeholders[part.Placeholder];
            var slot = slots[part.Placeholder];
            if (slot.Number >= 0)
            {
                values[part.Placeholder] = ValueOf(placeholder, expression.Template, slot);
                continue;
            }

            var resolved = HoleValues.Resolve(expression, expression.Holes[holes.Count], placeholder, today);
            values[part.Placeholder] = resolved.Values;
            holes.Add(resolved.Text);
        }

        if (family.IsSource)
        {
            throw Source(expression.Text, family);
        }

        if (Array.TrueForAll(values, set => !set.IsEmpty))
        {
            var box = new SetBox(family, values);
            box.CheckRefs();
            boxes.Add(box);
            text.Add(string.Concat(expression.Literals.Select((literal, i) => i == holes.Count ? literal : $"{literal}{{{holes[i]}}}")));
        }
    }

    private static ValueSet ValueOf(Placeholder placeholder, string text, Slot slot) => placeholder.Kind == PlaceholderKind.String
        ? new ListedValues([slot.In(text).ToString()])
        : RangeValues.Union(placeholder, [new NumberRange(slot.Number, slot.Number)]);
}
