using System.Text;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DataBuild.Engine.Tests.Log;

public sealed class LogDamageTests : IDisposable
{
    private const int Stride = 97;

    /// <summary>A flip may also make a log look newer, or its header say that it must not be written.</summary>
    private static readonly DiagnosticRule[] _signsOfDamage =
        [Rules.NotALog, Rules.LogDamaged, Rules.EventDamaged, Rules.LogFormatNewer, Rules.LogInaccessible];

    private readonly TempFolder _folder = new();

    private string Path => _folder.File("log.db");

    private string Good => _folder.File("good.db");

    [Fact]
    public void A_main_file_that_is_cut_off_anywhere_is_never_taken_for_a_log()
    {
        LogFiles.Write(Good, 100);
        var whole = File.ReadAllBytes(Good);
        for (var length = 1; length < whole.Length; length += Stride)
        {
            File.WriteAllBytes(Path, whole[..length]);
            var error = Assert.Throws<DataBuildException>(() => Assert.Fail($"{length} of {whole.Length}: {LogFiles.CountNumbered(Path)}"));
            Assert.True(error.Rule == Rules.NotALog || error.Rule == Rules.LogDamaged || error.Rule == Rules.EventDamaged, error.Message);
            Assert.Contains(Path, error.Message, StringComparison.Ordinal);
            if (error.Rule != Rules.EventDamaged)
            {
                AssertUntouched(whole[..length]);
            }
        }
    }

    [Fact]
    public void Nothing_is_appended_to_a_damaged_end()
    {
        LogFiles.Write(Path, 100);
        LogFiles.Tamper(Path, "DELETE FROM events WHERE offset = 100");
        Assert.Equal(Rules.EventDamaged, Assert.Throws<DataBuildException>(() => SqliteBuildEventLog.OpenWriter(new() { Path = Path })).Rule);
    }

    [Fact]
    public void A_flipped_byte_in_the_main_file_never_changes_what_is_read()
    {
        LogFiles.Write(Good, 100);
        var whole = File.ReadAllBytes(Good);
        var errors = 0;
        var shortened = new List<int>();
        for (var at = 0; at < whole.Length; at += Stride)
        {
            var flipped = whole.ToArray();
            flipped[at] ^= 0xff;
            File.WriteAllBytes(Path, flipped);
            try
            {
                if (LogFiles.CountNumbered(Path) < 100)
                {
                    shortened.Add(at);
                }
            }
            catch (DataBuildException e)
            {
                errors++;
                Assert.True(_signsOfDamage.Contains(e.Rule), $"byte {at}: {e.Message}");
            }
        }

        Assert.Empty(shortened);
        Assert.True(errors > whole.Length / Stride / 3, $"only {errors} of {whole.Length / Stride} were seen");
    }

    [Fact]
    public void What_is_left_of_a_wal_that_is_cut_off_is_a_beginning_of_whole_appends_and_can_be_gone_on_with()
    {
        LogFiles.WriteAndCrash(Good, inMainFile: 40, inWal: 16);
        var wal = File.ReadAllBytes(Good + "-wal");
        var seen = new HashSet<int>();
        for (var length = 0; length <= wal.Length; length = length < wal.Length ? Math.Min(length + Stride, wal.Length) : length + 1)
        {
            File.Delete(Path + "-shm");
            LogFiles.Copy(Good, Path);
            File.WriteAllBytes(Path + "-wal", wal[..length]);

            var count = LogFiles.CountNumbered(Path);

            Assert.Equal(0, count % 4);
            Assert.InRange(count, 40, 56);
            if (seen.Add(count))
            {
                LogFiles.Write(Path, 4);
                Assert.Equal(count + 4, LogFiles.CountNumbered(Path));
            }
        }

        Assert.Equal([40, 44, 48, 52, 56], seen.Order());
    }

    [Fact]
    public void A_flipped_byte_in_the_wal_loses_whole_appends_from_there_on_and_nothing_else()
    {
        LogFiles.WriteAndCrash(Good, inMainFile: 40, inWal: 16);
        var wal = File.ReadAllBytes(Good + "-wal");
        for (var at = 0; at < wal.Length; at += Stride)
        {
            var flipped = wal.ToArray();
            flipped[at] ^= 0xff;
            File.Delete(Path + "-shm");
            LogFiles.Copy(Good, Path);
            File.WriteAllBytes(Path + "-wal", flipped);

            var count = LogFiles.CountNumbered(Path);

            Assert.Equal(0, count % 4);
            Assert.InRange(count, 40, 56);
        }
    }

    [Fact]
    public void Without_its_wal_a_log_is_what_was_in_its_main_file()
    {
        LogFiles.WriteAndCrash(Path, inMainFile: 40, inWal: 16);
        File.Delete(Path + "-wal");
        Assert.Equal(40, LogFiles.CountNumbered(Path));
        LogFiles.Write(Path, 10);
        Assert.Equal(50, LogFiles.CountNumbered(Path));
    }

    [Fact]
    public void A_log_whose_events_were_all_in_a_wal_that_is_gone_stays_the_same_log()
    {
        string id;
        using (var log = SqliteBuildEventLog.OpenWriter(new() { Path = Good }))
        {
            id = log.LogId;
            LogFiles.AppendNumbered(log, 10);
            File.Copy(Good, Path);
        }

        using var again = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
        Assert.Equal(id, again.LogId);
        Assert.Equal(0ul, again.LastOffset);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wal_whose_main_file_is_gone_or_empty_is_damage_and_no_new_log(bool empty)
    {
        LogFiles.WriteAndCrash(Path, inMainFile: 8, inWal: 8);
        File.Delete(Path);
        if (empty)
        {
            File.WriteAllBytes(Path, []);
        }

        AssertRefused(Rules.LogDamaged);
        Assert.Equal(empty, File.Exists(Path));
        Assert.True(File.Exists(Path + "-wal"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_or_empty_file_becomes_a_log_for_a_writer_and_stays_as_it_is_for_a_reader(bool empty)
    {
        if (empty)
        {
            File.WriteAllBytes(Path, []);
        }

        Assert.Equal(Rules.LogNotFound, Assert.Throws<DataBuildException>(() => SqliteBuildEventLog.OpenReader(Path)).Rule);
        Assert.Equal(empty, File.Exists(Path));
        LogFiles.Write(Path, 5);
        Assert.Equal(5, LogFiles.CountNumbered(Path));
    }

    [Fact]
    public void What_a_creation_that_was_cut_short_left_behind_is_in_nobodys_way()
    {
        File.WriteAllText(Path + ".new", "half");
        File.WriteAllText(Path + ".new-journal", "half");
        LogFiles.Write(Path, 5);
        Assert.Equal(5, LogFiles.CountNumbered(Path));
        Assert.False(File.Exists(Path + ".new"));
    }

    [Fact]
    public void A_text_file_is_no_log_and_stays_as_it_is()
    {
        var text = Encoding.UTF8.GetBytes(new string('x', 5000));
        File.WriteAllBytes(Path, text);
        AssertRefused(Rules.NotALog);
        AssertUntouched(text);
    }

    [Fact]
    public void A_folder_is_no_log()
    {
        Directory.CreateDirectory(Path);
        AssertRefused(Rules.NotALog);
    }

    [Fact]
    public void Another_database_is_no_log_and_stays_as_it_is()
    {
        LogFiles.Tamper(Path, "CREATE TABLE t (x)");
        var bytes = File.ReadAllBytes(Path);
        AssertRefused(Rules.NotALog);
        AssertUntouched(bytes);
    }

    [Fact]
    public void A_log_of_a_newer_format_is_refused_and_not_touched()
    {
        LogFiles.Write(Path, 10);
        LogFiles.Tamper(Path, "PRAGMA user_version = 1");
        var bytes = File.ReadAllBytes(Path);
        AssertRefused(Rules.LogFormatNewer);
        AssertUntouched(bytes);
    }

    [Theory]
    [InlineData("UPDATE meta SET log_id = '00000000-0000-7000-8000-000000000000'")]
    [InlineData("UPDATE meta SET term = 0")]
    [InlineData("DELETE FROM meta")]
    [InlineData("ALTER TABLE events ADD COLUMN more TEXT")]
    [InlineData("CREATE TABLE other (x)")]
    [InlineData("DROP TABLE events")]
    public void A_log_that_is_not_as_it_was_made_is_refused(string tampering)
    {
        LogFiles.Write(Path, 10);
        LogFiles.Tamper(Path, tampering);
        AssertRefused(Rules.LogDamaged);
    }

    [Theory]
    [InlineData("DELETE FROM events WHERE offset = 700", 700)]
    [InlineData("DELETE FROM events WHERE offset <= 3", 1)]
    [InlineData("UPDATE events SET event = zeroblob(9) WHERE offset = 700", 700)]
    [InlineData("UPDATE events SET event = x'' WHERE offset = 700", 700)]
    [InlineData("UPDATE events SET event = (SELECT event FROM events WHERE offset = 7) WHERE offset = 700", 700)]
    [InlineData("UPDATE events SET chain = 1 WHERE offset = 700", 700)]
    public void A_damaged_event_is_named_after_all_events_before_it_were_read(string tampering, int offset)
    {
        LogFiles.Write(Path, 1000, group: 1000);
        LogFiles.Tamper(Path, tampering);
        using var log = SqliteBuildEventLog.OpenReader(Path);
        var read = 0;

        var error = Assert.Throws<DataBuildException>(() =>
        {
            foreach (var stored in log.Read(1))
            {
                Assert.Equal((ulong)++read, stored.Offset);
            }
        });

        Assert.Equal(Rules.EventDamaged, error.Rule);
        Assert.Contains($"'{Path}' is damaged at offset {offset}:", error.Message, StringComparison.Ordinal);
        Assert.Equal(offset - 1, read);
    }

    [Fact]
    public void Reading_may_begin_behind_a_damaged_event()
    {
        LogFiles.Write(Path, 20);
        LogFiles.Tamper(Path, "UPDATE events SET event = x'00' WHERE offset = 7");
        using var log = SqliteBuildEventLog.OpenReader(Path);
        Assert.Equal(13, log.Read(8).Count());
        Assert.Equal(Rules.EventDamaged, Assert.Throws<DataBuildException>(() => log.Read(7).Count()).Rule);
    }

    [Theory]
    [InlineData(new byte[] { 0xfa, 0x3f, 0x00 })]
    [InlineData(new byte[] { 0xc2, 0x3e, 0x02, 0x08, 0x01 })]
    [InlineData(new byte[] { 0x5a, 0x00, 0x18, 0x05 })]
    [InlineData(new byte[] { 0x0a, 0x01, 0x41 })]
    [InlineData(new byte[] { })]
    public void What_a_newer_version_may_have_written_is_an_error_and_never_passed_over(byte[] bytes)
    {
        LogFiles.Write(Path, 10);
        LogFiles.PutEvent(Path, 4, bytes);

        var error = Assert.Throws<DataBuildException>(() => LogFiles.Read(Path));

        Assert.Equal(Rules.UnknownEvent, error.Rule);
        Assert.Contains("offset 4 ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x5a })]
    [InlineData(new byte[] { 0x5a, 0x05, 0x01 })]
    [InlineData(new byte[] { 0x5a, 0x03, 0x0a, 0x05, 0x41 })]
    [InlineData(new byte[] { 0x58, 0x01 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    public void Bytes_that_are_no_event_are_damage(byte[] bytes)
    {
        LogFiles.Write(Path, 10);
        LogFiles.PutEvent(Path, 4, bytes);
        Assert.Equal(Rules.EventDamaged, Assert.Throws<DataBuildException>(() => LogFiles.Read(Path)).Rule);
    }

    [Fact]
    public void All_fields_of_an_event_fit_the_check_of_its_envelope()
    {
        Assert.All(V1.BuildEvent.Descriptor.Fields.InFieldNumberOrder(), field =>
        {
            Assert.InRange(field.FieldNumber, 1, 63);
            Assert.True(field.FieldType is FieldType.Message or FieldType.String);
        });
        LogFiles.Write(Path, 1);
        foreach (var kind in V1.BuildEvent.Descriptor.Oneofs[0].Fields)
        {
            var one = new V1.BuildEvent();
            kind.Accessor.SetValue(one, kind.MessageType.Parser.ParseFrom(ByteString.Empty));
            LogFiles.PutEvent(Path, 1, one.ToByteArray());
            Assert.Equal(one.EventCase, LogFiles.Read(Path).Single().Event.EventCase);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(DiagnosticRule rule)
    {
        foreach (var open in new Action[] { () => SqliteBuildEventLog.OpenReader(Path), () => SqliteBuildEventLog.OpenWriter(new() { Path = Path }) })
        {
            var error = Assert.Throws<DataBuildException>(open);
            Assert.Equal(rule, error.Rule);
            Assert.Contains(Path, error.Message, StringComparison.Ordinal);
        }
    }

    private void AssertUntouched(byte[] bytes)
    {
        Assert.Throws<DataBuildException>(() => SqliteBuildEventLog.OpenWriter(new() { Path = Path }));
        Assert.Equal(bytes, File.ReadAllBytes(Path));
    }
}
