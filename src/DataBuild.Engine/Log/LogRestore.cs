using System.Globalization;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Log;

/// <summary>
/// Puts a backup in the log's place. What is there is moved aside and never deleted; only what is made from a log, its snapshot, is
/// dropped.
/// </summary>
public static class LogRestore
{
    /// <summary>
    /// Added to the backup's term where the terms used since cannot be known: terms count starts of engines, so none of them has
    /// come so far, and what they left half published in the data root is of an earlier term than the next engine's.
    /// </summary>
    internal const ulong TermLeap = 1_000_000;

    /// <summary>In this order.</summary>
    private static readonly string[] movedParts = ["", "-wal"];

    /// <param name="backup">The backup; it is only read.</param>
    /// <param name="logPath">The log.</param>
    /// <param name="check">Given the copy before it is put in place; throws if its history is not a legal one.</param>
    public static LogCopyReport Restore(string backup, string logPath, Action<string> check)
    {
        backup = Path.GetFullPath(backup);
        logPath = Path.GetFullPath(logPath);
        LogBackup.RequireOther(logPath, backup);
        if (!File.Exists(backup))
        {
            throw new DataBuildException(Rules.LogNotFound, $"There is no backup '{backup}'. Name the file that `databuild log backup` wrote.");
        }

        using var lease = Lease.AcquireOrThrow(logPath);
        string unfinished = logPath + ".restoring";
        try
        {
            LogBackup.Copy(backup, unfinished, writeAheadLog: true);
            var report = LogBackup.Checked(unfinished, logPath);
            check(unfinished);
            RaiseTerm(unfinished, report.LogId, logPath);
            string aside = MoveAside(logPath);
            File.Move(unfinished, logPath);
            File.Delete(logPath + ".snapshot");
            UnixFiles.SyncDirectory(Path.GetDirectoryName(logPath)!);
            return report with { MovedTo = aside };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LogBackup.NotWritten(logPath, e);
        }
        finally
        {
            LogBackup.Remove(unfinished);
        }
    }

    /// <summary>
    /// The log first and its -wal after it: between the two there is a -wal without a log, which everybody refuses, and never a log
    /// that silently lacks its newest events, nor a -wal of one log beside another.
    /// </summary>
    private static string MoveAside(string logPath)
    {
        string[] parts = [.. movedParts.Where(part => File.Exists(logPath + part))];
        if (parts.Length == 0)
        {
            return "";
        }

        string aside = Enumerable.Range(1, int.MaxValue - 1)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{logPath}.before-restore-{number}"))
            .First(name => !File.Exists(name) && !File.Exists(name + "-wal"));
        foreach (string part in parts)
        {
            File.Move(logPath + part, aside + part);
        }

        // Made anew from the -wal at any time.
        File.Delete(logPath + "-shm");
        return aside;
    }

    /// <summary>The next engine's term has to be later than all that were ever used on the data root.</summary>
    private static void RaiseTerm(string restored, string logId, string present)
    {
        ulong? used = null;
        try
        {
            var (database, meta) = LogDatabase.OpenForReading(present);
            database.Dispose();
            used = meta.LogId == logId ? meta.Term : null;
        }
        catch (DataBuildException)
        {
            // It is missing or damaged, which is why somebody restores a backup: nobody knows.
            used = null;
        }

        using var target = SqliteDatabase.Open(restored, SqliteAccess.Write, TimeSpan.Zero);
        using var read = LogDatabase.PrepareReadMeta(target);
        using var write = LogDatabase.PrepareWriteMeta(target);
        var before = LogDatabase.ReadMeta(target, read);
        LogDatabase.WriteMeta(write, before with { Term = used is { } known ? Math.Max(known, before.Term) : before.Term + TermLeap });
    }
}
