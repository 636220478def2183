using DataBuild.Engine.Ports;

namespace DataBuild.Simulation.Tests;

/// <summary>One snapshot, replaced atomically.</summary>
internal sealed class SimSnapshots(World world, SimEngine engine) : ISnapshotStore
{
    public bool TryRead(uint layout, ulong lastOffset, Action<ulong, Stream> read)
    {
        if (world.Snapshot is not { } snapshot || snapshot.Offset > lastOffset)
        {
            return false;
        }

        using var stream = new MemoryStream(snapshot.Bytes);
        read(snapshot.Offset, stream);
        return true;
    }

    public void Write(uint layout, ulong offset, Action<Stream> write) => engine.Do(Effect.Snapshot, () =>
    {
        using var stream = new MemoryStream();
        write(stream);
        world.Snapshot = world.Bug == Bug.SnapshotOfAnotherState && world.Snapshot is { } older ? (offset, older.Bytes) : (offset, stream.ToArray());
    });
}
