using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting.Planning;

/// <summary>
/// A log that belongs to somebody else, read without leaving a trace: no lease is asked for, and neither the file nor its folder is
/// written to. A backup is read as it is; of anything else a copy is read, since SQLite makes files beside a database with a
/// write-ahead log even for those who only read.
/// </summary>
internal sealed class OtherLog : IDisposable
{
    /// <summary>In SQLite's header: how the file is to be read. 2 says with a write-ahead log.</summary>
    private const int ReadVersionAt = 19;

    private readonly SqliteBuildEventLog log;
    private readonly string? copied;

    private OtherLog(SqliteBuildEventLog log, string? copied)
    {
        this.log = log;
        this.copied = copied;
    }

    public string LogId => log.LogId;

    /// <param name="file">Full path.</param>
    public static OtherLog Open(string file)
    {
        string? folder = null;
        try
        {
            if (HasWriteAheadLog(file))
            {
                folder = Directory.CreateTempSubdirectory("databuild-log-").FullName;
                Copy(file, Path.Combine(folder, "log.db"));
            }

            return new OtherLog(SqliteBuildEventLog.OpenReader(folder is null ? file : Path.Combine(folder, "log.db")), folder);
        }
        catch (Exception e)
        {
            Remove(folder);
            switch (e)
            {
                case DataBuildException ours when folder is not null:
                    throw new DataBuildException(ours.Rule, ours.Message.Replace(Path.Combine(folder, "log.db"), file, StringComparison.Ordinal), inner: ours);
                case IOException or UnauthorizedAccessException:
                    throw new DataBuildException(
                        Rules.LogNotCopied, $"'{file}' is no backup and could not be copied to '{Path.GetTempPath()}' to be read: {e.Message.TrimEnd('.')}; free space, set TMPDIR, or name a backup that `databuild log backup` made", inner: e);
                default:
                    throw;
            }
        }
    }

    public BuildState Load()
    {
        try
        {
            return StateLoader.Load(log, snapshots: null, out _);
        }
        catch (IllegalEventException e)
        {
            throw new DataBuildException(Rules.IllegalHistory, $"'{log.Path}' is whole, and its history is not a legal one: {e.Message}; take another backup", inner: e);
        }
    }

    public void Dispose()
    {
        log.Dispose();
        Remove(copied);
    }

    private static bool HasWriteAheadLog(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        Span<byte> header = stackalloc byte[ReadVersionAt + 1];
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header.StartsWith("SQLite format 3\0"u8) && header[ReadVersionAt] == 2;
    }

    /// <summary>With a write-ahead log beside it, somebody may be writing: SQLite then copies it as of one moment, as for a backup.</summary>
    private static void Copy(string file, string to)
    {
        if (File.Exists(file + "-wal"))
        {
            LogBackup.Copy(file, to, writeAheadLog: false);
        }
        else
        {
            // As a new file: a copy would have the permissions of the one that is only read.
            using var from = File.OpenRead(file);
            using var target = File.Create(to);
            from.CopyTo(target);
        }
    }

    private static void Remove(string? folder)
    {
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
