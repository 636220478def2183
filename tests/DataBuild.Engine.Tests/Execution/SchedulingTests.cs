using DataBuild.Engine.Execution;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Tests.Execution;

public sealed class SchedulingTests
{
    [Fact]
    public async Task No_more_processes_run_at_one_time_than_there_are_slots_and_all_slots_are_used()
    {
        await using var bench = new Bench(slots: 3);
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => bench.RunShell("echo + >> count; sleep 0.05; echo - >> count")));

        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
        var most = 0;
        var now = 0;
        foreach (var line in File.ReadAllLines(Path.Combine(bench.Folder, "count")))
        {
            now += line == "+" ? 1 : -1;
            most = Math.Max(most, now);
        }

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task A_free_slot_takes_the_oldest_request_and_waits_for_no_other_slot()
    {
        await using var bench = new Bench(slots: 2);
        var slow = bench.Shell("while [ ! -e go ]; do sleep 0.01; done");
        bench.Executor.Start(slow);
        var quick = Enumerable.Range(0, 5).Select(_ => bench.Shell("exit 0")).ToArray();
        foreach (var request in quick)
        {
            bench.Executor.Start(request);
        }

        foreach (var request in quick)
        {
            await bench.Sink.WhenEnded(request.RunId);
        }

        var started = bench.Sink.Order.Where(entry => entry.What == "started" && entry.RunId != slow.RunId).Select(entry => entry.RunId);
        Assert.Equal(quick.Select(request => request.RunId), started);
        Assert.DoesNotContain((slow.RunId, "ended"), bench.Sink.Order);
        File.WriteAllText(Path.Combine(bench.Folder, "go"), "");
        Assert.Equal(0, (await bench.Sink.WhenEnded(slow.RunId)).ExitCode);
    }

    [Fact]
    public async Task A_thousand_runs_leave_no_descriptor_and_no_zombie()
    {
        await using var bench = new Bench(slots: 2);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bench.Run(bench.Request("/bin/true"))));
        var results = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => bench.Run(bench.Request("/bin/true"))));

        Assert.All(results, result => Assert.Equal((RunEnding.Exited, 0), (result.Ending, result.ExitCode)));
        var pids = await Task.WhenAll(results.Select(result => bench.Sink.WhenStarted(result.RunId)));
        var uncollected = pids.Where(heartbeat => DataBuild.Engine.Execution.Processes.ProcessStat.TryRead((int)heartbeat.Pid, out var stat) && stat.Start == heartbeat.PidStart);
        Assert.Empty(uncollected);

        // Other tests run at the same time, so some may be open; a leak would be a thousand.
        Assert.InRange(Directory.EnumerateFiles("/proc/self/fd").Count(IsProcessHandle), 0, 50);
    }

    private static bool IsProcessHandle(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, false)?.Name.StartsWith("anon_inode:[pidfd]", StringComparison.Ordinal) ?? false;
        }
        catch (FileNotFoundException)
        {
            // Closed by another test since it was listed.
            return false;
        }
    }

    [Fact]
    public async Task A_run_id_must_be_new_and_usable_as_a_file_name()
    {
        await using var bench = new Bench();
        var request = bench.Shell("sleep 600");
        bench.Executor.Start(request);

        Assert.Throws<ArgumentException>(() => bench.Executor.Start(request));
        Assert.Throws<ArgumentException>(() => bench.Executor.Start(request with { RunId = "../x" }));
    }

    [Fact]
    public async Task What_a_dead_engine_left_in_the_scratch_folder_is_removed_and_nothing_else()
    {
        await using var bench = new Bench();
        var scratch = Directory.CreateDirectory(Path.Combine(bench.Folder, "scratch")).FullName;
        File.WriteAllText(Path.Combine(scratch, "old.messages"), "");
        File.WriteAllText(Path.Combine(scratch, "other"), "");
        await bench.RunShell("exit 0");

        Assert.False(File.Exists(Path.Combine(scratch, "old.messages")));
        Assert.True(File.Exists(Path.Combine(scratch, "other")));
    }

    [Theory]
    [InlineData(0, "m", "/s")]
    [InlineData(1, "", "/s")]
    [InlineData(1, "m", "")]
    public void An_executor_without_slots_marker_or_folder_is_refused(int slots, string marker, string scratch)
    {
        Assert.ThrowsAny<ArgumentException>(() =>
            new LocalExecutor(new RecordingSink(), new LocalExecutorOptions { Slots = slots, RunMarker = marker, ScratchDirectory = scratch }));
    }
}
