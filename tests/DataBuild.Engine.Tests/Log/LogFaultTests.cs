using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.TestLogWriter;
using SQLitePCL;

namespace DataBuild.Engine.Tests.Log;

/// <summary>What goes wrong while a log is in use.</summary>
public sealed class LogFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("log.db");

    [Fact]
    public void A_full_disk_stores_nothing_of_the_append_and_the_next_one_may_succeed()
    {
        using var log = Open();
        LogFiles.AppendNumbered(log, 8);
        log.Connection.Execute("PRAGMA max_page_count = 5");

        AssertFails(Rules.LogDiskFull, () => LogFiles.AppendNumbered(log, 100, group: 100));

        Assert.Equal(8ul, log.LastOffset);
        log.Connection.Execute("PRAGMA max_page_count = 1000");
        LogFiles.AppendNumbered(log, 100, group: 100);
        Assert.Equal(108, LogFiles.CountNumbered(Path));
    }

    [Fact]
    public void A_write_that_finds_the_device_full_stores_nothing_of_the_append()
    {
        using (var log = Open())
        {
            LogFiles.AppendNumbered(log, 8);
            OpenFiles.Replace(Path + "-wal", "/dev/full", FileAccess.Write);
            AssertFails(Rules.LogDiskFull, () => LogFiles.AppendNumbered(log, 100, group: 100));
            Assert.Equal(8ul, log.LastOffset);
        }

        Assert.Equal(8, LogFiles.CountNumbered(Path));
    }

    [Fact]
    public void After_a_failed_write_nothing_is_appended_until_the_log_is_opened_again()
    {
        using (var log = Open())
        {
            LogFiles.AppendNumbered(log, 8);
            OpenFiles.Replace(Path + "-wal", Path + "-wal", FileAccess.Read);
            AssertFails(Rules.LogIoError, () => LogFiles.AppendNumbered(log, 4));
            AssertFails(Rules.LogIoError, () => LogFiles.AppendNumbered(log, 4));
            Assert.Equal(8ul, log.LastOffset);
        }

        LogFiles.Write(Path, 4);
        Assert.Equal(12, LogFiles.CountNumbered(Path));
    }

    [Fact]
    public void A_log_that_was_deleted_while_in_use_takes_no_more_events()
    {
        using var log = Open();
        LogFiles.AppendNumbered(log, 8);
        File.Delete(Path);
        AssertFails(Rules.LogReplaced, () => LogFiles.AppendNumbered(log, 4));
        AssertFails(Rules.LogReplaced, () => LogFiles.AppendNumbered(log, 4));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_log_that_was_replaced_while_in_use_takes_no_more_events_and_is_not_read_as_if_it_were_the_same()
    {
        LogFiles.Write(_folder.File("other.db"), 20);
        using var log = Open();
        LogFiles.AppendNumbered(log, 8);
        File.Move(_folder.File("other.db"), Path, overwrite: true);
        File.Delete(Path + "-wal");
        File.Delete(Path + "-shm");

        AssertFails(Rules.LogReplaced, () => LogFiles.AppendNumbered(log, 4));
        AssertFails(Rules.LogReplaced, () => log.Read(1).Count());
        Assert.Equal(20, LogFiles.CountNumbered(Path));
    }

    [Fact]
    public void A_log_that_lost_its_wal_while_in_use_takes_no_more_events()
    {
        using var log = Open();
        LogFiles.AppendNumbered(log, 8);
        File.Delete(Path + "-wal");
        AssertFails(Rules.LogReplaced, () => LogFiles.AppendNumbered(log, 4));
    }

    [Fact]
    public void A_log_into_which_something_else_wrote_takes_no_more_events()
    {
        using var log = Open();
        LogFiles.AppendNumbered(log, 8);
        using (var other = SqliteDatabase.Open(Path, SqliteAccess.Write, TimeSpan.Zero))
        using (var select = LogDatabase.PrepareReadMeta(other))
        using (var update = LogDatabase.PrepareWriteMeta(other))
        {
            LogDatabase.WriteMeta(update, LogDatabase.ReadMeta(other, select) with { Last = 7 });
        }

        AssertFails(Rules.LogReplaced, () => LogFiles.AppendNumbered(log, 4));
    }

    [Fact]
    public void A_log_that_another_program_has_locked_says_so_and_can_be_appended_to_afterwards()
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path, BusyTimeout = TimeSpan.FromMilliseconds(20) });
        using var other = SqliteDatabase.Open(Path, SqliteAccess.Write, TimeSpan.Zero);
        other.Execute("BEGIN IMMEDIATE");
        AssertFails(Rules.LogBusy, () => LogFiles.AppendNumbered(log, 4));
        other.Execute("ROLLBACK");
        LogFiles.AppendNumbered(log, 4);
        Assert.Equal(4ul, log.LastOffset);
    }

    [Fact]
    public void A_log_that_must_not_be_written_can_be_read()
    {
        LogFiles.Write(Path, 8);
        var bytes = File.ReadAllBytes(Path);

        // SQLite's own mark: a database that only a newer version may write.
        bytes[18] = 3;
        File.WriteAllBytes(Path, bytes);

        AssertFails(Rules.LogInaccessible, () => Open().Dispose());
        Assert.Equal(8, LogFiles.CountNumbered(Path));
    }

    [Fact]
    public void A_log_in_a_place_where_no_file_can_be_says_so()
    {
        File.WriteAllText(_folder.File("file"), "");
        var error = Assert.Throws<DataBuildException>(() => SqliteBuildEventLog.OpenWriter(new() { Path = _folder.File("file/log.db") }));
        Assert.Equal(Rules.LeaseUnavailable, error.Rule);
        Directory.CreateDirectory(Path + ".new");
        AssertFails(Rules.LogInaccessible, () => Open().Dispose());
    }

    [Fact]
    public void An_event_that_is_too_large_stores_nothing()
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path, MaxEventBytes = 100_000 });
        var large = SampleEvents.Numbered(2);
        large.JobRunQueue.Job = new('x', 100_001);
        AssertFails(Rules.EventTooLarge, () => log.Append([SampleEvents.Numbered(1), large]));
        Assert.Equal(0ul, log.LastOffset);
        large.JobRunQueue.Job = new('x', 99_000);
        log.Append([large]);
        Assert.Equal(large, log.Read(1).Single().Event);
    }

    [Fact]
    public void An_event_of_some_megabytes_is_read_as_it_was_appended()
    {
        using var log = Open();
        var large = SampleEvents.Numbered(1);
        large.JobRunQueue.Job = new('x', 5_000_000);
        log.Append([large, SampleEvents.Numbered(2)]);
        Assert.True(log.Read(1).First().Event.Equals(large), "it differs");
        Assert.Equal(2, log.Read(1).Count());
    }

    [Theory]
    [InlineData(Durability.Full, 2)]
    [InlineData(Durability.Normal, 1)]
    public void The_wal_is_synced_as_asked(Durability durability, int synchronous)
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path, Durability = durability });
        Assert.Equal(synchronous, log.Connection.Int64("PRAGMA synchronous"));
        Assert.Equal("wal", log.Connection.Text("PRAGMA journal_mode"));
        Assert.Equal(LogDatabase.ApplicationId, log.Connection.Int64("PRAGMA application_id"));
    }

    [Fact]
    public void A_slow_reader_does_not_keep_the_wal_from_being_folded_back()
    {
        using var log = Open();
        LogFiles.AppendNumbered(log, 1000, group: 1000);
        using var slow = log.Read(1).GetEnumerator();
        Assert.True(slow.MoveNext());

        LogFiles.AppendNumbered(log, 30_000, group: 1000);

        Assert.Equal(0, log.Connection.Int64("PRAGMA wal_checkpoint(TRUNCATE)"));
        Assert.Equal(0, new FileInfo(Path + "-wal").Length);
        Assert.True(slow.MoveNext());
    }

    [Fact]
    public void A_reader_sees_what_is_appended_after_it_was_opened_and_cannot_append()
    {
        using var log = Open();
        using var reader = SqliteBuildEventLog.OpenReader(Path);
        Assert.Equal((log.LogId, 0ul, 0ul), (reader.LogId, reader.Term, reader.LastOffset));
        LogFiles.AppendNumbered(log, 4);
        Assert.Equal(4ul, reader.LastOffset);
        Assert.Equal(4, reader.Read(1).Count());
        Assert.Throws<InvalidOperationException>(() => reader.Append([SampleEvents.Numbered(5)]));
    }

    [Theory]
    [InlineData(raw.SQLITE_FULL, "DBLD6007")]
    [InlineData(raw.SQLITE_IOERR | (4 << 8), "DBLD6008")]
    [InlineData(raw.SQLITE_READONLY | (1 << 8), "DBLD6009")]
    [InlineData(raw.SQLITE_READONLY | (4 << 8), "DBLD6013")]
    [InlineData(raw.SQLITE_CANTOPEN, "DBLD6009")]
    [InlineData(raw.SQLITE_PERM, "DBLD6009")]
    [InlineData(raw.SQLITE_BUSY | (1 << 8), "DBLD6010")]
    [InlineData(raw.SQLITE_LOCKED, "DBLD6010")]
    [InlineData(raw.SQLITE_NOTADB, "DBLD6002")]
    [InlineData(raw.SQLITE_CORRUPT | (1 << 8), "DBLD6004")]
    [InlineData(raw.SQLITE_CONSTRAINT, "DBLD6004")]
    public void Each_error_of_SQLite_has_its_code_and_says_what_to_do(int code, string rule)
    {
        var error = Assert.IsType<DataBuildException>(SqliteErrors.Translate("/x/log.db", code, "so it is"));
        Assert.Equal(rule, error.Rule.Code);
        Assert.Matches("^The build event log '/x/log.db' .*'so it is'.*[.] [A-Z].*[.]$", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void An_error_that_only_a_defect_can_cause_has_no_code() =>
        Assert.IsType<InvalidOperationException>(SqliteErrors.Translate("/x/log.db", raw.SQLITE_MISUSE, "bad parameter"));

    public void Dispose() => _folder.Dispose();

    private SqliteBuildEventLog Open() => SqliteBuildEventLog.OpenWriter(new() { Path = Path });

    private void AssertFails(DiagnosticRule rule, Action action)
    {
        var error = Assert.Throws<DataBuildException>(action);
        Assert.Equal(rule, error.Rule);
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private void AssertFails(DiagnosticRule rule, Func<int> function) => AssertFails(rule, () => { _ = function(); });
}
