using System.Runtime.InteropServices;
using SQLitePCL;

namespace DataBuild.Engine.Log;

/// <summary>
/// One connection, for one thread at a time. Straight on SQLite's C functions, as bundled with Microsoft.Data.Sqlite: half the cost a
/// row, no pool that keeps files open, no retries by sleeping, and each error with its extended code.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private const int ExtendedResultCodes = 0x0200_0000;
    private const int HasMovedControl = 20;

    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public static SqliteDatabase Open(string path, SqliteAccess access, TimeSpan busyTimeout)
    {
        var flags = access == SqliteAccess.Read ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE;
        var code = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX | ExtendedResultCodes, null);
        if (code != raw.SQLITE_OK)
        {
            var message = raw.sqlite3_errstr(code).utf8_to_string();
            handle?.Dispose();
            throw SqliteErrors.Translate(path, code, message);
        }

        var database = new SqliteDatabase(path, handle);
        try
        {
            database.Check(raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement));
        return new(this, statement);
    }

    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    public long Int64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : throw Error(raw.SQLITE_CORRUPT);
    }

    public string Text(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : throw Error(raw.SQLITE_CORRUPT);
    }

    /// <summary>Whether the path no longer leads to the file that is open: it was deleted or another one was put there.</summary>
    public bool HasMoved()
    {
        Check(sqlite3_file_control(_handle.DangerousGetHandle(), "main\0"u8.ToArray(), HasMovedControl, out var moved));
        return moved != 0;
    }

    /// <summary>Copies all pages as of one moment, whoever writes meanwhile.</summary>
    public void CopyTo(SqliteDatabase target)
    {
        using var copy = raw.sqlite3_backup_init(target._handle, "main", _handle, "main");
        int code = copy.IsInvalid ? raw.sqlite3_errcode(target._handle) : raw.sqlite3_backup_step(copy, -1);
        if (code != raw.SQLITE_DONE)
        {
            throw target.Error(code);
        }
    }

    /// <summary>Ends a transaction that failed, unless SQLite has done so itself.</summary>
    public void RollBack()
    {
        if (InTransaction)
        {
            Execute("ROLLBACK");
        }
    }

    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }

    public Exception Error(int code) => SqliteErrors.Translate(Path, code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    public void Dispose() => _handle.Dispose();

    // Not in SQLitePCLRaw.
    [DllImport("e_sqlite3")]
    private static extern int sqlite3_file_control(IntPtr database, byte[] name, int operation, out int result);
}
