using DataBuild.Engine.Diagnostics;
using SQLitePCL;

namespace DataBuild.Engine.Log;

/// <summary>
/// A copy of a log in one file, taken while an engine may be writing: SQLite copies the pages as of one moment, and neither waits for
/// the other. The copy has no write-ahead log, so that it can be moved as one file and read where nothing can be written.
/// </summary>
public static class LogBackup
{
    /// <summary>What lies or may lie beside a log and is part of it.</summary>
    private static readonly string[] ownParts = ["", "-wal", "-shm", ".lease", ".snapshot", ".new", ".restoring"];

    /// <summary>Writes the copy beside its place, reads all of it, makes it durable and puts it in place, or throws and changes nothing.</summary>
    /// <param name="logPath">The log.</param>
    /// <param name="file">Where to.</param>
    /// <param name="replace">Replace a file that is there.</param>
    public static LogCopyReport Write(string logPath, string file, bool replace)
    {
        logPath = Path.GetFullPath(logPath);
        file = Path.GetFullPath(file);
        RequireOther(logPath, file);
        if (!replace && Path.Exists(file))
        {
            throw new DataBuildException(Rules.BackupExists, $"'{file}' is there already; name another file, or replace it with --force");
        }

        string unfinished = file + ".new";
        try
        {
            Copy(logPath, unfinished, writeAheadLog: false);
            var report = Checked(unfinished, file);
            File.Move(unfinished, file, overwrite: replace);
            UnixFiles.SyncDirectory(Path.GetDirectoryName(file)!);
            return report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(file, e);
        }
        finally
        {
            Remove(unfinished);
        }
    }

    /// <summary>Copies a log or a backup, whole and as of one moment, and makes the copy durable.</summary>
    internal static void Copy(string from, string to, bool writeAheadLog)
    {
        Remove(to);
        CheckFolder(to);
        var (source, _) = LogDatabase.OpenForReading(from);
        using (source)
        using (var target = SqliteDatabase.Open(to, SqliteAccess.Write, TimeSpan.Zero))
        {
            source.CopyTo(target);

            // What was copied says how the log kept its journal; a copy for keeping is one file.
            target.Execute($"PRAGMA journal_mode = {(writeAheadLog ? "WAL" : "DELETE")};");
        }

        using var written = File.OpenHandle(to, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(written);
    }

    /// <summary>Reads all of a copy, or throws what is wrong with it.</summary>
    internal static LogCopyReport Checked(string copy, string shownAs)
    {
        var verified = LogVerification.Verify(copy);
        if (verified.Findings is [var first, ..])
        {
            throw new DataBuildException(Rules.BackupDamaged, $"the copy of the log for '{shownAs}' is not good, and was not put in place: {first.Code}: {first.Text}");
        }

        using var log = SqliteBuildEventLog.OpenReader(copy);
        return new LogCopyReport(log.LogId, verified.Events, log.ChainAt(verified.Events) ?? 0, new FileInfo(copy).Length);
    }

    internal static void RequireOther(string logPath, string file)
    {
        string log = Real(logPath);
        string target = Real(file);
        if (Array.Exists(ownParts, part => target == log + part))
        {
            throw new DataBuildException(Rules.BackupIsTheLog, $"'{file}' is the log '{logPath}' itself, or belongs to it; name another file");
        }
    }

    internal static DataBuildException NotWritten(string file, Exception e) =>
        new(Rules.BackupNotWritten, $"'{file}' cannot be written: {e.Message.TrimEnd('.')}; correct that or name another file, nothing was replaced", inner: e);

    internal static void Remove(string path)
    {
        foreach (string part in (ReadOnlySpan<string>)["", "-wal", "-shm", "-journal"])
        {
            if (File.Exists(path + part))
            {
                File.Delete(path + part);
            }
        }
    }

    /// <summary>SQLite would only say that it cannot open the database.</summary>
    private static void CheckFolder(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"there is no folder '{folder}'");
        }

        File.Create(file).Dispose();
    }

    /// <summary>With symbolic links resolved; the file itself need not be there.</summary>
    private static string Real(string path)
    {
        string target = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;
        string folder = Path.GetDirectoryName(target)!;
        return Path.Join(Directory.Exists(folder) ? Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder : folder, Path.GetFileName(target));
    }
}
