using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>
/// The text of a set, a need or a path, cut into literal text and holes. A hole is <c>{</c> items parted by <c>|</c> <c>}</c>; an item is
/// an end, or two with <c>..</c> between them.
/// </summary>
internal sealed class Expression
{
    /// <summary>More would be a mistake, and would make the search for matching families slow.</summary>
    private const int MaxHoles = PartitionPattern.MaxPlaceholders;

    private Expression(string text, IReadOnlyList<string> literals, IReadOnlyList<ExpressionHole> holes)
    {
        Text = text;
        Literals = literals;
        Holes = holes;
        Template = string.Join(PatternMatcher.Hole, literals);
    }

    public string Text { get; }

    /// <summary>One more than holes; empty texts where there is nothing between.</summary>
    public IReadOnlyList<string> Literals { get; }

    public IReadOnlyList<ExpressionHole> Holes { get; }

    /// <summary>The text with <see cref="PatternMatcher.Hole"/> in place of each hole.</summary>
    public string Template { get; }

    /// <summary>Throws <see cref="DataBuildException"/> where the text cannot be read.</summary>
    /// <param name="isPath">Literal text names a file of this machine, so it may hold what refs may not.</param>
    public static Expression Parse(string text, bool isPath = false)
    {
        List<string> literals = [];
        List<ExpressionHole> holes = [];
        var at = 0;
        while (true)
        {
            var brace = text.AsSpan(at).IndexOfAny('{', '}');
            var end = brace < 0 ? text.Length : at + brace;
            literals.Add(text[at..end]);
            CheckCharacters(text, literals[^1], isPath);
            if (brace < 0)
            {
                if (!isPath)
                {
                    CheckSegments(text, string.Join(PatternMatcher.Hole, literals));
                }

                return new Expression(text, literals, holes);
            }

            var close = text.IndexOf('}', end);
            if (text[end] == '}' || close < 0)
            {
                throw Bad(text, "has a brace without its other half; close it, and list alternatives with '|': a ';' would part the item in two");
            }

            if (holes.Count == MaxHoles)
            {
                throw Bad(text, $"has more than {MaxHoles} braces");
            }

            holes.Add(ReadHole(text, text[(end + 1)..close]));
            at = close + 1;
        }
    }

    /// <summary>The expression with one hole replaced by literal text.</summary>
    public Expression Fill(int hole, string value) =>
        Parse(string.Concat(Literals.Select((literal, i) => i == Holes.Count ? literal : literal + (i == hole ? value : $"{{{Holes[i].Text}}}"))));

    public override string ToString() => Text;

    private static ExpressionHole ReadHole(string text, string hole)
    {
        List<ExpressionItem> items = [];
        foreach (var item in hole.Split('|'))
        {
            var range = item.IndexOf("..", StringComparison.Ordinal);
            var (low, high) = range < 0 ? (item, null) : (item[..range], item[(range + 2)..]);
            if (low.Length == 0 || high?.Length == 0 || high?.Contains("..", StringComparison.Ordinal) == true)
            {
                throw Bad(text, $"has '{{{hole}}}' with an end missing; write both, as in {{a|b}} or {{2001-01-01..2001-01-31}}");
            }

            CheckCharacters(text, low);
            CheckCharacters(text, high ?? "");
            items.Add(new ExpressionItem(low, high));
        }

        return new ExpressionHole(hole, items);
    }

    private static void CheckCharacters(string text, string part, bool isPath = false)
    {
        foreach (var c in part)
        {
            var flaw = PartitionRef.CheckCharacter(c);
            if (flaw != RefFlaw.None && !(isPath && flaw == RefFlaw.Forbidden))
            {
                throw Bad(text, PartitionRef.Describe(flaw));
            }
        }
    }

    // A hole is at least one character, so that an empty segment is one whatever the holes stand for. Segments with holes are checked ref by ref.
    private static void CheckSegments(string text, string template)
    {
        foreach (var segment in template.Split('/'))
        {
            if (segment is "" or "." or "..")
            {
                throw new DataBuildException(
                    Rules.BadRef, $"the expression '{text}' {PartitionRef.Describe(segment.Length == 0 ? RefFlaw.EmptySegment : RefFlaw.DotSegment)}; correct it");
            }
        }
    }

    private static DataBuildException Bad(string text, string problem) => new(Rules.BadSet, $"the expression '{text}' {problem}");
}
