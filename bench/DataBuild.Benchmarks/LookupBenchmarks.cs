using BenchmarkDotNet.Attributes;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Benchmarks;

/// <summary>From a ref to its family: the time grows with the ref's length and not with the number of patterns.</summary>
public class LookupBenchmarks
{
    private GraphLookup graph = null!;
    private string[] refs = [];

    [Params(10, 1_000)]
    public int Families { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var document = new GraphDocument { Name = "bench", Jobs = { new JobDefinition { Label = "j", Command = "/bin/true" } } };
        for (int i = 0; i < Families; i++)
        {
            document.Partitions.Add(new PartitionDefinition { Pattern = $"family{i}/daily/{{date}}/{{region}}", Job = "j" });
        }

        graph = GraphCompiler.Compile(document).Graph!;
        refs = [.. Enumerable.Range(0, 256).Select(i => $"family{i % Families}/daily/2001-01-{1 + (i % 28):00}/region-{i}")];
    }

    [Benchmark(OperationsPerInvoke = 256)]
    public int Find()
    {
        int found = 0;
        foreach (string @ref in refs)
        {
            found += graph.Find(@ref)!.Index;
        }

        return found;
    }
}
