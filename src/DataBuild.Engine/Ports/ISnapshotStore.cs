namespace DataBuild.Engine.Ports;

/// <summary>Keeps one serialised state a log, so that start-up does not grow with the log. Losing it costs a replay, nothing else.</summary>
public interface ISnapshotStore
{
    /// <summary>
    /// Gives the newest undamaged snapshot of this layout that is not past <paramref name="lastOffset"/> to <paramref name="read"/>.
    /// False, and nothing read, if there is none.
    /// </summary>
    bool TryRead(uint layout, ulong lastOffset, Action<ulong, Stream> read);

    /// <summary>Replaces the snapshot atomically.</summary>
    void Write(uint layout, ulong offset, Action<Stream> write);
}
