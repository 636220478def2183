using DataBuild.Engine.Diagnostics;
using SQLitePCL;

namespace DataBuild.Engine.Log;

/// <summary>From SQLite's result codes to ours, in one place.</summary>
internal static class SqliteErrors
{
    private const int ReadOnlyMoved = raw.SQLITE_READONLY | (4 << 8);

    /// <summary>An <see cref="InvalidOperationException"/> for what only a defect of DataBuild can cause.</summary>
    public static Exception Translate(string path, int code, string message)
    {
        if (RuleOf(code) is not { } rule)
        {
            return new InvalidOperationException($"SQLite: {message} ({code}), on {path}");
        }

        var (what, next) = Explain(rule);
        return new DataBuildException(rule, $"The build event log '{path}' {what}: SQLite says '{message}' ({code}). {next}");
    }

    internal static DiagnosticRule? RuleOf(int code) => (code & 0xff) switch
    {
        _ when code == ReadOnlyMoved => Rules.LogReplaced,
        raw.SQLITE_FULL => Rules.LogDiskFull,
        raw.SQLITE_IOERR or raw.SQLITE_NOLFS => Rules.LogIoError,
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH => Rules.LogInaccessible,
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL => Rules.LogBusy,
        raw.SQLITE_NOTADB => Rules.NotALog,

        // Our statements are fixed and were tried on our schema: if one doesn't fit, the file isn't as we made it.
        raw.SQLITE_CORRUPT or raw.SQLITE_ERROR or raw.SQLITE_SCHEMA or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH
            or raw.SQLITE_TOOBIG or raw.SQLITE_FORMAT => Rules.LogDamaged,
        _ => null,
    };

    private static (string What, string Next) Explain(DiagnosticRule rule) => rule.Code switch
    {
        _ when rule == Rules.LogDiskFull => ("can't grow", "Free space on its disk and build again; nothing of this append was stored."),
        _ when rule == Rules.LogIoError => ("can't be read or written", "Check the disk, its free space, quota and file size limits, then build again."),
        _ when rule == Rules.LogInaccessible => ("can't be opened or written", "Give this user write access to the file and its folder, on a disk with inodes left, or put the log somewhere else."),
        _ when rule == Rules.LogBusy => ("is locked by another program", "End that program and build again."),
        _ when rule == Rules.LogReplaced => ("was moved while in use", "Leave it alone while something is building, and build again."),
        _ when rule == Rules.NotALog => ("is no database", "Name the log that is meant, or restore it from a backup."),
        _ => ("is damaged", "Restore it, with its -wal file, from a backup, or move all its files away to begin a new log."),
    };
}
