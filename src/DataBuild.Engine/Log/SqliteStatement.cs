using SQLitePCL;

namespace DataBuild.Engine.Log;

/// <summary>A prepared statement, used again and again. Blobs are spans into SQLite's memory, gone with the next step.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt statement) : IDisposable
{
    public SqliteStatement Bind(int index, long value)
    {
        database.Check(raw.sqlite3_bind_int64(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        database.Check(raw.sqlite3_bind_text(statement, index, value));
        return this;
    }

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(statement, index, value));
        return this;
    }

    /// <summary>True if there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        throw database.Error(code);
    }

    /// <summary>For a statement without rows.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Ends the read transaction that stepping began. An error that it repeats was thrown by <see cref="Step"/>.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => statement.Dispose();
}
