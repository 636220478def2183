using System.Globalization;

namespace DataBuild.Jobs;

/// <summary>A typed gap in a pattern: <c>{date}</c>, <c>{n:int}</c>, <c>{c:enum(red|blue)}</c>.</summary>
internal sealed record Placeholder(string Name, PlaceholderKind Kind, IReadOnlyList<string> Values)
{
    private const int MaxIntDigits = 18;

    public static Placeholder Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? text : text[..colon];
        string kind = colon < 0 ? text : text[(colon + 1)..];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
        {
            throw new ArgumentException($"'{name}' is no name for a placeholder in '{{{text}}}'.");
        }

        if (kind.StartsWith("enum(", StringComparison.Ordinal) && kind[^1] == ')')
        {
            return new Placeholder(name, PlaceholderKind.Enum, kind["enum(".Length..^1].Split('|'));
        }

        return new Placeholder(
            name,
            kind switch
            {
                "date" => PlaceholderKind.Date,
                "month" => PlaceholderKind.Month,
                "year" => PlaceholderKind.Year,
                "hour" => PlaceholderKind.Hour,
                "int" when colon >= 0 => PlaceholderKind.Int,
                _ when colon < 0 => PlaceholderKind.String,
                "string" => PlaceholderKind.String,
                _ => throw new ArgumentException(
                    $"'{kind}' is no type of a placeholder in '{{{text}}}': date, month, year, hour, int, string or enum(a|b)."),
            },
            []);
    }

    /// <summary>True if the text is the one way to write a value of this placeholder.</summary>
    public bool Accepts(string text) => Kind switch
    {
        PlaceholderKind.Date => text.Length == 10 && IsTime(text, PlaceholderFormat.Date),
        PlaceholderKind.Month => text.Length == 7 && IsTime(text, PlaceholderFormat.Month),
        PlaceholderKind.Year => text.Length == 4 && IsTime(text, PlaceholderFormat.Year),
        PlaceholderKind.Hour => text.Length == 13 && IsTime(text, PlaceholderFormat.Hour),
        PlaceholderKind.Int => text.Length is > 0 and <= MaxIntDigits && text.All(char.IsAsciiDigit) && (text.Length == 1 || text[0] != '0'),
        PlaceholderKind.Enum => Values.Contains(text, StringComparer.Ordinal),
        _ => text.Length > 0 && !text.Contains('/', StringComparison.Ordinal),
    };

    /// <summary>A value to show in examples.</summary>
    public string Example => Kind switch
    {
        PlaceholderKind.Date => "2001-02-14",
        PlaceholderKind.Month => "2001-02",
        PlaceholderKind.Year => "2001",
        PlaceholderKind.Hour => "2001-02-14T09",
        PlaceholderKind.Int => "7",
        PlaceholderKind.Enum => Values[0],
        _ => "some-" + Name,
    };

    private static bool IsTime(string text, string format) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
}
