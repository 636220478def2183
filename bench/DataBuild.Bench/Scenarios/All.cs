using DataBuild.Bench.Peers;
using DataBuild.Bench.Works;

namespace DataBuild.Bench.Scenarios;

/// <summary>The scenarios, in the order of the page. Tools that take minutes are given less, and the page says how much.</summary>
internal static class All
{
    public static IReadOnlyList<Scenario> Scenarios { get; } =
    [
        new FreshScenario("wide", "10,000 that need nothing", 3, bench =>
        [
            new(Engine(bench), Generate.Wide(bench.Sized(10_000))),
            new(Engine(bench, 100), Generate.Wide(bench.Sized(10_000))),
            .. Peers(bench, Generate.Wide, 10_000, snakemake: 100, msbuild: 1_000),
        ]),
        new FreshScenario("chain", "A chain of 1,000", 5, bench =>
        [
            new(Engine(bench), Generate.Chain(bench.Sized(1_000))),
            .. Peers(bench, Generate.Chain, 1_000, snakemake: 30, msbuild: 300),
        ]),
        new FreshScenario("layers", "10 layers of 100, each needs two of the layer before", 5, bench =>
        [
            new(Engine(bench), Generate.Layers(10, bench.Sized(100))),
            .. Peers(bench, width => Generate.Layers(10, Math.Max(2, width / 10)), 1_000, snakemake: 50, msbuild: 300),
        ]),
        new FreshScenario("found", "A chain of 50 that only its jobs know of", 5, bench =>
        [
            new(Engine(bench), Generate.Found(bench.Sized(50))),
            new(new NinjaPeer(bench.Native, bench.AtOnce, withoutShell: false), Generate.Found(bench.Sized(50))),
            new(new NinjaPeer(bench.Native, bench.AtOnce, withoutShell: true), Generate.Found(bench.Sized(50))),
            new(new MakePeer(bench.Native, bench.AtOnce), Generate.Found(bench.Sized(50))),
        ]),
        new FreshScenario("backfill", "A backfill of 3,288 days, each its own process", 3, bench =>
        [
            new(Engine(bench), Generate.Days(bench.Sized(3_288))),
            .. Peers(bench, Generate.Days, 3_288, snakemake: 100, msbuild: 500),
        ]),
        new AgainScenario("again", "10,000 that are there, each made from a source", 5, bench =>
        [
            new(Engine(bench, 100), Generate.Sourced(bench.Sized(10_000))),
            .. Peers(bench, Generate.Sourced, 10_000, snakemake: 100, msbuild: 1_000).Where(one => one.Peer is not NinjaPeer { Name: "ninja, no shell" }),
        ]),
        new AgainScenario("noop", "100,000 that are there", 5, bench =>
        [
            new(Engine(bench, 1_000), Generate.Wide(bench.Sized(100_000))),
            new(new NinjaPeer(bench.Native, bench.AtOnce, bench.Native.CanReplaceShell), Generate.Wide(bench.Sized(100_000))),
            new(new MakePeer(bench.Native, bench.AtOnce), Generate.Wide(bench.Sized(100_000))),
        ]),
        new StartScenario(),
        new LogScenario(),
        new LatencyScenario(),
    ];

    private static EnginePeer Engine(Bench bench, int batch = 1) => new(bench.Native, bench.AtOnce, batch);

    private static IEnumerable<Contestant> Peers(Bench bench, Func<int, Work> work, int count, int snakemake, int msbuild) =>
    [
        new(new NinjaPeer(bench.Native, bench.AtOnce, withoutShell: false), work(bench.Sized(count))),
        new(new NinjaPeer(bench.Native, bench.AtOnce, withoutShell: true), work(bench.Sized(count))),
        new(new MakePeer(bench.Native, bench.AtOnce), work(bench.Sized(count))),
        new(new SnakemakePeer(bench.Native, bench.AtOnce), work(bench.Sized(snakemake))),
        new(new MSBuildPeer(bench.Native), work(bench.Sized(msbuild))),
    ];
}
