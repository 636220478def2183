using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Tests.Execution;

/// <summary>Measures what the whole process allocates, so no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(FloodTests), DisableParallelization = true)]
[Collection(nameof(FloodTests))]
public sealed class FloodTests
{
    [Theory]
    [InlineData("+flood 200m")]
    [InlineData("+flood-one-line 200m")]
    public async Task A_flood_takes_bounded_memory_and_its_two_ends_are_kept(string flood)
    {
        const long Limit = 1 << 20;
        await using var bench = new Bench(configure: options => options with { OutputLimit = Limit });
        await bench.RunShell("echo warm");
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var result = await bench.Run(bench.Request(Bench.TestJob, "+print first", flood, "+print ", "+print last"));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        var log = Path.Combine(result.LogDirectory, "stdout.log");
        Assert.Equal(0, result.ExitCode);
        Assert.InRange(new FileInfo(log).Length, Limit, Limit + 100);
        Assert.InRange(allocated, 0, 8 << 20);
        var text = File.ReadAllText(log);
        Assert.StartsWith("first\nxxx", text, StringComparison.Ordinal);
        Assert.EndsWith("xxx\nlast\n", text.Replace("\n\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("bytes are left out here", text, StringComparison.Ordinal);
        var warning = Assert.Single(result.Diagnostics);
        Assert.Equal(Rules.OutputTooLong.Code, warning.Code);
    }
}
