using DataBuild.V1;

namespace DataBuild.Engine.Ports;

/// <summary>The build event log: append a batch, read from an offset. One writer at a time.</summary>
public interface IBuildEventLog : IDisposable
{
    /// <summary>Made when the log is created; names it in data roots and in the environment of jobs.</summary>
    string LogId { get; }

    /// <summary>The writer's fencing term; 0 for a reader.</summary>
    ulong Term { get; }

    /// <summary>Offset of the last stored event; 0 when empty.</summary>
    ulong LastOffset { get; }

    /// <summary>
    /// Stores the events in order and atomically, durable when it returns. Assigns offsets from <see cref="LastOffset"/> + 1 and
    /// fails with a coded error, having stored nothing, if another writer has taken a later term.
    /// </summary>
    void Append(IReadOnlyList<BuildEvent> events);

    /// <summary>Events from an offset on, in order, lazily.</summary>
    IEnumerable<StoredEvent> Read(ulong fromOffset, EventFilter? filter = null, int limit = int.MaxValue);
}
