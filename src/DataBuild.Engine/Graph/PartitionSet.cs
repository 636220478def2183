using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>The union of one or more set expressions, resolved against a graph. Ranges stay ranges.</summary>
public sealed class PartitionSet
{
    /// <summary>The expressions with relative ends replaced by dates; parsing them again gives this set.</summary>
    public IReadOnlyList<string> Text => throw new NotImplementedException();

    /// <summary>How many distinct refs.</summary>
    public long Count => throw new NotImplementedException();

    /// <summary>Every family that a ref of the set belongs to.</summary>
    public IReadOnlyList<Family> Families => throw new NotImplementedException();

    /// <summary>Throws <see cref="Diagnostics.DataBuildException"/> for the first thing that is wrong.</summary>
    public static PartitionSet Parse(IEnumerable<string> expressions, GraphLookup graph, DateTime? today, Origin? origin = null) => throw new NotImplementedException();

    /// <summary>Null, and every error in <paramref name="diagnostics"/>, if there is one.</summary>
    public static PartitionSet? TryParse(
        IEnumerable<string> expressions, GraphLookup graph, DateTime? today, Origin? origin, out IReadOnlyList<Diagnostic> diagnostics) => throw new NotImplementedException();

    public bool Contains(string @ref) => throw new NotImplementedException();

    /// <summary>Each ref once, made when asked for.</summary>
    public IEnumerable<string> Enumerate() => throw new NotImplementedException();
}
