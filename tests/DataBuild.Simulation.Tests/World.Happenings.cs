using System.Globalization;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Simulation.Tests;

internal sealed partial class World
{
    private void Strike(Happening what, SimEngine engine, Effect effect)
    {
        int salt = scenario.Happenings[next - 1].Salt;
        switch (what)
        {
            case Happening.CrashBefore:
                throw new EngineDiedException();
            case Happening.DiskFull when effect == Effect.Append:
                throw new DataBuildException(Rules.LogDiskFull, "the log's disk is full");
            case Happening.DiskFull when effect is Effect.Stage or Effect.Prepare or Effect.Sync or Effect.Publish or Effect.Recover or Effect.Expire:
                throw new DataBuildException(Rules.DataRootFull, "the disk of the data root is full");
            case Happening.Paused when depth == 0:
                Depose(engine);
                break;
            case Happening.Doubled:
                doubled = true;
                break;
            case Happening.JobKilled:
                engine.KillOne(salt);
                break;
            case Happening.Stop:
                engine.Stop();
                break;
            case Happening.ClockAhead:
                Now += TimeSpan.FromSeconds(salt % 100_000);
                break;
            case Happening.SnapshotLost:
                Snapshot = null;
                break;
            case Happening.ClusterForgets:
                engine.Cluster?.Forget(salt);
                break;
            case Happening.NodeLost:
                engine.Cluster?.LoseNode(salt);
                break;
            case Happening.ClusterSilent:
                engine.Cluster?.FallSilent();
                break;
            case Happening.ClusterRepeats:
                engine.Cluster?.Repeat(salt);
                break;
            case Happening.SourceEdited:
                Disk.Sources[$"/p/s/{salt % (Scenario.Refs + 1)}"] = string.Create(CultureInfo.InvariantCulture, $"edit {number}");
                break;
            case Happening.SourceLost:
                Disk.Sources.Remove($"/p/s/{salt % (Scenario.Refs + 1)}");
                break;
            case Happening.PartitionLost when Disk.Partitions.Count > 0:
                Lose(Disk.Partitions.Keys.Order(StringComparer.Ordinal).ElementAt(salt % Disk.Partitions.Count));
                break;
            case Happening.JobEdited or Happening.JobNeedsOther or Happening.WantsEdited:
                edits.Add((what, salt));
                break;
            case >= Happening.Taint when engine is { Ask: { } ask, State: { } state }:
                if (RequestOf(what, salt, state) is { } request)
                {
                    ask(request);
                }

                break;
            case >= Happening.Taint:
                commands.Add((what, salt));
                break;
        }
    }

    /// <summary>Another engine takes the lease while this one stands still, and works to its own end.</summary>
    private void Depose(SimEngine paused)
    {
        depth++;
        var other = new SimEngine(this);
        bool ended = other.Build();
        depth--;
        trace.Add($"{number} term {paused.Term} wakes up, term {other.Term} {(ended ? "is done" : "ended early")}");
    }

    private void Lose(string @ref)
    {
        Disk.Partitions.Remove(@ref);
        meddled.Add(@ref);
    }
}
