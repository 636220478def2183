using BenchmarkDotNet.Attributes;
using DataBuild.Bench;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Benchmarks;

/// <summary>A durable append, alone and in a group; the figure is that of one event.</summary>
public class AppendBenchmarks : IDisposable
{
    private const int Group = 1_000;

    private readonly BuildEvent[] events = [.. LogStory.Events(Group)];
    private readonly string folder = Directory.CreateTempSubdirectory("databuild-benchmarks-").FullName;
    private SqliteBuildEventLog log = null!;

    [GlobalSetup]
    public void Setup() => log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = Path.Combine(folder, "log.db") });

    [Benchmark]
    public void One() => log.Append([events[2]]);

    [Benchmark(OperationsPerInvoke = Group)]
    public void InAGroup() => log.Append(events);

    [GlobalCleanup]
    public void Dispose()
    {
        log.Dispose();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        GC.SuppressFinalize(this);
    }
}
