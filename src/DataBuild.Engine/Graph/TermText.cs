using System.Globalization;

namespace DataBuild.Engine.Graph;

/// <summary>
/// The text of an end that computes: a name, then any of <c>.part</c>, <c>+number unit</c>, <c>-number unit</c>:
/// <c>date-6d</c>, <c>date.month-1mo</c>, <c>month-1mo.days</c>, <c>today-30d</c>, <c>n-1</c>. What the name stands for is not known here.
/// </summary>
internal sealed record TermText(string Text, string Name, IReadOnlyList<TermText.Step> Steps)
{
    /// <summary>Null if the text has not this form: it is then a value.</summary>
    public static TermText? TryParse(string text)
    {
        var at = SkipName(text, 0);
        if (at == 0)
        {
            return null;
        }

        var name = text[..at];
        List<Step> steps = [];
        while (at < text.Length)
        {
            if (text[at] == '.')
            {
                var end = SkipName(text, at + 1);
                if (end == at + 1)
                {
                    return null;
                }

                steps.Add(new Step(text[(at + 1)..end], 0, ""));
                at = end;
            }
            else
            {
                var digits = at + 1;
                while (digits < text.Length && char.IsAsciiDigit(text[digits]))
                {
                    digits++;
                }

                if (text[at] is not ('+' or '-') || digits == at + 1
                    || !long.TryParse(text.AsSpan(at + 1, digits - at - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
                {
                    return null;
                }

                var end = digits;
                while (end < text.Length && char.IsAsciiLetter(text[end]))
                {
                    end++;
                }

                steps.Add(new Step(null, text[at] == '-' ? -amount : amount, text[digits..end]));
                at = end;
            }
        }

        return new TermText(text, name, steps);
    }

    private static int SkipName(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return PatternParser.IsName(text.AsSpan(at, end - at)) ? end : at;
    }

    /// <param name="Part">"month", "days", "all"; null for a shift.</param>
    /// <param name="Amount">Signed.</param>
    /// <param name="Unit">As written; empty for a plain number.</param>
    internal sealed record Step(string? Part, long Amount, string Unit);
}
