using BenchmarkDotNet.Attributes;
using DataBuild.Bench;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Benchmarks;

/// <summary>One event applied to the state, and the same with its parsing, as a replay does it.</summary>
public class FoldBenchmarks
{
    private const int Events = 20_000;

    private readonly BuildEvent[] events = [.. LogStory.Events(Events)];
    private byte[][] stored = [];

    [GlobalSetup]
    public void Setup() => stored = [.. events.Select(e => e.ToByteArray())];

    [Benchmark(OperationsPerInvoke = Events)]
    public int Apply()
    {
        var state = new BuildState();
        foreach (var e in events)
        {
            state.Apply(state.Offset + 1, e);
        }

        return state.LiveCount;
    }

    [Benchmark(OperationsPerInvoke = Events)]
    public int ParseAndApply()
    {
        var state = new BuildState();
        foreach (byte[] bytes in stored)
        {
            state.Apply(state.Offset + 1, BuildEvent.Parser.ParseFrom(bytes));
        }

        return state.LiveCount;
    }
}
