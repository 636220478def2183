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

    /// <summary>An event is at its offset, modulo the length.</summary>
    private readonly (BuildEvent Event, int Bytes)[] ring = new (BuildEvent, int)[MostEvents];
    private TaskCompletionSource grown = New();
    private ulong count;
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

            if (offset + count <= Last)
            {
                return null;
            }

            var events = new StoredEvent[Math.Min((ulong)most, Last - offset + 1)];
            for (int i = 0; i < events.Length; i++)
            {
                events[i] = new StoredEvent(offset + (ulong)i, ring[(offset + (ulong)i) % MostEvents].Event);
            }

            return events;
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
            Clear();
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
                Clear();
            }

            for (int i = 0; i < events.Count; i++)
            {
                if (count == MostEvents)
                {
                    DropFirst();
                }

                Last = first + (ulong)i;
                int size = events[i].CalculateSize();
                ring[Last % MostEvents] = (events[i], size);
                count++;
                bytes += size;
            }

            while (bytes > MostBytes)
            {
                DropFirst();
            }

            Tell();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Clear()
    {
        Array.Clear(ring);
        (count, bytes) = (0, 0);
    }

    private void DropFirst()
    {
        ref var first = ref ring[(Last - count + 1) % MostEvents];
        bytes -= first.Bytes;
        first = default;
        count--;
    }

    private void Tell()
    {
        var told = grown;
        grown = New();
        told.TrySetResult();
    }
}
