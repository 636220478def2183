using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// The newest events of the log, as the loop stores them, for whoever follows. The loop never waits for a follower and keeps nothing
/// for one: what is no longer here is read from the log.
/// </summary>
public sealed class EventFeed
{
    /// <summary>Most events that are kept.</summary>
    public const int MostEvents = 16_384;

    /// <summary>Most bytes that the kept events have in the log.</summary>
    public const long MostBytes = 16 << 20;

    private readonly Lock gate = new();
    private readonly Queue<(StoredEvent Stored, int Bytes)> kept = new();
    private TaskCompletionSource grown = New();
    private long bytes;

    /// <summary>The last event that is stored.</summary>
    public ulong Last { get; private set; }

    /// <summary>Events from an offset on, those that are stored by now; null where they are to be read from the log.</summary>
    public IReadOnlyList<StoredEvent>? From(ulong offset, int most)
    {
        lock (gate)
        {
            if (offset > Last)
            {
                return [];
            }

            ulong first = Last - (ulong)kept.Count + 1;
            return offset < first ? null : [.. kept.Skip((int)(offset - first)).Take(most).Select(one => one.Stored)];
        }
    }

    /// <summary>Until an event after this one is stored, or the feed begins anew.</summary>
    public Task AfterAsync(ulong offset, CancellationToken stop)
    {
        lock (gate)
        {
            return offset < Last ? Task.CompletedTask : grown.Task.WaitAsync(stop);
        }
    }

    /// <summary>A log is open that ends there.</summary>
    internal void Begin(ulong last)
    {
        lock (gate)
        {
            kept.Clear();
            bytes = 0;
            Last = last;
            Tell();
        }
    }

    /// <summary>These were stored, the first of them at this offset. Nobody changes them any more.</summary>
    internal void Add(ulong first, IReadOnlyList<BuildEvent> events)
    {
        lock (gate)
        {
            if (first != Last + 1)
            {
                kept.Clear();
                bytes = 0;
            }

            for (int i = 0; i < events.Count; i++)
            {
                int size = events[i].CalculateSize();
                kept.Enqueue((new StoredEvent(first + (ulong)i, events[i]), size));
                bytes += size;
            }

            Last = first + (ulong)events.Count - 1;
            while (kept.Count > MostEvents || bytes > MostBytes)
            {
                bytes -= kept.Dequeue().Bytes;
            }

            Tell();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Tell()
    {
        var told = grown;
        grown = New();
        told.TrySetResult();
    }
}
