using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>
/// Turns the text of a need or a path into a template over one family's placeholders, and checks that it leads somewhere: a need must fit
/// the pattern of some family, each hole in the place of a placeholder of its type. What is wrong is thrown as a
/// <see cref="DataBuildException"/>.
/// </summary>
internal sealed class TemplateCompiler(Family owner, GraphLookup graph)
{
    private const int MaxBranches = 1_000;

    // Any text will do: for a path, for a part of a string, and for values that pick one of several families.
    private static readonly Placeholder Anything = new("", PlaceholderKind.String, []);

    private int _branches;

    public RefTemplate CompileNeed(string text)
    {
        var expression = Expression.Parse(text);
        _branches = 0;
        var template = new RefTemplate(expression, ResolveNeed(expression));
        CheckSamples(template);
        return template;
    }

    public RefTemplate CompilePath(string text)
    {
        var expression = Expression.Parse(text, isPath: true);
        var template = new RefTemplate(expression, expression.Holes.Select(hole => Resolve(expression, hole, Anything)));
        return template.IsScalar
            ? template
            : throw new DataBuildException(Rules.BadSourcePath, $"the path '{text}' stands for more than one file; each source has one path");
    }

    private List<TemplateItem[]> ResolveNeed(Expression expression)
    {
        if (expression.Holes.Count == 0)
        {
            CheckFixed(expression.Text);
            return [];
        }

        DataBuildException? problem = null;
        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        foreach (var family in graph.Candidates(expression))
        {
            if (family.Pattern.TryMatch(expression.Template, slots, HoleMode.Mixed))
            {
                try
                {
                    return ResolveAgainst(expression, family.Pattern, slots);
                }
                catch (DataBuildException e)
                {
                    // Another family may fit; if none does, the first one's problem is the one to show.
                    problem ??= e;
                }
            }
        }

        return problem is null ? ResolveBranches(expression) : throw problem;
    }

    private List<TemplateItem[]> ResolveAgainst(Expression expression, PartitionPattern pattern, ReadOnlySpan<Slot> slots)
    {
        List<TemplateItem[]> holes = [];
        foreach (var part in pattern.Parts)
        {
            if (part.Literal is null && slots[part.Placeholder] is { Number: < 0 } slot)
            {
                var value = slot.In(expression.Template);
                var target = value.Length == 1 ? pattern.Placeholders[part.Placeholder] : Anything;
                for (var i = value.Count(PatternMatcher.Hole); i > 0; i--)
                {
                    holes.Add(Resolve(expression, expression.Holes[holes.Count], target));
                }
            }
        }

        return holes;
    }

    // No family fits as it stands: the values of a hole may be literal text of several families. Tries the values of the first hole whose values are known.
    private List<TemplateItem[]> ResolveBranches(Expression expression)
    {
        for (var hole = 0; hole < expression.Holes.Count; hole++)
        {
            if (KnownValues(expression.Holes[hole]) is { } values)
            {
                List<TemplateItem[]>? first = null;
                foreach (var value in values)
                {
                    if (++_branches > MaxBranches)
                    {
                        throw new DataBuildException(
                            Rules.SetTooLarge, $"the need '{expression}' has too many alternatives that each fit another pattern; write one need a pattern");
                    }

                    var resolved = ResolveNeed(expression.Fill(hole, value));
                    first ??= resolved;
                }

                first!.Insert(hole, Resolve(expression, expression.Holes[hole], Anything));
                return first;
            }
        }

        foreach (var hole in expression.Holes)
        {
            Resolve(expression, hole, Anything);
        }

        throw new DataBuildException(Rules.NoProducer, graph.NoProducerText(expression.Template, expression.Text, $"needed by '{owner.Pattern}'"));
    }

    private List<string>? KnownValues(ExpressionHole hole)
    {
        List<string> values = [];
        foreach (var item in hole.Items)
        {
            var term = TermText.TryParse(item.Low);
            var placeholder = term is null ? -1 : owner.Pattern.IndexOf(term.Name);
            if (item.High is not null)
            {
                return null;
            }

            if (placeholder >= 0)
            {
                if (term!.Steps is not ([] or [{ Part: "all" }]) || owner.Pattern.Placeholders[placeholder].Kind != PlaceholderKind.Enum)
                {
                    return null;
                }

                values.AddRange(owner.Pattern.Placeholders[placeholder].Values);
            }
            else if (hole.Items.Count > 1)
            {
                values.Add(item.Low);
            }
            else
            {
                return null;
            }
        }

        return values;
    }

    private TemplateItem[] Resolve(Expression expression, ExpressionHole hole, Placeholder target) =>
        [.. hole.Items.SelectMany(item => item.High is null ? ResolveSingle(expression, hole, item.Low, target) : [ResolveRange(expression, hole, item, target)])];

    private IEnumerable<TemplateItem> ResolveSingle(Expression expression, ExpressionHole hole, string text, Placeholder target)
    {
        var term = TermText.TryParse(text);
        var index = term is null ? -1 : owner.Pattern.IndexOf(term.Name);
        if (index >= 0)
        {
            var own = owner.Pattern.Placeholders[index];
            if (own.Kind == PlaceholderKind.Enum && term!.Steps is [{ Part: "all" }])
            {
                return AllOf(own, expression, target);
            }

            var bound = Term.Bind(term!, own.Kind);
            CheckKind(expression, hole, bound, own, target);
            return [bound.IsPlain ? new CopyItem(index) : new TermItem(index, bound)];
        }

        if (target.Kind == PlaceholderKind.Enum && term is { Steps: [{ Part: "all" }] } && term.Name == target.Name)
        {
            return AllOf(target, expression, target);
        }

        var isValue = target.Kind == PlaceholderKind.String
            ? term is null || (hole.Items.Count > 1 && term.Steps.Count == 0)
            : ValueText.TryParse(target, text, out _);
        return isValue ? [new TextItem(text)] : throw NoValue(expression, text, term, target);
    }

    private RangeItem ResolveRange(Expression expression, ExpressionHole hole, ExpressionItem item, Placeholder target)
    {
        var low = BindEnd(item.Low);
        var high = BindEnd(item.High!);
        if (target.Kind is PlaceholderKind.String or PlaceholderKind.Enum && low is null && high is null)
        {
            throw new DataBuildException(
                Rules.NotEnumerable, $"'{{{hole.Text}}}' in '{expression}' is a range where {Term.Describe(target.Kind)} belongs; list the alternatives: {{a|b}}");
        }

        var kind = target.Kind == PlaceholderKind.String ? (low ?? high)!.Value.Term.Kind : target.Kind;
        var (first, last) = (End(low, item.Low), End(high, item.High!));
        if (low?.Placeholder == high?.Placeholder && IsInverted(first, last))
        {
            throw new DataBuildException(Rules.InvertedRange, $"the range '{{{item.Low}..{item.High}}}' in '{expression}' ends before it begins; swap its ends");
        }

        return new RangeItem(kind, first, last);

        (Term Term, int Placeholder)? BindEnd(string text)
        {
            var term = TermText.TryParse(text);
            var index = term is null ? -1 : owner.Pattern.IndexOf(term.Name);
            return index < 0 ? null : (Term.Bind(term!, owner.Pattern.Placeholders[index].Kind), index);
        }

        RangeEnd End((Term Term, int Placeholder)? end, string text)
        {
            if (end is { } bound)
            {
                if (bound.Term.Kind is PlaceholderKind.String or PlaceholderKind.Enum)
                {
                    throw new DataBuildException(
                        Rules.NotEnumerable, $"'{{{hole.Text}}}' in '{expression}' is a range of {Term.Describe(bound.Term.Kind)}s; list the alternatives: {{a|b}}");
                }

                return bound.Term.Kind == kind
                    ? new RangeEnd(0, bound.Placeholder, bound.Term)
                    : throw Mismatch(expression, hole, bound.Term.Kind, kind);
            }

            return ValueText.TryParse(kind, text, out var number)
                ? new RangeEnd(number, -1, null)
                : throw NoValue(expression, text, TermText.TryParse(text), new Placeholder(target.Name, kind, []));
        }

        bool IsInverted(RangeEnd first, RangeEnd last)
        {
            if (first.Term is null)
            {
                return first.Number > last.Number;
            }

            var own = owner.Pattern.Placeholders[first.Placeholder].Kind;
            var slots = new Slot[first.Placeholder + 1];
            slots[first.Placeholder] = new Slot(0, 0, own == PlaceholderKind.Int ? ValueText.MaxInt / 2 : Calendar.Of(own, new DateOnly(2001, 1, 31)));
            return first.Evaluate(slots).LowEnd(kind) > last.Evaluate(slots).HighEnd(kind);
        }
    }

    private static IEnumerable<TemplateItem> AllOf(Placeholder values, Expression expression, Placeholder target)
    {
        foreach (var value in values.Values)
        {
            if (!ValueText.TryParse(target, value, out _))
            {
                throw new DataBuildException(
                    Rules.WrongType, $"the value '{value}' of '{values.Name}' in '{expression}' is not {ValueText.Shape(target)}, as '{target.Name}' asks for");
            }

            yield return new TextItem(value);
        }
    }

    private static void CheckKind(Expression expression, ExpressionHole hole, Term term, Placeholder own, Placeholder target)
    {
        if (target.Kind == PlaceholderKind.String)
        {
            return;
        }

        if (term.Kind != target.Kind)
        {
            throw Mismatch(expression, hole, term.Kind, target.Kind);
        }

        if (target.Kind == PlaceholderKind.Enum && own.Values.FirstOrDefault(value => !target.Values.Contains(value)) is { } missing)
        {
            throw new DataBuildException(
                Rules.WrongType, $"the value '{missing}' of '{own.Name}' in '{expression}' is not {ValueText.Shape(target)}, as '{target.Name}' asks for");
        }
    }

    private static DataBuildException Mismatch(Expression expression, ExpressionHole hole, PlaceholderKind given, PlaceholderKind asked) =>
        new(Rules.WrongType, $"'{{{hole.Text}}}' in '{expression}' gives {Term.Describe(given)} where {Term.Describe(asked)} belongs");

    private DataBuildException NoValue(Expression expression, string text, TermText? term, Placeholder target)
    {
        if (term is null)
        {
            return new DataBuildException(Rules.WrongType, $"'{text}' in '{expression}' is not {ValueText.Shape(target)}, as '{target.Name}' asks for");
        }

        if (term.Name == PartitionSet.Today)
        {
            return new DataBuildException(
                Rules.UnknownPlaceholder, $"'{text}' in '{expression}' depends on the day, so the ref would need another thing tomorrow; use the pattern's placeholders");
        }

        var names = owner.Pattern.Placeholders.Select(placeholder => placeholder.Name).ToList();
        var hint = EditDistance.Nearest(term.Name, names) is { } nearest ? $"did you mean '{nearest}'?"
            : names.Count == 0 ? "it has none"
            : $"it has {string.Join(", ", names)}";
        return new DataBuildException(
            Rules.UnknownPlaceholder, $"the pattern '{owner.Pattern}' has no placeholder '{term.Name}', which '{expression}' names; {hint}");
    }

    private void CheckFixed(string text)
    {
        if (!PartitionRef.TryValidate(text, out var problem))
        {
            throw new DataBuildException(Rules.BadRef, $"the ref '{text}', needed by '{owner.Pattern}', {problem}");
        }

        if (graph.Find(text) is null)
        {
            throw new DataBuildException(Rules.NoProducer, graph.NoProducerText(text, $"needed by '{owner.Pattern}'"));
        }
    }

    // Fills the template in for a few refs: what fails for these fails for others.
    private void CheckSamples(RefTemplate template)
    {
        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        var longest = owner.Pattern.Placeholders.Select(placeholder => placeholder.Values.Count).DefaultIfEmpty().Max();
        for (var i = 0; i < Math.Max(1, longest); i++)
        {
            var sample = owner.Pattern.Sample(i);
            owner.Pattern.TryMatch(sample, slots);
            List<string> refs = [];
            template.Expand(sample, slots, refs);
            if (refs.Contains(sample))
            {
                throw new DataBuildException(
                    Rules.NeedsItself, $"the pattern '{owner.Pattern}' needs itself: '{template.Text}' of '{sample}' holds '{sample}'; shift it ({{date-1d}}) or remove it");
            }
        }
    }
}
