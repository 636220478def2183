using System.Text;
using DataBuild.Engine.Execution.Processes;

namespace DataBuild.Engine.Tests.Execution;

public sealed class ProcessStatTests
{
    private const string Numbers = " 42 43 44 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 ";

    [Theory]
    [InlineData("sleep")]
    [InlineData("a) S 1 (b")]
    [InlineData("")]
    public void A_name_may_hold_blanks_and_brackets(string name)
    {
        Assert.True(ProcessStat.TryParse(Encoding.UTF8.GetBytes($"7 ({name}) S{Numbers}3 0 987654321012 0\n"), 7, out var stat));
        Assert.Equal(new ProcessStat(7, 42, 43, 44, 'S', 3, 987654321012, name), stat);
    }

    [Theory]
    [InlineData('S', 1, false)]
    [InlineData('Z', 1, true)]
    [InlineData('Z', 2, false)]
    public void A_process_whose_first_thread_alone_has_exited_is_not_gone(char state, int threads, bool gone)
    {
        Assert.True(ProcessStat.TryParse(Encoding.UTF8.GetBytes($"7 (x) {state}{Numbers}{threads} 0 9 0\n"), 7, out var stat));
        Assert.Equal(gone, stat.IsGone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7 (x")]
    [InlineData("7 x) S 1")]
    public void What_is_no_stat_is_none(string text) => Assert.False(ProcessStat.TryParse(Encoding.UTF8.GetBytes(text), 7, out _));

    [Fact]
    public void This_process_reads_its_own()
    {
        Assert.True(ProcessStat.TryRead(Environment.ProcessId, out var stat));
        Assert.Equal(ProcessStat.ReadStart(Environment.ProcessId), stat.Start);
        Assert.False(stat.IsGone);
        Assert.InRange(stat.Threads, 2, 10_000);
        Assert.Equal(0UL, ProcessStat.ReadStart(int.MaxValue));
    }

    [Fact]
    public void A_mark_counts_only_as_a_whole_variable()
    {
        var environment = "A=DATABUILD_ENGINE=log/1\0DATABUILD_JOB_RUN_ID=r1\0DATABUILD_ENGINE=log/1\0"u8;
        Assert.True(ProcessTable.HoldsEntry(environment, "DATABUILD_ENGINE=log/1"u8, whole: true, out var run));
        Assert.Equal("r1", Encoding.UTF8.GetString(run));
        Assert.False(ProcessTable.HoldsEntry(environment, "DATABUILD_ENGINE=log"u8, whole: true, out _));
        Assert.True(ProcessTable.HoldsEntry(environment, "DATABUILD_ENGINE=log"u8, whole: false, out _));
        Assert.False(ProcessTable.HoldsEntry("A=DATABUILD_ENGINE=log/1"u8, "DATABUILD_ENGINE=log"u8, whole: false, out _));
    }
}
