using System.Buffers;

namespace DataBuild.Engine.Graph;

/// <summary>How far a text is from what was declared, for "did you mean".</summary>
internal static class EditDistance
{
    /// <summary>Nobody mistypes a longer text; comparing one costs time that grows with the cube of its length.</summary>
    public const int Longest = 256;

    private const int WrongValue = 3;

    private static readonly SearchValues<char> TimeCharacters = SearchValues.Create("0123456789-T");

    /// <summary>The name nearest to a text, ignoring case; null if none is near.</summary>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        var limit = Math.Max(text.Length > 3 ? 2 : 1, text.Length / 3);
        string? nearest = null;
        foreach (var name in text.Length <= Longest ? names.Where(static name => name.Length <= Longest) : [])
        {
            var distance = Between(text.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance <= limit)
            {
                (nearest, limit) = (name, distance - 1);
            }
        }

        return nearest;
    }

    /// <summary>
    /// Characters to insert, delete or replace so that a text fits a pattern. A placeholder takes a value of its type for nothing, text that
    /// looks like a time or number for one, and any other for three.
    /// </summary>
    public static int Between(ReadOnlySpan<char> text, PartitionPattern pattern)
    {
        var row = new int[text.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        foreach (var part in pattern.Parts)
        {
            if (part.Literal is { } literal)
            {
                foreach (var c in literal)
                {
                    Step(row, text, c);
                }
            }
            else
            {
                row = Value(row, text, pattern.Placeholders[part.Placeholder]);
            }
        }

        return row[^1];
    }

    private static int Between(ReadOnlySpan<char> text, ReadOnlySpan<char> name)
    {
        var row = new int[text.Length + 1];
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        foreach (var c in name)
        {
            Step(row, text, c);
        }

        return row[^1];
    }

    private static void Step(int[] row, ReadOnlySpan<char> text, char c)
    {
        var diagonal = row[0]++;
        for (var j = 1; j < row.Length; j++)
        {
            var replaced = diagonal + (text[j - 1] == c ? 0 : 1);
            diagonal = row[j];
            row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
        }
    }

    private static int[] Value(int[] row, ReadOnlySpan<char> text, Placeholder placeholder)
    {
        var next = new int[row.Length];
        for (var end = 0; end < row.Length; end++)
        {
            next[end] = row[end] + WrongValue;
            for (var start = end - 1; start >= 0 && text[start] != '/'; start--)
            {
                next[end] = Math.Min(next[end], row[start] + Cost(text[start..end], placeholder));
            }
        }

        return next;
    }

    private static int Cost(ReadOnlySpan<char> value, Placeholder placeholder)
    {
        if (value is [PatternMatcher.Hole] || ValueText.TryParse(placeholder, value, out _))
        {
            return 0;
        }

        return placeholder.Kind != PlaceholderKind.Enum && value.IndexOfAnyExcept(TimeCharacters) < 0 ? 1 : WrongValue;
    }
}
