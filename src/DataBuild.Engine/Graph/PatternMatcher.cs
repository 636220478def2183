namespace DataBuild.Engine.Graph;

/// <summary>
/// Matches a text against one pattern. Patterns are checked to be unambiguous, so the first reading found is the only one;
/// backtracking stays within a segment and is cheap because only strings, ints and enums vary in length.
/// </summary>
internal static class PatternMatcher
{
    /// <summary>Stands for a hole of an expression; a control character, so in no ref.</summary>
    public const char Hole = '\u0001';

    public static bool Match(
        ReadOnlySpan<PatternPart> parts, Placeholder[] placeholders, ReadOnlySpan<char> text, Span<Slot> slots, HoleMode mode) =>
        MatchFrom(parts, placeholders, text, 0, slots, mode);

    private static bool MatchFrom(
        ReadOnlySpan<PatternPart> parts, Placeholder[] placeholders, ReadOnlySpan<char> text, int at, Span<Slot> slots, HoleMode mode)
    {
        while (!parts.IsEmpty && parts[0].Literal is { } literal)
        {
            if (!text[at..].StartsWith(literal, StringComparison.Ordinal))
            {
                return false;
            }

            at += literal.Length;
            parts = parts[1..];
        }

        if (parts.IsEmpty)
        {
            return at == text.Length;
        }

        var rest = text[at..];
        if (rest.IsEmpty)
        {
            return false;
        }

        var index = parts[0].Placeholder;
        var placeholder = placeholders[index];
        if (mode != HoleMode.None && rest[0] == Hole)
        {
            slots[index] = new Slot(at, 1, -1);
            if (MatchFrom(parts[1..], placeholders, text, at + 1, slots, mode))
            {
                return true;
            }
        }

        var (shortest, longest) = Lengths(parts, placeholder, rest, mode);
        for (var length = longest; length >= shortest; length--)
        {
            var value = rest[..length];
            if (ValueText.TryParse(placeholder, value, out var number))
            {
                var mixed = mode == HoleMode.Mixed && value.Contains(Hole);
                slots[index] = new Slot(at, length, mixed ? -1 : number);
                if (MatchFrom(parts[1..], placeholders, text, at + length, slots, mode))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static (int Shortest, int Longest) Lengths(
        ReadOnlySpan<PatternPart> parts, Placeholder placeholder, ReadOnlySpan<char> rest, HoleMode mode)
    {
        var length = ValueText.FixedLength(placeholder.Kind);
        if (length > 0)
        {
            return rest.Length < length ? (1, 0) : (length, length);
        }

        var end = mode == HoleMode.Mixed && placeholder.Kind == PlaceholderKind.String ? rest.IndexOf('/') : rest.IndexOfAny('/', Hole);
        end = end < 0 ? rest.Length : end;
        if (parts.Length == 1 || parts[1].Literal is ['/', ..])
        {
            // Nothing else of this segment follows, so the value ends with it.
            return end == 0 ? (1, 0) : (end, end);
        }

        return (1, end);
    }
}
