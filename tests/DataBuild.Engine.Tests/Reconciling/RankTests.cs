using DataBuild.Engine.Reconciling;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Who goes first, and the ids of runs.</summary>
public sealed class RankTests
{
    [Fact]
    public void What_is_not_historic_goes_first_then_priority_then_deadline_then_the_older_want()
    {
        Rank[] ranks =
        [
            new(false, 2, 9, 7), new(false, 1, 3, 8), new(false, 1, 4, 1), new(false, 1, 4, 2), new(false, 0, 1, 0),
            new(true, 9, 1, 0), new(true, 1, 1, 0), new(true, 1, 1, 5), Rank.Last,
        ];
        for (int i = 0; i < ranks.Length; i++)
        {
            for (int j = 0; j < ranks.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(ranks[i].CompareTo(ranks[j])));
                Assert.Equal(i < j, ranks[i] < ranks[j]);
                Assert.Equal(i > j, ranks[i] > ranks[j]);
                Assert.Equal(i <= j, ranks[i] <= ranks[j]);
                Assert.Equal(i >= j, ranks[i] >= ranks[j]);
            }
        }
    }

    [Fact]
    public void Ids_of_runs_are_decided_by_log_place_and_time_alone_and_sort_by_time()
    {
        var now = new DateTimeOffset(2001, 6, 15, 12, 0, 0, TimeSpan.Zero);
        var id = RunIds.Next("log", 7, 0, now);
        Assert.Equal((7, 8), (id.Version, id.Variant & 0xC));
        Assert.Equal(id, RunIds.Next("log", 7, 0, now));
        var others = from log in (string[])["log", "lo", "gol"] from offset in Enumerable.Range(0, 50) from ordinal in Enumerable.Range(0, 20) select RunIds.Next(log, (ulong)offset, ordinal, now);
        Assert.Equal(3 * 50 * 20, others.Distinct().Count());
        Assert.Equal(3 * 50 * 20, others.Select(one => one.ToString("D")[24..]).Distinct().Count());
        Assert.True(string.CompareOrdinal(id.ToString("D"), RunIds.Next("log", 1, 0, now.AddMilliseconds(1)).ToString("D")) < 0);
        Assert.Equal(now, DateTimeOffset.FromUnixTimeMilliseconds(Convert.ToInt64(id.ToString("N")[..12], 16)));
    }

    [Fact]
    public void The_jitter_of_ids_is_spread_evenly_between_nought_and_one()
    {
        var now = new DateTimeOffset(2001, 6, 15, 12, 0, 0, TimeSpan.Zero);
        var fractions = Enumerable.Range(0, 2000).Select(n => RunIds.Fraction(RunIds.Next("log", (ulong)n, 0, now))).ToList();
        Assert.All(fractions, fraction => Assert.InRange(fraction, 0, 1));
        Assert.InRange(fractions.Average(), 0.47, 0.53);
        Assert.All(Enumerable.Range(0, 10), tenth => Assert.InRange(fractions.Count(fraction => (int)(fraction * 10) == tenth), 140, 260));
    }
}
