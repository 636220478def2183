using DataBuild.Engine.Ports;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting;

/// <summary>The fold of a log: the newest snapshot and what came after it.</summary>
public static class StateLoader
{
    /// <summary>A snapshot is made when this many events came after the last one.</summary>
    public const ulong SnapshotInterval = 5_000;

    public static BuildState Load(IBuildEventLog log, ISnapshotStore? snapshots, out ulong replayed)
    {
        BuildState? state = null;
        snapshots?.TryRead(StateSnapshot.Layout, log.LastOffset, (_, stream) => state = StateSnapshot.Read(stream));
        state ??= new BuildState();
        replayed = 0;
        foreach (var (offset, e) in log.Read(state.Offset + 1))
        {
            state.Apply(offset, e);
            replayed++;
        }

        return state;
    }

    public static BuildState LoadUpTo(IBuildEventLog log, ulong offset)
    {
        var state = new BuildState();
        foreach (var (at, e) in log.Read(1))
        {
            if (at > offset)
            {
                break;
            }

            state.Apply(at, e);
        }

        return state;
    }
}
