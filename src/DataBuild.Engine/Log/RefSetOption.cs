using System.Globalization;

namespace DataBuild.Engine.Log;

/// <summary>What may stand at one place of a set: a text, any value from one end to the other, or any text at all within a segment.</summary>
internal sealed record RefSetOption(string Text, string? To = null)
{
    /// <summary>Values that only the graph knows.</summary>
    public static readonly RefSetOption Anything = new("*");

    /// <summary>Stands for any character in a value that is only known in part.</summary>
    public const char Any = '\0';

    public int ShortestValue => Math.Min(Text.Length, To!.Length);

    public int LongestValue => Math.Max(Text.Length, To!.Length);

    public static RefSetOption Parse(string text, bool isOnlyOne)
    {
        if (text.IndexOf("..", StringComparison.Ordinal) is var dots and > 0)
        {
            return new(text[..dots], text[(dots + 2)..]);
        }

        return isOnlyOne || text.EndsWith(".all", StringComparison.Ordinal) ? Anything : new(text);
    }

    /// <summary>Whether a value of this form lies between the ends. Exact for a whole value or a beginning, else it may say yes too often.</summary>
    public bool Has(ReadOnlySpan<char> value)
    {
        if (long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var from)
            && long.TryParse(To, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var to))
        {
            var padded = Text.Length == To.Length;
            return (padded || value.Length == 1 || value[0] != '0')
                && long.TryParse(Fill(value, '9'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var most) && most >= from
                && long.TryParse(Fill(value, '0'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var least) && least <= to;
        }

        return HasShapeOf(value)
            && string.CompareOrdinal(Fill(value, '9'), Text) >= 0
            && string.CompareOrdinal(Fill(value, '0'), To) <= 0;
    }

    private bool HasShapeOf(ReadOnlySpan<char> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != Any && (char.IsAsciiDigit(value[i]) ? !char.IsAsciiDigit(Text[i]) : value[i] != Text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private string Fill(ReadOnlySpan<char> value, char digit)
    {
        var filled = value.ToArray();
        for (var i = 0; i < filled.Length; i++)
        {
            if (filled[i] == Any)
            {
                filled[i] = i < Text.Length && !char.IsAsciiDigit(Text[i]) && Text[0] != '-' ? Text[i] : digit;
            }
        }

        return new(filled);
    }
}
