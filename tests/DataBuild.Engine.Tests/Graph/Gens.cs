using CsCheck;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

/// <summary>Random texts made of what is most likely to go wrong.</summary>
internal static class Gens
{
    private static readonly string[] Hostile =
        ["/", "/", "..", ".", "a", "b", "\\", "~", "C:", "\0", " ", "%2e", "%2f", "con", "NUL", ".databuild", "-", "2001-01-05", "\u202e", "ä", "\ud83d\ude00", "\ud800", "$HOME", "\n"];

    private static readonly string[] SegmentPieces =
        ["c", "C", "o", "n", "N", "i", "$", "p", "r", "a", "u", "x", "l", "t", "m", "0", "9", "\u00b2", ".", ".", " ", "com", "lpt1", "CONIN", "CON", "nul", ".databuild", ".DATA", "build", "z"];

    public static Gen<string> HostileText { get; } = Gen.OneOf(Hostile).List[1, 8].Select(string.Concat);

    public static Gen<string> HostileSegment { get; } = Gen.OneOf(SegmentPieces).List[1, 6].Select(string.Concat);

    /// <summary>One to three segments of literals and placeholders over a tiny alphabet, so that two of them often share a ref.</summary>
    public static Gen<string> PatternText { get; } = Gen.Int[0, 12].List[1, 3].List[1, 3].Select(Spell);

    /// <summary>A pattern that parses, by itself.</summary>
    public static Gen<PartitionPattern> Pattern { get; } = PatternText
        .Select(TryParse)
        .Where(pattern => pattern is not null)
        .Select(pattern => pattern!);

    /// <summary>A pattern and a ref made to fit it.</summary>
    public static Gen<(PartitionPattern Pattern, string Ref)> PatternAndRef { get; } =
        Pattern.SelectMany(RefOf, (pattern, @ref) => (pattern, @ref));

    /// <summary>A ref that fits, valid or not.</summary>
    public static Gen<string> RefOf(PartitionPattern pattern)
    {
        var text = Gen.Const("");
        foreach (var part in pattern.Parts)
        {
            var value = part.Literal is { } literal ? Gen.Const(literal) : ValueOf(pattern.Placeholders[part.Placeholder]);
            text = Gen.Select(text, value, string.Concat);
        }

        return text;
    }

    private static Gen<string> ValueOf(Placeholder placeholder) => placeholder.Kind switch
    {
        PlaceholderKind.String => Gen.OneOf("a", "b", "A", "1", "2001", "2001-01", "x", "a-1", "-", ".", "con").List[1, 3].Select(string.Concat),
        PlaceholderKind.Enum => Gen.OneOf([.. placeholder.Values]),
        PlaceholderKind.Int => Gen.OneOf<long>(Gen.Long[0, 12], Gen.Const(2001L), Gen.Const(ValueText.MaxInt)).Select(number => ValueText.Format(PlaceholderKind.Int, number)),
        var kind => Gen.Long[Calendar.Min(kind), Calendar.Max(kind)].Select(number => ValueText.Format(kind, number)),
    };

    private static PartitionPattern? TryParse(string text)
    {
        try
        {
            return PartitionPattern.Parse(text);
        }
        catch (Diagnostics.DataBuildException)
        {
            return null;
        }
    }

    private static string Spell(List<List<int>> segments)
    {
        var names = 0;
        return string.Join('/', segments.Select(segment => string.Concat(segment.Select(piece => piece switch
        {
            0 => "a",
            1 => "A",
            2 => "b",
            3 => "1",
            4 => "-",
            5 => "2001",
            6 => $"{{p{names++}}}",
            7 => $"{{p{names++}:int}}",
            8 => $"{{p{names++}:enum(a|bb|1)}}",
            9 => $"{{p{names++}:date}}",
            10 => $"{{p{names++}:month}}",
            11 => $"{{p{names++}:year}}",
            _ => $"{{p{names++}:hour}}",
        }))));
    }
}
