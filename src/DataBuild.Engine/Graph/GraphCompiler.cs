using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>Turns a graph document into a lookup, or says everything that is wrong with it.</summary>
public static class GraphCompiler
{
    public static GraphCompilation Compile(GraphDocument document) => throw new NotImplementedException();
}
