using CsCheck;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.TestLogWriter;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Log;

/// <summary>What every log storage must do.</summary>
public abstract class BuildEventLogContract : IDisposable
{
    private IBuildEventLog? _log;

    protected IBuildEventLog Log => _log ??= Open();

    [Fact]
    public void A_new_log_is_empty_and_has_an_id_and_a_term()
    {
        Assert.Equal(0ul, Log.LastOffset);
        Assert.Empty(Log.Read(0));
        Assert.True(Guid.TryParse(Log.LogId, out _));
        Assert.Equal(1ul, Log.Term);
    }

    [Fact]
    public void What_is_read_is_what_was_appended()
    {
        var events = Numbered(1, 3000);
        Log.Append([.. events.Take(1)]);
        Log.Append([.. events.Skip(1).Take(1500)]);
        Log.Append([.. events.Skip(1501)]);

        Assert.Equal(3000ul, Log.LastOffset);
        Assert.Equal(events.Select((one, i) => new StoredEvent((ulong)i + 1, one)), Log.Read(1));
    }

    [Fact]
    public void Offsets_have_no_gap_whatever_the_batches() =>
        Gen.Int[0, 40].Array[0, 12].Sample(
            batches =>
            {
                using var log = Open();
                var before = log.LastOffset;
                foreach (var size in batches)
                {
                    log.Append(Numbered(log.LastOffset + 1, size));
                }

                var read = log.Read(before + 1).ToList();
                Assert.Equal(before + (ulong)batches.Sum(), log.LastOffset);
                Assert.Equal(Enumerable.Range(1, batches.Sum()).Select(i => before + (ulong)i), read.Select(one => one.Offset));
                Assert.All(read, one => Assert.Equal(SampleEvents.Numbered(one.Offset).JobRunQueue, one.Event.JobRunQueue));
            },
            iter: 20,
            threads: 1);

    [Fact]
    public void Appending_nothing_stores_nothing()
    {
        Log.Append([]);
        Assert.Equal(0ul, Log.LastOffset);
    }

    [Fact]
    public void An_append_is_stored_as_a_whole_or_not_at_all()
    {
        Log.Append(Numbered(1, 2));
        var good = SampleEvents.Numbered(3);

        Assert.Throws<ArgumentException>(() => Log.Append([good, new BuildEvent()]));

        Assert.Equal(2ul, Log.LastOffset);
        Assert.Equal(2, Log.Read(0).Count());
        Assert.Equal("", good.EventId);
        Log.Append([good]);
        Assert.Equal(good, Log.Read(3).Single().Event);
    }

    [Fact]
    public void An_event_without_id_gets_one_that_is_its_alone()
    {
        var events = Numbered(1, 100);
        Log.Append(events);

        Assert.Equal(100, events.Select(one => one.EventId).Where(id => id.Length > 0).Distinct().Count());
        Assert.Equal(events.Select(one => one.EventId), Log.Read(1).Select(one => one.Event.EventId));
        Assert.EndsWith("-7", events[6].EventId, StringComparison.Ordinal);
    }

    [Fact]
    public void An_event_keeps_the_id_that_it_has()
    {
        var one = SampleEvents.Numbered(1);
        one.EventId = "mine";
        Log.Append([one]);
        Assert.Equal("mine", Log.Read(1).Single().Event.EventId);
    }

    [Fact]
    public void What_becomes_of_an_event_after_it_was_appended_or_read_does_not_change_the_log()
    {
        var one = SampleEvents.Numbered(1);
        Log.Append([one]);
        one.JobRunQueue.Job = "other";
        Log.Read(1).Single().Event.JobRunQueue.Job = "yet another";
        Assert.Equal("job1", Log.Read(1).Single().Event.JobRunQueue.Job);
    }

    [Theory]
    [InlineData(0ul, int.MaxValue, 1ul, 300)]
    [InlineData(1ul, 1, 1ul, 1)]
    [InlineData(7ul, 0, 0ul, 0)]
    [InlineData(150ul, 100, 150ul, 100)]
    [InlineData(300ul, 100, 300ul, 1)]
    [InlineData(301ul, 100, 0ul, 0)]
    [InlineData(ulong.MaxValue, 100, 0ul, 0)]
    public void Reading_begins_at_an_offset_and_ends_at_a_limit(ulong from, int limit, ulong first, int count)
    {
        Log.Append(Numbered(1, 300));
        var read = Log.Read(from, limit: limit).Select(one => one.Offset).ToList();
        Assert.Equal(count, read.Count);
        Assert.Equal(first, read.FirstOrDefault());
    }

    [Fact]
    public void A_reading_ends_where_the_log_ended_when_it_began_and_holds_up_no_append()
    {
        Log.Append(Numbered(1, 2000));
        using var reading = Log.Read(1).GetEnumerator();
        Assert.True(reading.MoveNext());

        Log.Append(Numbered(2001, 2000));

        var read = 1;
        while (reading.MoveNext())
        {
            read++;
        }

        Assert.Equal(2000, read);
        Assert.Equal(4000, Log.Read(1).Count());
    }

    [Fact]
    public void Who_opens_a_log_again_finds_its_events_and_has_a_later_term()
    {
        Log.Append(Numbered(1, 10));
        var (id, term) = (Log.LogId, Log.Term);
        _log = Reopen(Log);

        Assert.Equal(id, Log.LogId);
        Assert.Equal(10ul, Log.LastOffset);
        Assert.True(Log.Term > term);
        Log.Append(Numbered(11, 1));
        Assert.Equal(11, Log.Read(1).Count());
    }

    [Fact]
    public void Who_was_overtaken_appends_nothing_more()
    {
        Log.Append(Numbered(1, 2));
        using var later = TakeOver(Log);
        var late = SampleEvents.Numbered(3);

        var error = Assert.Throws<DataBuildException>(() => Log.Append([late]));

        Assert.Equal(Rules.LeaseLost, error.Rule);
        Assert.Equal("", late.EventId);
        Assert.Equal(2ul, later.LastOffset);
        later.Append(Numbered(3, 1));
        Assert.Equal(Rules.LeaseLost, Assert.Throws<DataBuildException>(() => Log.Append(Numbered(4, 1))).Rule);
        Assert.Equal(3, later.Read(1).Count());
    }

    [Fact]
    public void A_disposed_log_says_so()
    {
        Log.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Log.Append(Numbered(1, 1)));
        Assert.Throws<ObjectDisposedException>(() => Log.Read(1));
    }

    [Fact]
    public void A_filter_passes_what_matches_each_of_its_lists()
    {
        Log.Append(Numbered(1, 210));
        var filter = new EventFilter { Jobs = ["job1", "job2"], WantIds = ["want0"], Refs = ["delays/daily/*"] };

        var expected = Enumerable.Range(1, 210).Where(i => i % 7 is 1 or 2 && i % 3 == 0).Select(i => (ulong)i).ToList();

        Assert.Equal(expected, Log.Read(1, filter).Select(one => one.Offset));
        Assert.Equal(expected.Where(offset => offset >= 50).Take(3), Log.Read(50, filter, 3).Select(one => one.Offset));
        Assert.Empty(Log.Read(1, filter with { Refs = [] }));
        Assert.Equal(210, Log.Read(1, new EventFilter()).Count());
    }

    public void Dispose()
    {
        _log?.Dispose();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected static BuildEvent[] Numbered(ulong first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => SampleEvents.Numbered(first + (ulong)i))];

    /// <summary>A new log, or one that an earlier call made and that was closed since.</summary>
    protected abstract IBuildEventLog Open();

    /// <summary>Closes the log and opens the same again.</summary>
    protected abstract IBuildEventLog Reopen(IBuildEventLog log);

    /// <summary>A second writer on the same log while the first one believes to have it.</summary>
    protected abstract IBuildEventLog TakeOver(IBuildEventLog log);

    protected virtual void CleanUp()
    {
    }
}
