using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Log;

/// <summary>The log of a simulation: held to the same contract as the real one.</summary>
public sealed class InMemoryBuildEventLog : IBuildEventLog
{
    private readonly Storage _storage;
    private bool _disposed;

    public InMemoryBuildEventLog(string? logId = null)
        : this(new Storage(logId ?? "00000000-0000-7000-8000-000000000001"))
    {
    }

    private InMemoryBuildEventLog(Storage storage)
    {
        _storage = storage;
        Term = ++storage.Term;
    }

    public string LogId => _storage.LogId;

    public ulong Term { get; }

    public ulong LastOffset => (ulong)_storage.Events.Count;

    /// <summary>Another writer on the same events, with the next term, as after a crash of this one.</summary>
    public InMemoryBuildEventLog Reopen() => new(_storage);

    public void Append(IReadOnlyList<BuildEvent> events)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (events.Count == 0)
        {
            return;
        }

        if (_storage.Term != Term)
        {
            throw new DataBuildException(Rules.LeaseLost, $"Term {_storage.Term} has begun, ours was {Term}.");
        }

        if (events.Any(one => one.EventCase == BuildEvent.EventOneofCase.None))
        {
            throw new ArgumentException("An event that says nothing was to be appended.", nameof(events));
        }

        foreach (var one in events)
        {
            var stored = one.Clone();
            if (stored.EventId.Length == 0)
            {
                stored.EventId = one.EventId = EventIds.Of(LogId, LastOffset + 1);
            }

            _storage.Events.Add(stored);
        }
    }

    public IEnumerable<StoredEvent> Read(ulong fromOffset, EventFilter? filter = null, int limit = int.MaxValue)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return filter is null
            ? From(Math.Max(fromOffset, 1)).Take(limit)
            : new EventMatcher(filter).Select(From(1), fromOffset, limit);
    }

    public void Dispose() => _disposed = true;

    private IEnumerable<StoredEvent> From(ulong offset)
    {
        for (var last = LastOffset; offset <= last; offset++)
        {
            yield return new(offset, _storage.Events[(int)offset - 1].Clone());
        }
    }

    private sealed class Storage(string logId)
    {
        public string LogId => logId;

        public List<BuildEvent> Events { get; } = [];

        public ulong Term { get; set; }
    }
}
