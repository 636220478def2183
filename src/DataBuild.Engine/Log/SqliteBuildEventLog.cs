using System.Buffers;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Log;

/// <summary>
/// The log as one SQLite database with a write-ahead log. Appends are one at a time; reads have connections of their own and may go on
/// beside them, on any thread.
/// </summary>
public sealed class SqliteBuildEventLog : IBuildEventLog
{
    private readonly Lock _gate = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _state;
    private readonly SqliteStatement _chainAt;
    private readonly SqliteStatement? _insert;
    private readonly Lease? _ownLease;
    private readonly LogMeta _meta;
    private readonly int _maxEventBytes;
    private ulong _lastOffset;
    private long _chain;
    private DataBuildException? _broken;
    private bool _disposed;

    private SqliteBuildEventLog(SqliteDatabase database, LogMeta meta, LogOptions? options, Lease? ownLease)
    {
        _database = database;
        _meta = meta;
        _ownLease = ownLease;
        _state = database.Prepare("SELECT (SELECT max(offset) FROM events), term FROM meta");
        _chainAt = database.Prepare("SELECT chain FROM events WHERE offset = ?");
        Path = database.Path;
        if (options is null)
        {
            return;
        }

        _maxEventBytes = options.MaxEventBytes;
        _insert = database.Prepare("INSERT INTO events VALUES (?, ?, ?)");
        Term = meta.Term;
        _lastOffset = QueryState().LastOffset;
        _chain = QueryChain(_lastOffset) ?? throw EventCodec.Damaged(Path, _lastOffset, "it cannot be found again");
    }

    /// <summary>Full path of the log's file.</summary>
    public string Path { get; }

    public string LogId => _meta.LogId;

    public ulong Term { get; }

    /// <summary>For a reader, as of now: it grows with what others append.</summary>
    public ulong LastOffset
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _insert is null ? QueryState().LastOffset : _lastOffset;
            }
        }
    }

    /// <summary>Opens the log for reading and appending, made where there is none or an empty file; takes the next term.</summary>
    public static SqliteBuildEventLog OpenWriter(LogOptions options)
    {
        var path = System.IO.Path.GetFullPath(options.Path);
        if (options.Lease is { } lease && (lease.LogPath != path || !lease.IsHeld))
        {
            throw new ArgumentException($"The lease is on '{lease.LogPath}' or was given back.", nameof(options));
        }

        var own = options.Lease is null ? Lease.AcquireOrThrow(path) : null;
        SqliteDatabase? database = null;
        try
        {
            (database, var meta) = LogDatabase.OpenForWriting(options, path);
            return new(database, meta, options, own);
        }
        catch
        {
            database?.Dispose();
            own?.Dispose();
            throw;
        }
    }

    /// <summary>Opens the log for reading, whoever writes it; makes nothing.</summary>
    public static SqliteBuildEventLog OpenReader(string path)
    {
        var (database, meta) = LogDatabase.OpenForReading(System.IO.Path.GetFullPath(path));
        return new(database, meta, options: null, ownLease: null);
    }

    public void Append(IReadOnlyList<BuildEvent> events)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_insert is null)
            {
                throw new InvalidOperationException("The log was opened for reading.");
            }

            if (_broken is not null)
            {
                throw new DataBuildException(_broken.Rule, _broken.Message, inner: _broken);
            }

            if (events.Count == 0)
            {
                return;
            }

            try
            {
                AppendInTransaction(events);
            }
            catch (DataBuildException e) when (IsFatal(e.Rule))
            {
                _broken = e;
                throw;
            }
        }
    }

    public IEnumerable<StoredEvent> Read(ulong fromOffset, EventFilter? filter = null, int limit = int.MaxValue)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return filter is null || filter == new EventFilter()
            ? EventReader.Read(Path, LogId, Math.Max(fromOffset, 1), limit)
            : new EventMatcher(filter).Select(EventReader.Read(Path, LogId, 1, int.MaxValue), fromOffset, limit);
    }

    /// <summary>
    /// Vouches for all events up to an offset: equal in two logs, or at two times, only if their histories up to there are. Null past
    /// the end.
    /// </summary>
    public long? ChainAt(ulong offset)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return QueryChain(offset);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _insert?.Dispose();
            _state.Dispose();
            _chainAt.Dispose();
            _database.Dispose();
            _ownLease?.Dispose();
        }
    }

    /// <summary>For tests: provokes a full disk after so many pages.</summary>
    internal void LimitPages(int pages) => _database.Execute($"PRAGMA max_page_count = {pages}");

    /// <summary>
    /// After these, what is in the file can't be known without opening it again: an append whose sync failed may or may not be
    /// there after a crash, so nothing may be built on either.
    /// </summary>
    private static bool IsFatal(DiagnosticRule rule) =>
        rule == Rules.LeaseLost || rule == Rules.LogReplaced || rule == Rules.LogIoError || rule == Rules.LogDamaged;

    private void AppendInTransaction(IReadOnlyList<BuildEvent> events)
    {
        var chain = _chain;
        _database.Execute("BEGIN IMMEDIATE");
        try
        {
            CheckStillOurs();
            var buffer = ArrayPool<byte>.Shared.Rent(4096);
            try
            {
                for (var i = 0; i < events.Count; i++)
                {
                    chain = Insert(events[i], _lastOffset + (ulong)i + 1, chain, ref buffer);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }

            CheckStillThere();
            _database.Execute("COMMIT");
        }
        catch
        {
            _database.RollBack();
            throw;
        }

        foreach (var stored in events)
        {
            _lastOffset++;
            if (stored.EventId.Length == 0)
            {
                stored.EventId = EventIds.Of(LogId, _lastOffset);
            }
        }

        _chain = chain;
    }

    private long Insert(BuildEvent buildEvent, ulong offset, long chain, ref byte[] buffer)
    {
        if (buildEvent.EventCase == BuildEvent.EventOneofCase.None)
        {
            throw new ArgumentException("An event that says nothing was to be appended.", nameof(buildEvent));
        }

        var size = buildEvent.CalculateSize();
        if (size > _maxEventBytes)
        {
            throw new DataBuildException(
                Rules.EventTooLarge,
                $"A {buildEvent.EventCase} event has {size} bytes, more than the {_maxEventBytes} that the log '{Path}' takes. Make batches smaller; nothing of this append was stored.");
        }

        if (size > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
            buffer = ArrayPool<byte>.Shared.Rent(size);
        }

        var bytes = buffer.AsSpan(0, size);
        buildEvent.WriteTo(bytes);
        chain = EventCodec.Chain(chain, bytes);
        _insert!.Bind(1, (long)offset).Bind(2, bytes).Bind(3, chain).Run();
        return chain;
    }

    private void CheckStillOurs()
    {
        var (lastOffset, term) = QueryState();
        if (term != Term)
        {
            throw new DataBuildException(
                Rules.LeaseLost,
                $"Another process has taken over the build event log '{Path}' (its term is {term}, ours was {Term}). Nothing of this append was stored; build again and leave the .lease file alone.");
        }

        if (lastOffset != _lastOffset)
        {
            throw Replaced($"was changed while in use: it ends at offset {lastOffset}, not at {_lastOffset}");
        }
    }

    /// <summary>SQLite would go on writing to files that nobody can find any more.</summary>
    private void CheckStillThere()
    {
        if (_database.HasMoved())
        {
            throw Replaced("was deleted or replaced while in use");
        }

        if (!File.Exists(Path + "-wal"))
        {
            throw Replaced("lost its -wal file while in use");
        }
    }

    private DataBuildException Replaced(string how) => new(
        Rules.LogReplaced,
        $"The build event log '{Path}' {how}. Nothing of this append was stored; let the log alone while something is building, and build again.");

    private (ulong LastOffset, ulong Term) QueryState()
    {
        try
        {
            return _state.Step()
                ? ((ulong)_state.Int64(0), (ulong)_state.Int64(1))
                : throw LogDatabase.Damaged(Path, "its header row is missing");
        }
        finally
        {
            _state.Reset();
        }
    }

    private long? QueryChain(ulong offset)
    {
        if (offset == 0)
        {
            return _meta.Root;
        }

        try
        {
            return _chainAt.Bind(1, (long)offset).Step() ? _chainAt.Int64(0) : null;
        }
        finally
        {
            _chainAt.Reset();
        }
    }
}
