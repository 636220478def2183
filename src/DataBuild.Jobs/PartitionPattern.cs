namespace DataBuild.Jobs;

/// <summary>A family of refs, as the project declares it: literal text with typed placeholders.</summary>
internal sealed class PartitionPattern
{
    // Literals and placeholders by turns, beginning and ending with a (maybe empty) literal.
    private readonly List<string> literals = [];
    private readonly List<Placeholder> placeholders = [];

    public PartitionPattern(string text)
    {
        Text = text;
        int at = 0;
        for (int open; (open = text.IndexOf('{', at)) >= 0;)
        {
            int close = text.IndexOf('}', open);
            if (close < 0)
            {
                throw new ArgumentException($"'{{' is never closed in the pattern '{text}'.", nameof(text));
            }

            literals.Add(text[at..open]);
            placeholders.Add(Placeholder.Parse(text[(open + 1)..close]));
            at = close + 1;
        }

        literals.Add(text[at..]);
        if (placeholders.GroupBy(placeholder => placeholder.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"The placeholder '{twice.Key}' is there twice in the pattern '{text}'.", nameof(text));
        }
    }

    public string Text { get; }

    public IReadOnlyList<Placeholder> Placeholders => placeholders;

    public string Example =>
        string.Concat(placeholders.Select((placeholder, i) => literals[i] + placeholder.Example)) + literals[^1];

    public PartitionKey? Match(string @ref)
    {
        if (Ref.WhyInvalid(@ref) is not null)
        {
            return null;
        }

        var values = new string[placeholders.Count];
        return Match(@ref, 0, 0, values) ? new PartitionKey(@ref, placeholders, values) : null;
    }

    // The shortest value that lets the rest match is taken, so that a literal after a string ends it.
    private bool Match(string text, int at, int part, string[] values)
    {
        if (string.CompareOrdinal(text, at, literals[part], 0, literals[part].Length) != 0)
        {
            return false;
        }

        at += literals[part].Length;
        if (part == placeholders.Count)
        {
            return at == text.Length;
        }

        int limit = text.IndexOf('/', at) is var slash and >= 0 ? slash : text.Length;
        for (int end = at + 1; end <= limit; end++)
        {
            string value = text[at..end];
            if (placeholders[part].Accepts(value) && Match(text, end, part + 1, values))
            {
                values[part] = value;
                return true;
            }
        }

        return false;
    }
}
