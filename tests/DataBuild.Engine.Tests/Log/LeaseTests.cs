using System.Diagnostics;
using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.TestLogWriter;

namespace DataBuild.Engine.Tests.Log;

public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();

    private string Path => _folder.File("log.db");

    [Fact]
    public void One_at_a_time_has_the_lease_and_the_others_see_who()
    {
        var me = new LeaseHolder(7, "host", "me", "dotnet build\nx", new(2001, 1, 5, 3, 4, 5, TimeSpan.Zero));
        var lease = Lease.TryAcquire(Path, me);
        Assert.NotNull(lease);
        Assert.Null(Lease.TryAcquire(Path));
        Assert.Equal(me with { Command = "dotnet build x" }, Lease.ReadHolder(Path));
        Assert.Equal("process 7 of me on host since 2001-01-05 03:04:05Z (dotnet build x)", Lease.ReadHolder(Path)!.ToString());

        lease.Dispose();

        Assert.Null(Lease.ReadHolder(Path));
        using var next = Lease.TryAcquire(Path);
        Assert.NotNull(next);
        Assert.Equal(Environment.ProcessId, Lease.ReadHolder(Path)!.Pid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("1\nhost\nroot\n2001-01-05T03:04:05.0000000+00:00\ninit\n")]
    public void A_lease_that_nobody_has_is_free_whatever_its_file_says(string text)
    {
        File.WriteAllText(Path + ".lease", text);
        using var lease = Lease.TryAcquire(Path);
        Assert.NotNull(lease);
    }

    [Fact]
    public void A_second_writer_is_told_who_has_the_log()
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
        var error = Assert.Throws<DataBuildException>(() => SqliteBuildEventLog.OpenWriter(new() { Path = Path }));
        Assert.Equal(Rules.LeaseHeld, error.Rule);
        Assert.Contains($"process {Environment.ProcessId} of ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_writer_keeps_a_lease_that_it_was_given_and_gives_its_own_back()
    {
        using (var lease = Lease.TryAcquire(Path)!)
        {
            SqliteBuildEventLog.OpenWriter(new() { Path = Path, Lease = lease }).Dispose();
            Assert.Null(Lease.TryAcquire(Path));
            Assert.Throws<ArgumentException>(() => SqliteBuildEventLog.OpenWriter(new() { Path = _folder.File("other.db"), Lease = lease }));
            lease.Dispose();
            Assert.Throws<ArgumentException>(() => SqliteBuildEventLog.OpenWriter(new() { Path = Path, Lease = lease }));
        }

        using (var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path }))
        {
            Assert.Equal(2ul, log.Term);
        }

        using var free = Lease.TryAcquire(Path);
        Assert.NotNull(free);
    }

    [Fact]
    public void A_writer_that_cannot_open_the_log_gives_the_lease_back()
    {
        File.WriteAllText(Path, "no log");
        Assert.Throws<DataBuildException>(() => SqliteBuildEventLog.OpenWriter(new() { Path = Path }));
        using var free = Lease.TryAcquire(Path);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Who_waits_is_told_once_for_whom_and_goes_on_when_that_one_is_done()
    {
        using var holder = new LogWriterProcess("hold", Path);
        Assert.Equal("held", holder.ReadLine());
        var waitedFor = new List<LeaseHolder?>();

        var waiting = Lease.AcquireAsync(Path, waitedFor.Add);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(holder.Id, Assert.Single(waitedFor)!.Pid);
        holder.Release();

        using var lease = await waiting.WaitAsync(_patience);
        Assert.Equal(Environment.ProcessId, Lease.ReadHolder(Path)!.Pid);
        Assert.Single(waitedFor);
    }

    [Fact]
    public async Task Who_does_not_have_to_wait_is_told_nothing()
    {
        using var lease = await Lease.AcquireAsync(Path, _ => Assert.Fail("nobody has it"));
        Assert.Equal(Environment.ProcessId, Lease.ReadHolder(Path)!.Pid);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_takes_the_lease_from_nobody()
    {
        var holder = Lease.TryAcquire(Path)!;
        using var cancel = new CancellationTokenSource();
        var waiting = Lease.AcquireAsync(Path, _ => cancel.Cancel(), cancellation: cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(_patience));
        holder.Dispose();

        // The thread that was left behind may have it for a moment.
        using var lease = await Lease.AcquireAsync(Path, _ => { }).WaitAsync(_patience);
        Assert.Equal(Environment.ProcessId, lease.Holder.Pid);
    }

    [Fact]
    public async Task The_lease_ends_with_its_process_though_a_child_of_it_lives_on()
    {
        using var holder = new LogWriterProcess("hold-with-child", Path);
        using var child = Process.GetProcessById(int.Parse(holder.ReadLine()!, CultureInfo.InvariantCulture));
        try
        {
            Assert.Null(Lease.TryAcquire(Path));
            var waiting = Lease.AcquireAsync(Path, _ => { });
            holder.Kill();

            using var lease = await waiting.WaitAsync(_patience);

            Assert.False(child.HasExited);
        }
        finally
        {
            child.Kill();
        }
    }

    [Fact]
    public void Events_that_a_killed_writer_has_acknowledged_are_all_there()
    {
        ulong acknowledged = 0;
        for (var round = 1; round <= 3; round++)
        {
            using var writer = new LogWriterProcess("append", Path, "7", "100000");
            for (var i = 0; i < 20 * round; i++)
            {
                acknowledged = ulong.Parse(writer.ReadLine()!, CultureInfo.InvariantCulture);
            }

            writer.Kill();
            while (writer.ReadLine() is { } late)
            {
                acknowledged = ulong.Parse(late, CultureInfo.InvariantCulture);
            }

            using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
            Assert.Equal(2ul * (ulong)round, log.Term);
            Assert.Equal(0ul, log.LastOffset % 7);
            Assert.InRange(log.LastOffset, acknowledged, acknowledged + 7);
            Assert.True(acknowledged >= 7 * 20 * (ulong)round);
        }

        LogFiles.CountNumbered(Path);
        Assert.Empty(LogVerification.Verify(Path).Findings);
    }

    [Fact]
    public void A_writer_in_another_process_is_told_too()
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
        using var other = new LogWriterProcess("append", Path, "1", "1");
        Assert.Equal(Rules.LeaseHeld.Code, other.ReadLine());
        log.Append([SampleEvents.Numbered(1)]);
        Assert.Equal(1, LogFiles.CountNumbered(Path));
    }

    public void Dispose() => _folder.Dispose();
}
