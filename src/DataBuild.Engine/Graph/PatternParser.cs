using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>Reads the text of a pattern and checks all that can be checked without other patterns.</summary>
internal sealed class PatternParser
{
    private readonly string _text;
    private readonly List<PatternPart> _parts = [];
    private readonly List<Placeholder> _placeholders = [];

    private PatternParser(string text) => _text = text;

    public static PartitionPattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parser = new PatternParser(text);
        parser.ReadParts();
        var pattern = new PartitionPattern(text, [.. parser._parts], [.. parser._placeholders]);
        parser.CheckRefs(pattern);
        parser.CheckAmbiguity(pattern);
        return pattern;
    }

    /// <summary>Letters, digits and '_', not beginning with a digit: no '-', which subtracts in expressions.</summary>
    internal static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    private void ReadParts()
    {
        if (_text.Length == 0)
        {
            throw Bad("is empty");
        }

        for (var at = 0; at < _text.Length;)
        {
            var brace = _text.AsSpan(at).IndexOfAny('{', '}');
            var end = brace < 0 ? _text.Length : at + brace;
            if (end > at)
            {
                _parts.Add(new PatternPart(ReadLiteral(_text[at..end]), -1));
            }

            if (end == _text.Length)
            {
                return;
            }

            var close = _text.IndexOf('}', end);
            if (_text[end] == '}' || close < 0)
            {
                throw Bad("has a brace without its other half; close it, and list values of an enum with '|'");
            }

            ReadPlaceholder(_text[(end + 1)..close]);
            at = close + 1;
        }
    }

    private string ReadLiteral(string literal)
    {
        foreach (var c in literal)
        {
            var flaw = PartitionRef.CheckCharacter(c);
            if (flaw != RefFlaw.None)
            {
                throw Bad(PartitionRef.Describe(flaw));
            }
        }

        return literal;
    }

    private void ReadPlaceholder(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        if (!IsName(name))
        {
            throw Bad($"has a placeholder '{{{text}}}' whose name is not made of letters, digits and '_'");
        }

        if (_placeholders.Any(other => other.Name == name))
        {
            throw Bad($"has two placeholders '{name}'; give one another name");
        }

        if (_placeholders.Count == PartitionPattern.MaxPlaceholders)
        {
            throw Bad($"has more than {PartitionPattern.MaxPlaceholders} placeholders");
        }

        _parts.Add(new PatternPart(null, _placeholders.Count));
        _placeholders.Add(ReadType(name, colon < 0 ? null : text[(colon + 1)..]));
    }

    private Placeholder ReadType(string name, string? type)
    {
        PlaceholderKind? byName = name switch
        {
            "date" => PlaceholderKind.Date,
            "month" => PlaceholderKind.Month,
            "year" => PlaceholderKind.Year,
            "hour" => PlaceholderKind.Hour,
            _ => null,
        };
        if (type is null)
        {
            return new Placeholder(name, byName ?? PlaceholderKind.String, []);
        }

        IReadOnlyList<string> values = [];
        var kind = type switch
        {
            "string" => PlaceholderKind.String,
            "int" => PlaceholderKind.Int,
            "date" => PlaceholderKind.Date,
            "month" => PlaceholderKind.Month,
            "year" => PlaceholderKind.Year,
            "hour" => PlaceholderKind.Hour,
            _ when type.StartsWith("enum(", StringComparison.Ordinal) && type.EndsWith(')') => PlaceholderKind.Enum,
            _ => throw new DataBuildException(
                Rules.UnknownPlaceholderType,
                $"the type '{type}' of placeholder '{name}' in pattern '{_text}' does not exist; use string, int, date, month, year, hour or enum(a|b)"),
        };
        if (byName is not null && kind != byName)
        {
            throw new DataBuildException(
                Rules.UnknownPlaceholderType,
                $"the placeholder '{name}' in pattern '{_text}' has the type its name stands for, not '{type}'; give it another name");
        }

        if (kind == PlaceholderKind.Enum)
        {
            values = ReadEnum(name, type["enum(".Length..^1]);
        }

        return new Placeholder(name, kind, values);
    }

    private string[] ReadEnum(string name, string text)
    {
        var values = text.Split('|');
        foreach (var value in values)
        {
            var problem =
                value.Length == 0 ? "is empty"
                : value.Contains('/', StringComparison.Ordinal) ? "holds '/'"
                : value.Contains("..", StringComparison.Ordinal) ? "holds '..', which makes a range"
                : value.AsSpan().IndexOfAny('(', ')') >= 0 ? "holds a parenthesis"
                : value.Trim() != value ? "begins or ends with a space"
                : value.Select(PartitionRef.CheckCharacter).FirstOrDefault(flaw => flaw != RefFlaw.None) is var flaw and not RefFlaw.None
                    ? PartitionRef.Describe(flaw)
                : values.Count(other => other.Equals(value, StringComparison.OrdinalIgnoreCase)) > 1
                    ? "is listed twice, or differs from another only in case"
                : null;
            if (problem is not null)
            {
                throw Bad($"has an enum '{name}' whose value '{value}' {problem}");
            }
        }

        return values;
    }

    // Tries refs that are as short as can be. A string or int may still take a value that makes no valid ref: such refs do not match.
    private void CheckRefs(PartitionPattern pattern)
    {
        Check(pattern, -1, "");
        for (var i = 0; i < _placeholders.Count; i++)
        {
            foreach (var value in _placeholders[i].Values)
            {
                Check(pattern, i, value);
            }
        }
    }

    private void Check(PartitionPattern pattern, int placeholder, string value)
    {
        var sample = pattern.Sample(0, placeholder, value);
        if (!PartitionRef.TryValidate(sample, out var problem))
        {
            throw Bad($"{problem} (as in '{sample}')");
        }
    }

    private void CheckAmbiguity(PartitionPattern pattern)
    {
        if (SegmentShape.Of(pattern).Select(segment => segment.AmbiguousText()).FirstOrDefault(text => text is not null) is { } witness)
        {
            throw new DataBuildException(
                Rules.AmbiguousPattern,
                $"the pattern '{_text}' can read '{witness}' in two ways; part its placeholders with '/' or give one a type");
        }
    }

    private DataBuildException Bad(string problem) => new(Rules.BadPattern, $"the pattern '{_text}' {problem}");
}
