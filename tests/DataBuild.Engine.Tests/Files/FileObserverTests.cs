using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

public sealed class FileObserverTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TempRoot temp = new();
    private readonly FixedClock clock = new(Now);
    private readonly FileObserver observer;
    private readonly string path;

    public FileObserverTests()
    {
        observer = new(null, clock);
        path = Path.Join(temp.Folder, "f");
    }

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_file_whose_stamp_is_known_is_not_read()
    {
        Write("1", Now.AddDays(-1));
        var seen = observer.Observe(path, 0, []);
        // A fingerprint that the content doesn't have comes back: so the content was not looked at.
        Assert.Equal([1, 2, 3], observer.Observe(path, seen.Stamp, [1, 2, 3]).Fingerprint);
        Assert.NotEqual([1, 2, 3], observer.Observe(path, seen.Stamp + 1, [1, 2, 3]).Fingerprint);
    }

    [Fact]
    public void A_touched_file_has_a_new_stamp_and_its_old_fingerprint()
    {
        Write("1", Now.AddDays(-2));
        var before = observer.Observe(path, 0, []);
        Write("1", Now.AddDays(-1));
        var after = observer.Observe(path, before.Stamp, before.Fingerprint);
        Assert.NotEqual(before.Stamp, after.Stamp);
        Assert.Equal(before.Fingerprint, after.Fingerprint);
    }

    [Fact]
    public void A_nanosecond_more_is_another_stamp() =>
        Assert.NotEqual(Stamp.Of(new FileIdentity(1, 1_000_000_001, 7)), Stamp.Of(new FileIdentity(1, 1_000_000_002, 7)));

    [Fact]
    public void A_copy_with_equal_time_and_size_in_its_place_has_another_stamp()
    {
        Write("1", Now.AddDays(-1));
        var before = observer.Observe(path, 0, []);
        File.WriteAllText(path + "2", "2");
        File.SetLastWriteTimeUtc(path + "2", Now.AddDays(-1).UtcDateTime);
        File.Move(path + "2", path, overwrite: true);
        Assert.NotEqual(before.Fingerprint, observer.Observe(path, before.Stamp, before.Fingerprint).Fingerprint);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(19.9, true)]
    [InlineData(-100, true)]
    [InlineData(20.1, false)]
    [InlineData(-100_000, false)]
    public void A_file_written_just_before_it_is_read_gets_no_stamp(double ageMs, bool untrusted)
    {
        Write("1", Now.AddMilliseconds(-ageMs).AddTicks(-1));
        var seen = observer.Observe(path, 0, []);
        Assert.Equal(untrusted, seen.Stamp == Stamp.Untrusted);
        Assert.Equal(16, seen.Fingerprint.Length);
    }

    [Fact]
    public void A_write_within_the_tick_of_the_last_one_is_not_missed()
    {
        Write("1", Now.AddTicks(-5));
        var first = observer.Observe(path, 0, []);
        // Same size, same inode, same time: what a coarse clock makes of a quick second write.
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.Write("2"u8);
        }

        File.SetLastWriteTimeUtc(path, Now.AddTicks(-5).UtcDateTime);
        var second = observer.Observe(path, first.Stamp, first.Fingerprint);
        Assert.NotEqual(first.Fingerprint, second.Fingerprint);
        clock.Now = Now.AddSeconds(1);
        var third = observer.Observe(path, second.Stamp, second.Fingerprint);
        Assert.Equal(second.Fingerprint, third.Fingerprint);
        Assert.NotEqual(Stamp.Untrusted, third.Stamp);
    }

    [Fact]
    public void A_file_system_that_counts_in_whole_seconds_is_given_two_of_them()
    {
        Write("1", Now.AddSeconds(-1));
        Assert.Equal(Stamp.Untrusted, observer.Observe(path, 0, []).Stamp);
        clock.Now = Now.AddSeconds(1);
        Assert.NotEqual(Stamp.Untrusted, observer.Observe(path, 0, []).Stamp);
    }

    [Fact]
    public void One_fresh_file_makes_its_folder_fresh()
    {
        TempRoot.Write(path, "old", "1");
        TempRoot.Write(path, "sub/new", "1");
        File.SetLastWriteTimeUtc(Path.Join(path, "old"), Now.AddDays(-1).UtcDateTime);
        File.SetLastWriteTimeUtc(Path.Join(path, "sub/new"), Now.AddTicks(-3).UtcDateTime);
        Assert.Equal(Stamp.Untrusted, observer.Observe(path, 0, []).Stamp);
        clock.Now = Now.AddSeconds(3);
        var settled = observer.Observe(path, 0, []);
        Assert.Equal([9], observer.Observe(path, settled.Stamp, [9]).Fingerprint);
    }

    [Fact]
    public void What_is_not_there_is_absent()
    {
        Write("1", Now);
        foreach (var absent in new[] { path + "2", path + "/below a file", Path.Join(temp.Folder, "no/such") })
        {
            var seen = observer.Observe(absent, 7, [1]);
            Assert.False(seen.Exists);
            Assert.Empty(seen.Fingerprint);
        }
    }

    [Fact]
    public void What_is_no_file_is_refused() => TempRoot.Refused(Rules.FileUnreadable, () => observer.Observe("/dev/null", 0, []));

    [Fact]
    public void What_cannot_be_read_is_refused()
    {
        Write("1", Now);
        TempRoot.SetMode(path, "000");
        Unprivileged.Run(() => TempRoot.Refused(Rules.FileUnreadable, () => observer.Observe(path, 0, [])));
    }

    [Fact]
    public void A_sweep_sees_what_observe_sees_and_reads_only_what_changed()
    {
        const int count = 3000;
        var store = temp.Store();
        string Ref(int i) => string.Create(CultureInfo.InvariantCulture, $"a ü/{i % 7}/{i}");
        for (var i = 0; i < count; i++)
        {
            TempRoot.Write(temp.Data, i % 100 == 3 ? Ref(i) + "/x" : Ref(i), $"{i}");
        }

        foreach (var file in Directory.EnumerateFiles(temp.Data, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        var known = Enumerable.Range(0, count).Select(i => (Ref: Ref(i), store.Observe(Ref(i), 0, []).Stamp)).ToArray();
        File.Delete(Path.Join(temp.Data, Ref(10)));
        TempRoot.Write(temp.Data, Ref(20), "changed");
        TempRoot.Write(temp.Data, Ref(103) + "/y", "changed");
        var seen = store.ObserveMany(known);
        Assert.Equal(count, seen.Count);
        for (var i = 0; i < count; i++)
        {
            var changed = i is 20 or 103;
            var expected = store.Observe(known[i].Ref, known[i].Stamp, []);
            Assert.Equal(expected.Exists, seen[i].Exists);
            Assert.Equal(expected.IsFolder, seen[i].IsFolder);
            Assert.Equal(expected.Size, seen[i].Size);
            Assert.Equal(expected.Fingerprint, seen[i].Fingerprint);
            Assert.Equal(i != 10, seen[i].Exists);
            Assert.Equal(changed ? 16 : 0, seen[i].Fingerprint.Length);
            Assert.Equal(!changed && i != 10, seen[i].Stamp == known[i].Stamp);
        }
    }

    [Fact]
    public void An_error_in_a_large_sweep_is_the_coded_one()
    {
        var store = temp.Store();
        var refs = Enumerable.Range(0, 2000).Select(i => (i == 1234 ? "../x" : $"a{i}", 0UL)).ToArray();
        TempRoot.Refused(Rules.RefLeavesDataRoot, () => store.ObserveMany(refs));
    }

    [Fact]
    public void The_store_observes_sources_by_full_path()
    {
        Write("1", Now.AddDays(-1));
        var store = temp.Store();
        Assert.Equal(observer.Observe(path, 0, []).Fingerprint, store.ObservePath(path, 0, []).Fingerprint);
    }

    private void Write(string content, DateTimeOffset modified)
    {
        File.WriteAllText(path, content);
        File.SetLastWriteTimeUtc(path, modified.UtcDateTime);
    }
}
