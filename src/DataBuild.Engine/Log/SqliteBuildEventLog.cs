using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Log;

/// <summary>
/// The log as one SQLite database with a write-ahead log. Appends are one at a time; reads have connections of their own and may go on
/// beside them, on any thread.
/// </summary>
public sealed class SqliteBuildEventLog : IBuildEventLog
{
    private readonly Lock _gate = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _readMeta;
    private readonly SqliteStatement _readChain;
    private readonly Writing? _writing;
    private readonly Lease? _ownLease;
    private LogMeta _meta;
    private DataBuildException? _broken;
    private bool _disposed;

    private SqliteBuildEventLog(SqliteDatabase database, LogMeta meta, LogOptions? options, Lease? ownLease)
    {
        _database = database;
        _meta = meta;
        _ownLease = ownLease;
        _readMeta = LogDatabase.PrepareReadMeta(database);
        _readChain = database.Prepare("SELECT chain FROM events WHERE offset = ?");
        _writing = options is null ? null : new(database, options.MaxEventBytes);
    }

    /// <summary>Full path of the log's file.</summary>
    public string Path => _database.Path;

    public string LogId => _meta.LogId;

    public ulong Term => _writing is null ? 0 : _meta.Term;

    /// <summary>For tests, which look at its settings and set it limits.</summary>
    internal SqliteDatabase Connection => _database;

    /// <summary>For a reader, as of now: it grows with what others append.</summary>
    public ulong LastOffset
    {
        get
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                return _writing is null ? LogDatabase.ReadMeta(_database, _readMeta).Last : _meta.Last;
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
            CheckEnd(path, meta);
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
            if (_writing is null)
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
                _meta = AppendInTransaction(_writing, events);
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

    /// <summary>
    /// Takes a term later than one that this log gave away before it lost its newest events, or came back from a backup: no two
    /// writers ever have the same.
    /// </summary>
    public void TakeTermAfter(ulong seen)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var next = _meta with { Term = Math.Max(_meta.Term, seen) + 1 };
            InTransaction(() => _writing!.Update(next));
            _meta = next;
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
            _writing?.Dispose();
            _readMeta.Dispose();
            _readChain.Dispose();
            _database.Dispose();
            _ownLease?.Dispose();
        }
    }

    /// <summary>
    /// After these, what is in the file can't be known without opening it again: an append whose sync failed may or may not be
    /// there after a crash, so nothing may be built on either.
    /// </summary>
    private static bool IsFatal(DiagnosticRule rule) =>
        rule == Rules.LeaseLost || rule == Rules.LogReplaced || rule == Rules.LogIoError || rule == Rules.LogDamaged;

    /// <summary>What is appended is to stand on an event that is good, also where state comes from a snapshot and nobody reads it.</summary>
    private static void CheckEnd(string path, in LogMeta meta)
    {
        if (meta.Last > 0)
        {
            _ = EventReader.Read(path, meta.LogId, meta.Last, 1).Single();
        }
    }

    private LogMeta AppendInTransaction(Writing writing, IReadOnlyList<BuildEvent> events)
    {
        var next = _meta;
        InTransaction(() =>
        {
            foreach (var one in events)
            {
                next = writing.Insert(one, next);
            }

            writing.Update(next);
        });

        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].EventId.Length == 0)
            {
                events[i].EventId = EventIds.Of(LogId, _meta.Last + (ulong)i + 1);
            }
        }

        return next;
    }

    private void InTransaction(Action write)
    {
        _database.Execute("BEGIN IMMEDIATE");
        try
        {
            CheckStillOurs();
            write();
            CheckStillThere();
            _database.Execute("COMMIT");
        }
        catch
        {
            _database.RollBack();
            throw;
        }
    }

    private void CheckStillOurs()
    {
        var found = LogDatabase.ReadMeta(_database, _readMeta);
        if (found.Term != _meta.Term)
        {
            throw new DataBuildException(
                Rules.LeaseLost,
                $"Another process has taken over the build event log '{Path}' (its term is {found.Term}, ours was {_meta.Term}). Nothing of this append was stored; build again and leave the .lease file alone.");
        }

        if (found != _meta)
        {
            throw Replaced($"was changed while in use: it ends at offset {found.Last}, not at {_meta.Last}, or is another");
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

    private long? QueryChain(ulong offset)
    {
        if (offset == 0)
        {
            return LogMeta.RootOf(LogId);
        }

        try
        {
            return _readChain.Bind(1, (long)offset).Step() ? _readChain.Int64(0) : null;
        }
        finally
        {
            _readChain.Reset();
        }
    }
}
