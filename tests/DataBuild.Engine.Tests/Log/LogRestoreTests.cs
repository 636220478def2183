using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;

namespace DataBuild.Engine.Tests.Log;

public sealed class LogRestoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("log.db");

    private string Backup => _folder.File("backup.db");

    [Fact]
    public void A_wal_of_the_log_before_is_moved_aside_with_it()
    {
        LogFiles.Write(Path, 30);
        LogBackup.Write(Path, Backup, replace: false);
        File.Delete(Path);
        LogFiles.WriteAndCrash(Path, inMainFile: 40, inWal: 60);

        var report = LogRestore.Restore(Backup, Path, _ => { });

        Assert.Equal(30, LogFiles.CountNumbered(Path));
        Assert.Equal(Path + ".before-restore-1", report.MovedTo);
        Assert.Equal(100, LogFiles.CountNumbered(report.MovedTo));
    }

    [Fact]
    public void A_restored_log_can_be_written_on_and_is_the_same_log()
    {
        LogFiles.Write(Path, 30);
        string id = IdOf(Path);
        LogBackup.Write(Path, Backup, replace: false);
        LogRestore.Restore(Backup, Path, _ => { });
        using (var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path }))
        {
            Assert.Equal(id, log.LogId);
            LogFiles.AppendNumbered(log, 10);
        }

        Assert.Equal(40, LogFiles.CountNumbered(Path));
        Assert.Empty(LogVerification.Verify(Path).Findings);
    }

    [Fact]
    public void The_next_term_is_later_than_all_before_whether_they_are_known_or_not()
    {
        LogFiles.Write(Path, 5);
        LogBackup.Write(Path, Backup, replace: false);
        for (int i = 0; i < 4; i++)
        {
            SqliteBuildEventLog.OpenWriter(new() { Path = Path }).Dispose();
        }

        LogRestore.Restore(Backup, Path, _ => { });
        Assert.Equal(6ul, NextTerm());
        File.Delete(Path);
        LogRestore.Restore(Backup, Path, _ => { });
        Assert.Equal(2 + LogRestore.TermLeap, NextTerm());
        File.WriteAllText(Path, "destroyed");
        LogRestore.Restore(Backup, Path, _ => { });
        Assert.Equal(2 + LogRestore.TermLeap, NextTerm());
    }

    [Fact]
    public void Where_it_was_cut_short_it_can_be_done_again()
    {
        LogFiles.Write(Path, 30);
        LogBackup.Write(Path, Backup, replace: false);
        File.Delete(Path);
        LogFiles.WriteAndCrash(Path, inMainFile: 40, inWal: 60);

        // Between moving the log and moving its -wal.
        File.Move(Path, Path + ".before-restore-1");
        File.WriteAllText(Path + ".restoring", "half");
        Assert.Equal(Rules.LogDamaged, Assert.Throws<DataBuildException>(() => SqliteBuildEventLog.OpenReader(Path)).Rule);
        LogRestore.Restore(Backup, Path, _ => { });
        Assert.Equal(30, LogFiles.CountNumbered(Path));
        Assert.True(File.Exists(Path + ".before-restore-2-wal"));
        Assert.False(File.Exists(Path + ".restoring"));
    }

    [Fact]
    public void What_the_check_refuses_changes_nothing()
    {
        LogFiles.Write(Path, 30);
        LogBackup.Write(Path, Backup, replace: false);
        using (var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path }))
        {
            LogFiles.AppendNumbered(log, 10);
        }

        Assert.Throws<DataBuildException>(() => LogRestore.Restore(Backup, Path, copy => throw new DataBuildException(Rules.BackupDamaged, copy)));
        Assert.Equal(40, LogFiles.CountNumbered(Path));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*restor*"));
    }

    public void Dispose() => _folder.Dispose();

    private ulong NextTerm()
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
        return log.Term;
    }

    private static string IdOf(string path)
    {
        using var log = SqliteBuildEventLog.OpenReader(path);
        return log.LogId;
    }
}
