using System.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Bench.Scenarios;

/// <summary>The log and its fold, in this process: durable appends in groups and one by one, a replay, a start from a snapshot.</summary>
internal sealed class LogScenario() : Scenario("log", "1,000,000 events in the log: appended, folded, started from a snapshot")
{
    private const int Group = 1_000;

    public override Outcome Run(Bench bench)
    {
        int count = Math.Max(1_002, bench.Sized(1_000_000));
        var outcome = new Outcome { Name = Name, Title = Title, Scale = bench.Scale };
        string folder = bench.NewFolder();
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "log.db");
        using (var log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = path }))
        {
            var appending = TimeSpan.Zero;
            foreach (var group in LogStory.Events(count).Chunk(Group))
            {
                long began = Stopwatch.GetTimestamp();
                log.Append(group);
                appending += Stopwatch.GetElapsedTime(began);
            }

            outcome.Figures["events"] = log.LastOffset;
            outcome.Figures["appended in groups, events/s"] = log.LastOffset / appending.TotalSeconds;
            outcome.Figures["log, bytes an event"] = (double)new FileInfo(path).Length / log.LastOffset;
        }

        using (var log = SqliteBuildEventLog.OpenReader(path))
        {
            long began = Stopwatch.GetTimestamp();
            var state = StateLoader.Load(log, null, out ulong replayed);
            outcome.Figures["fold of all, s"] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (replayed != log.LastOffset || state.LiveCount != (count - 2) / 2)
            {
                throw new BenchException($"the fold of {log.LastOffset} events has {state.LiveCount} live partitions");
            }

            var snapshots = new FileSnapshotStore(log);
            snapshots.Write(StateSnapshot.Layout, state.Offset, stream => StateSnapshot.Write(state, stream));
            began = Stopwatch.GetTimestamp();
            var again = StateLoader.Load(log, snapshots, out replayed);
            outcome.Figures["start from a snapshot, s"] = Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (replayed != 0 || again.LiveCount != state.LiveCount)
            {
                throw new BenchException("the snapshot was not read");
            }
        }

        outcome.Figures["one durable append, median ms"] = Row.Median(Single(Path.Combine(folder, "single.db"), Math.Min(2_002, count)));
        foreach (var (name, value) in outcome.Figures)
        {
            Bench.Say($"    {name}: {value:N3}");
        }

        return outcome;
    }

    private static List<double> Single(string path, int count)
    {
        var times = new List<double>();
        using var log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = path });
        foreach (BuildEvent e in LogStory.Events(count))
        {
            long began = Stopwatch.GetTimestamp();
            log.Append([e]);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return times;
    }
}
