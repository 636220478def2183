using System.Globalization;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Bench.Scenarios;

/// <summary>
/// A service with many wants and a chain: the time from a result that the engine has taken to the next process started. In it are the flush of
/// the output, the commit, its publication and the decision. Beside it the same with one want, so that what the wants cost is seen.
/// </summary>
internal sealed class LatencyScenario() : Scenario("latency", "A partition live to the next process started, in a service with 10,000 wants")
{
    public const string P99 = "with all wants, p99 ms";

    private const int Portion = 2_500;

    public override Outcome Run(Bench bench)
    {
        var outcome = new Outcome { Name = Name, Title = Title, Scale = bench.Scale };
        int wants = bench.Sized(10_000);
        int links = bench.Sized(1_000);
        Measure(bench, outcome, "with one want", 1, links);
        Measure(bench, outcome, "with all wants", wants, links);
        outcome.Figures["wants"] = wants;
        outcome.Figures["links of a chain"] = links;
        outcome.Figures["load of the machine when it began"] = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        foreach (var (name, value) in outcome.Figures)
        {
            Bench.Say($"    {name}: {value:N3}");
        }

        return outcome;
    }

    /// <summary>Medians of the figures of several rounds.</summary>
    private static void Measure(Bench bench, Outcome outcome, string what, int wants, int links)
    {
        var fastest = new List<double>();
        var medians = new List<double>();
        var worst = new List<double>();
        for (int round = 0; round < bench.Rounds(3); round++)
        {
            var waits = Waits(bench, wants, links);
            fastest.Add(waits[waits.Count / 10]);
            medians.Add(waits[waits.Count / 2]);
            worst.Add(waits[(int)(waits.Count * 0.99)]);
        }

        // What others do on the machine is least in the quickest ones: by these the two are compared.
        outcome.Figures[$"{what}, a tenth is quicker than, ms"] = Row.Median(fastest);
        outcome.Figures[$"{what}, median ms"] = Row.Median(medians);
        outcome.Figures[$"{what}, p99 ms"] = Row.Median(worst);
    }

    private static List<double> Waits(Bench bench, int wants, int links)
    {
        string folder = bench.NewFolder();
        Directory.CreateDirectory(folder);
        var graph = new GraphDocument { Name = "bench" };
        graph.Jobs.Add(new JobDefinition { Label = "many", Command = bench.Native.Job, BatchSize = Portion.ToString(CultureInfo.InvariantCulture) });
        graph.Jobs.Add(new JobDefinition { Label = "chain", Command = bench.Native.Job });
        graph.Partitions.Add(new PartitionDefinition { Pattern = "w/{n:int}", Job = "many" });

        // What is wanted beside it goes first: nothing else happens while the chain is made.
        graph.Partitions.Add(new PartitionDefinition { Pattern = "c/{n:int}", Job = "chain", Needs = "c/{n-1}" });
        graph.Wants.AddRange(Enumerable.Range(0, wants).Select(n => new WantDefinition { Partitions = string.Create(CultureInfo.InvariantCulture, $"w/{n}"), Priority = "1" }));
        graph.Wants.Add(new WantDefinition { Partitions = string.Create(CultureInfo.InvariantCulture, $"c/{links}") });
        var request = new EngineRequest
        {
            Graph = graph,
            ProjectFile = Path.Combine(folder, "bench.dbproj"),
            DataRoot = Path.Combine(folder, "data"),
            StateDirectory = Path.Combine(folder, ".databuild"),
            Parallelism = 1,
            MaxRebuilds = -1,
        };
        using var stop = new CancellationTokenSource();
        string last = string.Create(CultureInfo.InvariantCulture, $"made c/{links} in");
        string? problem = null;
        void Hear(EngineMessage message)
        {
            problem ??= message.Diagnostic?.Text;
            if (problem is not null || message.Line?.Text.Contains(last, StringComparison.Ordinal) == true)
            {
                stop.Cancel();
            }
        }

        new ServeSession(request, new ServeOptions { Watches = false, Restarts = false }, Hear, TimeProvider.System).RunAsync(stop.Token).GetAwaiter().GetResult();
        return problem is null ? Read(Path.Combine(request.StateDirectory, "log.db"), links) : throw new BenchException(problem);
    }

    private static List<double> Read(string path, int links)
    {
        using var log = SqliteBuildEventLog.OpenReader(path);
        var chain = new HashSet<string>(StringComparer.Ordinal);
        var ends = new List<(DateTimeOffset Taken, DateTimeOffset Started)>();
        foreach (var (_, e) in log.Read(1))
        {
            if (e.JobRunQueue is { Job: "chain" } queue)
            {
                chain.Add(queue.RunId);
            }
            else if (e.JobRunSuccess is { End: { } end } && chain.Contains(end.RunId))
            {
                ends.Add((e.Timestamp.ToDateTimeOffset(), end.Started.ToDateTimeOffset()));
            }
        }

        return ends.Count == links + 1
            ? [.. ends.Zip(ends.Skip(1), (one, next) => (next.Started - one.Taken).TotalMilliseconds).Order()]
            : throw new BenchException($"{ends.Count} links of {links + 1} were made");
    }
}
