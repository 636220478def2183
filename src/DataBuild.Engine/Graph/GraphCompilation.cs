using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>What came of compiling a graph: every error and warning, and the lookup if there was no error.</summary>
public sealed class GraphCompilation(GraphLookup? graph, IReadOnlyList<Diagnostic> diagnostics)
{
    /// <summary>Null if there was an error.</summary>
    public GraphLookup? Graph { get; } = graph;

    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;
}
