namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// What stat says of a log's files: another one once something was appended. Reading makes SQLite's own files come and go, and whoever
/// watches the folder is woken by that too; an empty -wal, which a reader may leave, says nothing.
/// </summary>
internal readonly record struct LogStamp(long Log, DateTime LogAt, long Wal, DateTime WalAt)
{
    public static LogStamp Of(string path)
    {
        var log = new FileInfo(path);
        var wal = new FileInfo(path + "-wal");
        bool isWritten = wal is { Exists: true, Length: > 0 };
        return new LogStamp(log.Exists ? log.Length : -1, log.Exists ? log.LastWriteTimeUtc : default, isWritten ? wal.Length : 0, isWritten ? wal.LastWriteTimeUtc : default);
    }
}
