using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

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
            Apply(state, offset, e, log);
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

            Apply(state, at, e, log);
        }

        return state;
    }

    /// <exception cref="DataBuildException">DBLD6135: it may not come there. The engine never appends such an event.</exception>
    private static void Apply(BuildState state, ulong offset, BuildEvent e, IBuildEventLog log)
    {
        try
        {
            state.Apply(offset, e);
        }
        catch (IllegalEventException illegal)
        {
            throw new DataBuildException(
                Rules.IllegalHistory,
                $"the event at offset {offset} of the log{(log is SqliteBuildEventLog { Path: var path } ? $" '{path}'" : "")} may not come there: {illegal.Message}; `databuild log verify` checks all of it, and a backup of the log restores it",
                inner: illegal);
        }
    }
}
