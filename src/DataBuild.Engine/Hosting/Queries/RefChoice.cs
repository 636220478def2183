using DataBuild.Engine.Log;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Refs that somebody chose by names, globs and sets, told without a graph: see <see cref="RefSetText"/> for what that costs.</summary>
internal sealed class RefChoice(IReadOnlyCollection<string> texts)
{
    private readonly RefSelector plain = new(texts.Where(text => !IsSet(text)));
    private readonly RefSetText[] sets = [.. texts.Where(IsSet).Select(text => new RefSetText(text))];

    /// <summary>Nothing was chosen, which means all.</summary>
    public bool IsEmpty { get; } = texts.Count == 0;

    public static bool IsSet(string text) => text.Contains('{', StringComparison.Ordinal);

    public bool Has(string @ref) =>
        plain.Has(@ref) || (sets.Length > 0 && new RefGlob(@ref) is var one && Array.Exists(sets, one.Meets));
}
