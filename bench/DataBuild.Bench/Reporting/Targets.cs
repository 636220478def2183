using DataBuild.Bench.Scenarios;

namespace DataBuild.Bench.Reporting;

/// <summary>The targets, held against the results. A ratio is of figures of one run, never against a figure that was written down.</summary>
internal static class Targets
{
    private const string Durable = "DataBuild also makes each output durable and keeps a durable log of every run; no peer does either";
    private const string PerLink = "a link of a chain costs a commit of its own: syncfs and a log transaction, which is most of the time; nothing is left to be grouped";

    public static IReadOnlyList<Judged> Of(IReadOnlyDictionary<string, Outcome> results)
    {
        Row? Find(string scenario, string work, string tool) => results.TryGetValue(scenario, out var outcome)
            ? outcome.Rows.FirstOrDefault(row => row.Work == work && row.Tool.StartsWith(tool, StringComparison.Ordinal) && row.Rounds.Count > 0)
            : null;
        double? Ratio(string scenario, string work, string tool, string other, Func<Row, double> value) =>
            Find(scenario, work, tool) is { } one && Find(scenario, work, other) is { } two && value(two) > 0 ? value(one) / value(two) : null;
        double? Wall(string scenario, string work, string tool) => Find(scenario, work, tool)?.Wall;
        double? Figure(string name) => results.TryGetValue("log", out var log) && log.Figures.TryGetValue(name, out double value) ? value : null;
        double? next = results.TryGetValue("latency", out var latency) && latency.Figures.TryGetValue(LatencyScenario.P99, out double p99) ? p99 : null;
        double? start = Wall("start", "one partition, nothing to do", "DataBuild");
        return
        [
            new("wide 10,000, one process each: wall", "0.8 x ninja", Ratio("wide", "build", "DataBuild", "ninja", row => row.Wall), 0.8, " x", Durable),
            new("wide 10,000: CPU of the engine itself", "1 x ninja", Ratio("wide", "build", "DataBuild", "ninja", row => row.Own), 1, " x", "the log's rows are written and the outputs hashed by the engine's own CPU"),
            new("wide 10,000, BatchSize=100: wall", "0.1 x ninja", Ratio("wide", "build", "DataBuild, ", "ninja", row => row.Wall), 0.1, " x", "what is left is hashing, moving and recording each partition, and the start"),
            new("wide 10,000: peak memory", "150 MiB", Find("wide", "build", "DataBuild")?.Peak, 150, " MiB", "nodes, facts and events of 10,000 refs beside the runtime"),
            new("chain of 1,000: wall", "1.5 x ninja", Ratio("chain", "build", "DataBuild", "ninja", row => row.Wall), 1.5, " x", PerLink),
            new("10 layers of 100: wall", "1 x ninja", Ratio("layers", "build", "DataBuild", "ninja", row => row.Wall), 1, " x", "1,000 jobs are too few to make up for the start, and " + PerLink),
            new("nothing to do, 100,000 verified by stat: wall", "0.5 x ninja", Ratio("noop", "nothing to do", "DataBuild", "ninja", row => row.Wall), 0.5, " x", "start and fold of the log beside 0.1 s of stat"),
            new("one change among 10,000: wall", "1 x ninja", Ratio("again", "one change", "DataBuild", "ninja", row => row.Wall), 1, " x", "the engine's start and the fold of its log are more than ninja takes for all"),
            new("found at run time, 50 deep: a level, the start taken off", "2.5 ms", PerLevel(Find("found", "build", "DataBuild"), start), 2.5, " ms", "a level is two processes and two commits, " + PerLink),
            new("found at run time, 50 deep: wall", "below every peer", Ratio("found", "build", "DataBuild", "make", row => row.Wall), 1, " x make", "the start alone is most of what make takes for all levels"),
            new("backfill of 3,288: wall", "1 x ninja", Ratio("backfill", "build", "DataBuild", "ninja", row => row.Wall), 1, " x", Durable),
            new("a want over 1,000,000 partitions: a whole plan", "2 s", Wall("start", "plan of a want", "DataBuild"), 2, " s", "a plan looks at every partition once; the want itself is one event"),
            new("the same: peak memory a partition", "500 bytes", PerPartition(Find("start", "plan of a want", "DataBuild"), Find("start", "one partition, nothing to do", "DataBuild")), 500, " bytes", "a plan holds a node for each partition that is to be made"),
            new("fold of 1,000,000 events", "1.5 s", Figure("fold of all, s"), 1.5, " s", "each event is parsed as protobuf and checked against the state before it is applied"),
            new("start from a snapshot, 1,000,000 events in the log", "0.3 s", Figure("start from a snapshot, s"), 0.3, " s", "refs are interned one by one when a snapshot is read"),
            new("durable append in groups of 1,000", "50,000 events/s", Figure("appended in groups, events/s"), 50_000, " events/s", "rows, refs and indexes are written by one thread", IsLeast: true),
            new("one durable append, median", "2 ms", Figure("one durable append, median ms"), 2, " ms", "the disk's own time for a flush"),
            new("one partition live to the next process started, 10,000 wants active: p99", "20 ms", next, 20, " ms", "the disk's own time for two flushes"),
            new("cold start to one partition made, the whole process", "120 ms", Wall("start", "one partition made", "DataBuild") * 1000, 120, " ms", "the runtime's start, opening SQLite, and code that is compiled when first used"),
            new("`dotnet build`, nothing to do, 10,000 partitions, one job project", "1.5 x an empty project", Ratio("start", "`dotnet build`, nothing to do", "DataBuild", "empty", row => row.Wall), 1.5, " x", "the job's project is built as well, and the engine is a process of its own"),
        ];
    }

    private static double? PerLevel(Row? row, double? start) => row is null || start is null ? null : (row.Wall - start) * 1000 / Math.Max(1, row.Count - 1);

    private static double? PerPartition(Row? many, Row? one) => many is null || one is null ? null : (many.Peak - one.Peak) * (1 << 20) / many.Count;
}
