using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Log;

/// <summary>
/// The log's file: its schema, how it is made and what is checked each time it is opened. Format 0:
/// <c>meta</c> holds one row; <c>events</c> one row an event, <c>event</c> being its protobuf and <c>chain</c> the hash of it
/// and of all before it. Nothing is indexed by what events say: searching reads the log, see <see cref="EventMatcher"/>.
/// </summary>
internal static class LogDatabase
{
    public const uint Format = 0;

    /// <summary>"DBld", so that <c>file</c> and we know a log from another database.</summary>
    public const int ApplicationId = 0x44426C64;

    private const string MetaTable =
        "CREATE TABLE meta (id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, log_id TEXT NOT NULL, term INTEGER NOT NULL, last INTEGER NOT NULL, chain INTEGER NOT NULL, hash INTEGER NOT NULL) STRICT";

    private const string EventsTable =
        "CREATE TABLE events (offset INTEGER PRIMARY KEY, event BLOB NOT NULL, chain INTEGER NOT NULL) STRICT";

    /// <summary>How long a reader waits for a program that has locked the whole database.</summary>
    private static readonly TimeSpan _readerPatience = TimeSpan.FromSeconds(10);

    public static (SqliteDatabase Database, LogMeta Meta) OpenForReading(string path)
    {
        if (IsNothing(path))
        {
            throw new DataBuildException(Rules.LogNotFound, $"There is no build event log '{path}'. Build first, or name another log.");
        }

        var database = SqliteDatabase.Open(path, SqliteAccess.Read, _readerPatience);
        try
        {
            Harden(database);
            return (database, Recognise(database));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Makes the log where there is none and takes the next term. The caller has the lease. What is there is first looked at without
    /// the right to write, so that a newer or a damaged log stays exactly as it is.
    /// </summary>
    public static (SqliteDatabase Database, LogMeta Meta) OpenForWriting(LogOptions options, string path)
    {
        if (IsNothing(path))
        {
            Create(path);
        }
        else
        {
            OpenForReading(path).Database.Dispose();
        }

        var database = SqliteDatabase.Open(path, SqliteAccess.Write, options.BusyTimeout);
        try
        {
            Harden(database);
            KeepWriteAheadLog(database, options.Durability);
            return (database, TakeTerm(database));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static SqliteStatement PrepareReadMeta(SqliteDatabase database) =>
        database.Prepare("SELECT format, log_id, term, last, chain, hash FROM meta");

    public static SqliteStatement PrepareWriteMeta(SqliteDatabase database) =>
        database.Prepare("UPDATE meta SET term = ?, last = ?, chain = ?, hash = ?");

    public static LogMeta ReadMeta(SqliteDatabase database, SqliteStatement select)
    {
        try
        {
            if (select.Step())
            {
                var meta = new LogMeta(
                    (uint)select.Int64(0), select.Text(1), (ulong)select.Int64(2), (ulong)select.Int64(3), select.Int64(4));
                if (meta.LogId.Length == LogMeta.IdLength && meta.Check == select.Int64(5))
                {
                    return meta;
                }
            }

            throw Damaged(database.Path, "its header row is missing or changed");
        }
        finally
        {
            select.Reset();
        }
    }

    public static void WriteMeta(SqliteStatement update, in LogMeta meta) =>
        update.Bind(1, (long)meta.Term).Bind(2, (long)meta.Last).Bind(3, meta.Chain).Bind(4, meta.Check).Run();

    public static DataBuildException Damaged(string path, string how) => new(
        Rules.LogDamaged,
        $"The build event log '{path}' is damaged: {how}. Restore it, with its -wal file, from a backup, or move all its files away to begin a new log.");

    /// <summary>True if nothing is there that could be a log; a <c>-wal</c> without its log is one that lost its main file.</summary>
    private static bool IsNothing(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DataBuildException(Rules.NotALog, $"The build event log '{path}' is a folder. Name a file.");
        }

        if (LengthOf(path) > 0)
        {
            return false;
        }

        return LengthOf(path + "-wal") == 0 ? true : throw Damaged(path, $"it is gone or empty, yet its write-ahead log '{path}-wal' is there");
    }

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    private static void Harden(SqliteDatabase database) =>
        database.Execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;");

    private static LogMeta Recognise(SqliteDatabase database)
    {
        var path = database.Path;
        if (database.Int64("PRAGMA application_id") is var application && application != ApplicationId)
        {
            throw new DataBuildException(
                Rules.NotALog,
                $"The file '{path}' is no build event log but another database (application id {application}). Name the log that is meant.");
        }

        if (database.Int64("PRAGMA user_version") is var format && format != Format)
        {
            throw new DataBuildException(
                Rules.LogFormatNewer,
                $"The build event log '{path}' is of format {format}, this DataBuild knows format {Format}. Use the version that wrote it; nothing was touched.");
        }

        if (database.Text("SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY rowid)") != $"{MetaTable};{EventsTable}")
        {
            throw Damaged(path, "its schema is not that of format 0");
        }

        using var select = PrepareReadMeta(database);
        return ReadMeta(database, select) is { Format: Format } meta ? meta : throw Damaged(path, "its two notes of its format differ");
    }

    /// <summary>
    /// Under another name until it is complete, so that no crash leaves a half-made log, and with all of it in the main file: a log
    /// that lost its -wal is then never an empty database, which could be taken for a new one. Its write-ahead log is turned on here:
    /// a crash while that is done later would leave a rollback journal, with which nobody can read it who must not write.
    /// </summary>
    private static void Create(string path)
    {
        var id = Guid.CreateVersion7().ToString();
        var meta = new LogMeta(Format, id, Term: 0, Last: 0, LogMeta.RootOf(id));
        var unfinished = path + ".new";
        try
        {
            // What an earlier attempt left; the lease is ours.
            foreach (var ending in (ReadOnlySpan<string>)["", "-journal", "-wal", "-shm"])
            {
                File.Delete(unfinished + ending);
            }

            using (var database = SqliteDatabase.Open(unfinished, SqliteAccess.Write, TimeSpan.Zero))
            {
                database.Execute($"""
                    PRAGMA synchronous = EXTRA;
                    BEGIN EXCLUSIVE;
                    {MetaTable};
                    {EventsTable};
                    INSERT INTO meta VALUES (1, {meta.Format}, '{meta.LogId}', {meta.Term}, {meta.Last}, {meta.Chain}, {meta.Check});
                    PRAGMA application_id = {ApplicationId};
                    PRAGMA user_version = {meta.Format};
                    COMMIT;
                    """);
                TurnOnWriteAheadLog(database);
            }

            File.Move(unfinished, path, overwrite: true);
            UnixFiles.SyncDirectoryAndAbove(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataBuildException(
                Rules.LogInaccessible, $"The build event log '{path}' can't be made: {e.Message} Make its folder writable or put it somewhere else.", inner: e);
        }
    }

    private static void TurnOnWriteAheadLog(SqliteDatabase database)
    {
        if (database.Text("PRAGMA journal_mode = WAL") is var mode && mode != "wal")
        {
            throw new DataBuildException(
                Rules.LogInaccessible,
                $"The build event log '{database.Path}' can't have a write-ahead log here (SQLite keeps to '{mode}'). Put it on a local disk.");
        }
    }

    private static void KeepWriteAheadLog(SqliteDatabase database, Durability durability)
    {
        TurnOnWriteAheadLog(database);
        database.Execute($"""
            PRAGMA synchronous = {(durability == Durability.Full ? "FULL" : "NORMAL")};
            PRAGMA fullfsync = ON;
            PRAGMA journal_size_limit = {64 << 20};
            """);
    }

    private static LogMeta TakeTerm(SqliteDatabase database)
    {
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            var meta = Recognise(database);
            meta = meta with { Term = meta.Term + 1 };
            using (var update = PrepareWriteMeta(database))
            {
                WriteMeta(update, meta);
            }

            database.Execute("COMMIT");
            return meta;
        }
        catch
        {
            database.RollBack();
            throw;
        }
    }
}
