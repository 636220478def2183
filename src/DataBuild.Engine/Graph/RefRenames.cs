using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>From the refs of one pattern to those of another with the same placeholders, and back.</summary>
public sealed class RefRenames
{
    private readonly PartitionPattern from;
    private readonly PartitionPattern to;

    private RefRenames(PartitionPattern from, PartitionPattern to)
    {
        this.from = from;
        this.to = to;
    }

    /// <summary>Throws <see cref="DataBuildException"/> where a text is no pattern, both are the same, or the placeholders differ.</summary>
    public static RefRenames Of(string from, string to)
    {
        var old = PartitionPattern.Parse(from);
        var renamed = PartitionPattern.Parse(to);
        if (from == to)
        {
            throw new DataBuildException(Rules.RenameImpossible, $"'{from}' is called that already; name another pattern");
        }

        var left = renamed.Placeholders.ToDictionary(placeholder => placeholder.Name, StringComparer.Ordinal);
        foreach (var placeholder in old.Placeholders)
        {
            if (!left.Remove(placeholder.Name, out var other) || other.Kind != placeholder.Kind || !other.Values.SequenceEqual(placeholder.Values, StringComparer.Ordinal))
            {
                throw new DataBuildException(
                    Rules.RenameImpossible,
                    $"'{to}' has not the placeholder '{placeholder.Name}' of '{from}' with the same type; a rename keeps names and types of all placeholders");
            }
        }

        return left.Count == 0
            ? new RefRenames(old, renamed)
            : throw new DataBuildException(
                Rules.RenameImpossible, $"'{to}' has the placeholder '{left.Keys.First()}', which '{from}' has not; a rename keeps names and types of all placeholders");
    }

    /// <summary>The new name of a ref of the old pattern; null for any other. Throws where the values make no valid ref of the new one.</summary>
    public string? To(string @ref) => Change(from, to, @ref);

    /// <summary>The old name of a ref of the new pattern; null for any other.</summary>
    public string? From(string @ref) => Change(to, from, @ref);

    private static string? Change(PartitionPattern pattern, PartitionPattern other, string @ref)
    {
        if (!pattern.TryMatch(@ref, out var key))
        {
            return null;
        }

        var places = other.Placeholders.Select(placeholder => placeholder.Name).ToArray();
        var values = Array.ConvertAll(places, name => key.Values[pattern.IndexOf(name)]);
        return other.Format(new PartitionKey(other.Placeholders, values));
    }
}
