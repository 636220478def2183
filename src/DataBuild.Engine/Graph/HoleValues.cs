using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>Resolves a hole of a set in the place of one placeholder; what is wrong is thrown as a <see cref="DataBuildException"/>.</summary>
internal static class HoleValues
{
    public static ResolvedHole Resolve(Expression expression, ExpressionHole hole, Placeholder placeholder, DateTime? today) => placeholder.Kind switch
    {
        PlaceholderKind.String => Strings(expression, hole, placeholder),
        PlaceholderKind.Enum => Choices(expression, hole, placeholder),
        _ => Numbers(expression, hole, placeholder, today),
    };

    private static ResolvedHole Strings(Expression expression, ExpressionHole hole, Placeholder placeholder)
    {
        if (hole.Items.Count == 1 || hole.Items.Any(item => item.High is not null))
        {
            throw new DataBuildException(
                Rules.NotEnumerable,
                $"'{{{hole.Text}}}' in '{expression}' stands for the string '{placeholder.Name}', whose values cannot be listed; write the value itself, or alternatives: {{a|b}}");
        }

        foreach (var item in hole.Items)
        {
            if (item.Low.Contains('/', StringComparison.Ordinal))
            {
                throw Wrong(expression, item.Low, placeholder);
            }
        }

        return new ResolvedHole(new ListedValues(hole.Items.Select(item => item.Low)), hole.Text);
    }

    private static ResolvedHole Choices(Expression expression, ExpressionHole hole, Placeholder placeholder)
    {
        List<NumberRange> ranges = [];
        foreach (var item in hole.Items)
        {
            if (item.High is not null)
            {
                throw new DataBuildException(
                    Rules.NotEnumerable, $"'{{{hole.Text}}}' in '{expression}' is a range of the enum '{placeholder.Name}', which has no order; list the alternatives: {{a|b}}");
            }

            if (ValueText.TryParse(placeholder, item.Low, out var index))
            {
                ranges.Add(new NumberRange(index, index));
            }
            else if (TermText.TryParse(item.Low) is { Steps: [] or [{ Part: "all" }] } term && term.Name == placeholder.Name)
            {
                ranges.Add(new NumberRange(0, placeholder.Values.Count - 1));
            }
            else
            {
                throw Wrong(expression, item.Low, placeholder);
            }
        }

        return new ResolvedHole(RangeValues.Union(placeholder, ranges), hole.Text);
    }

    private static ResolvedHole Numbers(Expression expression, ExpressionHole hole, Placeholder placeholder, DateTime? today)
    {
        List<NumberRange> ranges = [];
        List<string> texts = [];
        foreach (var item in hole.Items)
        {
            var low = End(expression, item.Low, placeholder, today);
            var high = item.High is null ? low : End(expression, item.High, placeholder, today);
            if (low.Low > high.High)
            {
                // A range from a fixed day until today is empty until that day, which is no mistake.
                if (low.IsRelative == high.IsRelative)
                {
                    throw new DataBuildException(Rules.InvertedRange, $"the range '{{{item.Low}..{item.High}}}' in '{expression}' ends before it begins; swap its ends");
                }

                continue;
            }

            ranges.Add(new NumberRange(low.Low, high.High));
            var (first, last) = (ValueText.Format(placeholder.Kind, low.Low), ValueText.Format(placeholder.Kind, high.High));
            texts.Add(low.Low == high.High ? first : $"{first}..{last}");
        }

        return new ResolvedHole(RangeValues.Union(placeholder, ranges), string.Join('|', texts));
    }

    private static (long Low, long High, bool IsRelative) End(Expression expression, string text, Placeholder placeholder, DateTime? today)
    {
        if (ValueText.TryParse(placeholder.Kind, text, out var number))
        {
            return (number, number, false);
        }

        var term = TermText.TryParse(text);
        if (term?.Name == PartitionSet.Today && ValueText.IsTime(placeholder.Kind))
        {
            // Hours can be added to an hour only.
            var kind = placeholder.Kind == PlaceholderKind.Hour ? PlaceholderKind.Hour : PlaceholderKind.Date;
            return Relative(expression, Term.Bind(term, kind), kind, placeholder, today);
        }

        throw term is { Steps: [] or [{ Part: "all" }] } && term.Name == placeholder.Name
            ? new DataBuildException(
                Rules.NotEnumerable,
                $"'{{{text}}}' in '{expression}' names all values of {Term.Describe(placeholder.Kind)}, which cannot be listed; give a range: {Example(placeholder.Kind)}")
            : Wrong(expression, text, placeholder);
    }

    private static (long Low, long High, bool IsRelative) Relative(
        Expression expression, Term term, PlaceholderKind from, Placeholder placeholder, DateTime? today)
    {
        if (today is not { } day)
        {
            throw new DataBuildException(
                Rules.RelativeEndWithoutDay, $"'{term.Text}' in '{expression}' depends on the day, and none is known here; give dates");
        }

        var value = term.Evaluate(Calendar.Of(from, DateOnly.FromDateTime(day)));
        if (value.Beyond != 0)
        {
            throw new DataBuildException(Rules.TimeOutOfRange, $"'{term.Text}' in '{expression}' leads out of the years 1 to 9999; shift by less");
        }

        // A day stands for its month or year, and for its first hour.
        if (term.Kind == PlaceholderKind.Date && !term.IsRange)
        {
            var own = Calendar.Of(placeholder.Kind, DateOnly.FromDayNumber((int)value.Low));
            return (own, own, true);
        }

        return term.Kind == placeholder.Kind
            ? (value.Low, value.High, true)
            : throw new DataBuildException(
                Rules.WrongType, $"'{{{term.Text}}}' in '{expression}' gives {Term.Describe(term.Kind)} where {Term.Describe(placeholder.Kind)} belongs");
    }

    private static string Example(PlaceholderKind kind)
    {
        var (low, high) = kind == PlaceholderKind.Int ? (1, 9) : (Calendar.Of(kind, new DateOnly(2001, 1, 1)), Calendar.Of(kind, new DateOnly(2002, 1, 1)));
        return $"{{{ValueText.Format(kind, low)}..{ValueText.Format(kind, high)}}}";
    }

    private static DataBuildException Wrong(Expression expression, string text, Placeholder placeholder) =>
        new(Rules.WrongType, $"'{text}' in '{expression}' is not {ValueText.Shape(placeholder)}, as '{placeholder.Name}' asks for; write a value such as {Sample(placeholder)}{(IsRange(text) ? ", and a range with two dots, as in {{a..b}}" : "")}");

    private static bool IsRange(string text) => text.Contains('.', StringComparison.Ordinal);

    private static string Sample(Placeholder placeholder) => placeholder.Kind switch
    {
        PlaceholderKind.Enum => placeholder.Values[0],
        PlaceholderKind.Int => "7",
        PlaceholderKind.String => "abc",
        _ => ValueText.Format(placeholder.Kind, Calendar.Of(placeholder.Kind, new DateOnly(2001, 1, 31))),
    };
}
