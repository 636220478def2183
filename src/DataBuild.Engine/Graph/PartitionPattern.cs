using System.Diagnostics.CodeAnalysis;
using System.Text;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>
/// A declared family's refs: literal text with typed placeholders, <c>delays/{region:enum(us|eu)}/{date}</c>. No ref can be read
/// in two ways: <see cref="Format"/> and <see cref="TryMatch(ReadOnlySpan{char}, out PartitionKey)"/> are each other's inverse.
/// </summary>
public sealed class PartitionPattern
{
    internal const int MaxPlaceholders = 32;

    private readonly PatternPart[] _parts;
    private readonly Placeholder[] _placeholders;

    internal PartitionPattern(string text, PatternPart[] parts, Placeholder[] placeholders)
    {
        Text = text;
        _parts = parts;
        _placeholders = placeholders;
        IsAlwaysValid = Array.TrueForAll(placeholders, placeholder => ValueText.IsTime(placeholder.Kind));
    }

    /// <summary>As declared.</summary>
    public string Text { get; }

    public IReadOnlyList<Placeholder> Placeholders => _placeholders;

    internal ReadOnlySpan<PatternPart> Parts => _parts;

    /// <summary>True if whatever fits the parts is a valid ref; else values decide (<c>COM{n:int}</c>) and each ref is checked.</summary>
    internal bool IsAlwaysValid { get; }

    /// <summary>Throws <see cref="DataBuildException"/> where the text is no pattern.</summary>
    public static PartitionPattern Parse(string text, Origin? origin = null)
    {
        try
        {
            return PatternParser.Parse(text);
        }
        catch (DataBuildException e) when (e.Origin is null && origin is not null)
        {
            throw new DataBuildException(e.Rule, e.Message, origin, e);
        }
    }

    public bool TryMatch(ReadOnlySpan<char> @ref, [NotNullWhen(true)] out PartitionKey? key)
    {
        Span<Slot> slots = stackalloc Slot[MaxPlaceholders];
        if (!TryMatch(@ref, slots) || !PartitionRef.IsValid(@ref))
        {
            key = null;
            return false;
        }

        key = KeyOf(@ref, slots);
        return true;
    }

    /// <summary>The ref with these values; throws <see cref="DataBuildException"/> where they do not make a valid one.</summary>
    public string Format(PartitionKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = new StringBuilder();
        foreach (var part in _parts)
        {
            text.Append(part.Literal ?? key.Values[part.Placeholder].Text);
        }

        var formatted = text.ToString();
        return PartitionRef.TryValidate(formatted, out var problem)
            ? formatted
            : throw new DataBuildException(Rules.BadRef, $"the ref '{formatted}' of pattern '{Text}' {problem}");
    }

    public override string ToString() => Text;

    /// <summary>Whether the text fits, valid as a ref or not.</summary>
    internal bool TryMatch(ReadOnlySpan<char> text, Span<Slot> slots, HoleMode mode = HoleMode.None) =>
        PatternMatcher.Match(_parts, _placeholders, text, slots, mode);

    internal PartitionKey KeyOf(ReadOnlySpan<char> @ref, ReadOnlySpan<Slot> slots)
    {
        var values = new PartitionValue[_placeholders.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = new PartitionValue(_placeholders[i].Kind, slots[i].In(@ref).ToString(), slots[i].Number);
        }

        return new PartitionKey(_placeholders, values);
    }

    /// <summary>A short ref that fits; the index picks among the values of enums.</summary>
    internal string Sample(int index, int placeholder = -1, string value = "")
    {
        var sample = new StringBuilder();
        foreach (var part in _parts)
        {
            sample.Append(part.Literal ?? (part.Placeholder == placeholder ? value : SampleValue(_placeholders[part.Placeholder], index)));
        }

        return sample.ToString();
    }

    internal int IndexOf(string placeholder) => Array.FindIndex(_placeholders, p => p.Name == placeholder);

    private static string SampleValue(Placeholder placeholder, int index) => placeholder.Kind switch
    {
        PlaceholderKind.String => "z",
        PlaceholderKind.Int => "99",
        PlaceholderKind.Enum => placeholder.Values[index % placeholder.Values.Count],
        _ => ValueText.Format(placeholder.Kind, Calendar.Of(placeholder.Kind, new DateOnly(2001, 1, 31))),
    };
}
