using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Log and fold together: an event is checked and applied when it is added, and stored with all others added since by one commit.
/// Nothing may be done because of an event before the commit that stores it.
/// </summary>
internal sealed class Journal(IBuildEventLog? log, BuildState state)
{
    private readonly List<BuildEvent> batch = [];

    public BuildState State => state;

    /// <summary>What the added events changed; for the reconciler to take.</summary>
    public StateChange Change { get; } = new();

    public bool HasUncommitted => batch.Count > 0;

    public ulong Term => log?.Term ?? 0;

    public string LogId => log?.LogId ?? "";

    /// <summary>Told of events that were stored and the offset of the first of them, on the thread that stored them.</summary>
    public Action<ulong, IReadOnlyList<BuildEvent>>? Stores { get; set; }

    /// <summary>How many events were stored by this journal.</summary>
    public long Stored { get; private set; }

    public void Add(BuildEvent e, DateTimeOffset now)
    {
        e.Timestamp ??= Timestamp.FromDateTimeOffset(now);
        state.Apply(state.Offset + 1, e, Change);
        batch.Add(e);
    }

    /// <summary>Stores what was added. Without a log (a plan), it stays in memory.</summary>
    public void Commit()
    {
        if (batch.Count > 0)
        {
            log?.Append(batch);
            Stored += batch.Count;
            Stores?.Invoke(state.Offset - (ulong)batch.Count + 1, batch);
            batch.Clear();
        }
    }
}
