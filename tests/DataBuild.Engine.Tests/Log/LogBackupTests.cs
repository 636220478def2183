using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;

namespace DataBuild.Engine.Tests.Log;

public sealed class LogBackupTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("log.db");

    private string Backup => _folder.File("backup.db");

    [Fact]
    public void A_backup_holds_what_was_in_the_wal_too()
    {
        LogFiles.WriteAndCrash(Path, inMainFile: 40, inWal: 60);
        var report = LogBackup.Write(Path, Backup, replace: false);
        Assert.Equal(100ul, report.Events);
        Assert.Equal(100, LogFiles.CountNumbered(Backup));
    }

    [Fact]
    public void A_backup_taken_while_an_engine_writes_is_a_whole_beginning_of_its_log()
    {
        using var writer = new LogWriterProcess("append", Path, "3", "100000");
        writer.ReadLine();
        for (int i = 0; i < 5; i++)
        {
            ulong told = ulong.Parse(writer.ReadLine()!, null);
            var report = LogBackup.Write(Path, Backup, replace: true);
            Assert.True(report.Events >= told && report.Events % 3 == 0, $"{report.Events} events, {told} were acknowledged before");
            Assert.Equal((int)report.Events, LogFiles.CountNumbered(Backup));
        }

        writer.Kill();
    }

    [Fact]
    public void A_backup_can_be_read_where_nothing_can_be_written()
    {
        LogFiles.Write(Path, 20);
        Directory.CreateDirectory(_folder.File("shelf"));
        string kept = System.IO.Path.Combine(_folder.File("shelf"), "b.db");
        LogBackup.Write(Path, kept, replace: false);
        File.SetUnixFileMode(kept, UnixFileMode.UserRead);
        Assert.Equal(20, LogFiles.CountNumbered(kept));
        Assert.Equal([kept], Directory.GetFiles(_folder.File("shelf")));
    }

    [Fact]
    public void A_damaged_log_gives_no_backup()
    {
        LogFiles.Write(Path, 100);
        LogFiles.Tamper(Path, "UPDATE events SET event = zeroblob(4) WHERE offset = 10");
        var error = Assert.Throws<DataBuildException>(() => LogBackup.Write(Path, Backup, replace: false));
        Assert.Equal(Rules.BackupDamaged, error.Rule);
        Assert.Contains("offset 10", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Backup));
        Assert.False(File.Exists(Backup + ".new"));
    }

    [Fact]
    public void What_cannot_be_written_leaves_an_older_backup_as_it_was()
    {
        LogFiles.Write(Path, 10);
        LogBackup.Write(Path, Backup, replace: false);
        byte[] older = File.ReadAllBytes(Backup);
        LogFiles.Tamper(Path, "DELETE FROM events WHERE offset = 10");
        Assert.Throws<DataBuildException>(() => LogBackup.Write(Path, Backup, replace: true));
        Assert.Equal(older, File.ReadAllBytes(Backup));
        Assert.Equal(Rules.BackupExists, Assert.Throws<DataBuildException>(() => LogBackup.Write(Path, Backup, replace: false)).Rule);
        Assert.Equal(Rules.BackupNotWritten, Assert.Throws<DataBuildException>(() => LogBackup.Write(Path, _folder.File("none/b.db"), replace: false)).Rule);
        Assert.Equal(Rules.BackupIsTheLog, Assert.Throws<DataBuildException>(() => LogBackup.Write(Path, Path + "-wal", replace: true)).Rule);
    }

    public void Dispose() => _folder.Dispose();
}
