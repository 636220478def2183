using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>Collects what is wrong with a document, so that one compilation shows all of it; and reads the simple kinds of metadata.</summary>
internal sealed class CompilationErrors
{
    private readonly List<Diagnostic> _all = [];

    public IReadOnlyList<Diagnostic> All => _all;

    public bool HasErrors => _all.Exists(diagnostic => diagnostic.Severity == Severity.Error);

    public void Add(DiagnosticRule rule, string text, Origin? origin) => _all.Add(rule.At(text, origin));

    public void AddRange(IEnumerable<Diagnostic> diagnostics) => _all.AddRange(diagnostics);

    /// <summary>Runs what throws at its first problem; false if it did.</summary>
    public bool Try(Origin? origin, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (DataBuildException e)
        {
            Add(e.Rule, e.Message, e.Origin ?? origin);
            return false;
        }
    }

    /// <summary>Null where the text is empty or wrong.</summary>
    public int? Number(string text, string name, int min, int max, Origin? origin)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Add(Rules.BadNumber, string.Create(CultureInfo.InvariantCulture, $"{Subject(name, origin)} is '{text}'; give a whole number from {min:N0} to {max:N0}, written without separators"), origin);
        return null;
    }

    /// <summary>Null where the text is empty or wrong.</summary>
    public TimeSpan? Duration(string text, string name, bool mayBeZero, Origin? origin)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (Durations.TryParse(text, out var duration) && (mayBeZero || duration > TimeSpan.Zero))
        {
            return duration;
        }

        Add(Rules.BadDuration, $"{Subject(name, origin)} is '{text}', which is no {(mayBeZero ? "" : "positive ")}duration of at most 100 years; {Durations.Hint}", origin);
        return null;
    }

    /// <summary>The default where the text is empty or wrong.</summary>
    public T Choice<T>(string text, string name, IReadOnlyList<(string Text, T Value)> choices, T otherwise, Origin? origin)
    {
        if (text.Length == 0)
        {
            return otherwise;
        }

        foreach (var choice in choices)
        {
            if (choice.Text.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return choice.Value;
            }
        }

        Add(Rules.BadChoice, $"{Subject(name, origin)} is '{text}'; write {string.Join(" or ", choices.Select(choice => choice.Text))}", origin);
        return otherwise;
    }

    /// <summary>The line of the item is not always known, so the message itself says whose metadata it is.</summary>
    private static string Subject(string name, Origin? origin) =>
        origin is { ItemType.Length: > 0 } ? $"{name} of {origin.ItemType.ToLowerInvariant()} '{origin.Include}'" : name;

    /// <summary>The entries of a list parted by ';', trimmed, without empty ones.</summary>
    public static string[] List(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
