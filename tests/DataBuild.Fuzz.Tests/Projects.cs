using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Fuzz.Tests;

/// <summary>Graphs to resolve texts against.</summary>
internal static class Projects
{
    public static GraphLookup Graph { get; } = Compile(_ => { });

    /// <summary>Families of every type of placeholder, and a source.</summary>
    public static GraphDocument Document()
    {
        var document = new GraphDocument { Name = "fuzz", Jobs = { new JobDefinition { Label = "make", Command = "make" } } };
        foreach (string pattern in (ReadOnlySpan<string>)
            ["day/{date}", "month/{month}.html", "year/{year}", "hour/{hour}", "n/{n:int}", "s/{name}", "r/{region:enum(us|eu|asia)}/{date}", "pair/{from:date}/{to:date}", "one"])
        {
            document.Partitions.Add(new PartitionDefinition { Pattern = pattern, Job = "make" });
        }

        document.Sources.Add(new SourceDefinition { Pattern = "in/{n:int}", Path = "in/{n}.csv" });
        return document;
    }

    public static GraphLookup Compile(Action<GraphDocument> change)
    {
        var document = Document();
        change(document);
        return GraphCompiler.Compile(document).Graph ?? throw new InvalidOperationException("the project has errors");
    }
}
