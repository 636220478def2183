using System.Diagnostics;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution;

public sealed class EndingTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_cancelled_run_is_canceled_and_gets_the_chance_to_say_goodbye()
    {
        await using var bench = new Bench();
        var request = bench.Shell("trap 'echo bye; exit 0' TERM; echo ready > ready; while :; do sleep 0.01; done");
        bench.Executor.Start(request);
        await Probe.WhenWritten(Path.Combine(bench.Folder, "ready"));
        bench.Executor.Cancel(request.RunId);
        var result = await bench.Sink.WhenEnded(request.RunId);

        Assert.Equal(RunEnding.Canceled, result.Ending);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("bye\n", File.ReadAllText(Path.Combine(result.LogDirectory, "stdout.log")));
    }

    [Fact]
    public async Task A_run_that_takes_too_long_is_ended()
    {
        await using var bench = new Bench();
        var result = await bench.Run(bench.Request("/bin/sleep", "60") with { Timeout = TimeSpan.FromMilliseconds(50) });

        Assert.Equal(RunEnding.TimedOut, result.Ending);
        Assert.Null(result.ExitCode);
        Assert.Equal(15, result.Signal);
        Assert.InRange(result.Duration, TimeSpan.FromMilliseconds(50), Soon);
    }

    [Fact]
    public async Task What_ignores_SIGTERM_is_killed_after_the_grace()
    {
        await using var bench = new Bench(configure: options => options with { Grace = TimeSpan.FromMilliseconds(100) });
        var request = bench.Request(Bench.TestJob, "+ignore-term", "+touch ready", "+print waiting", "+sleep 60s");
        bench.Executor.Start(request);
        var ready = Path.Combine(bench.Folder, "ready");
        using var patience = new CancellationTokenSource(Soon);
        while (!File.Exists(ready))
        {
            await Task.Delay(5, patience.Token);
        }

        bench.Executor.Cancel(request.RunId);
        var result = await bench.Sink.WhenEnded(request.RunId);

        Assert.Equal(RunEnding.Canceled, result.Ending);
        Assert.Equal(9, result.Signal);
        Assert.Equal("waiting", result.Tail);
    }

    [Fact]
    public async Task A_stopped_process_can_be_cancelled()
    {
        await using var bench = new Bench();
        var request = bench.Shell("echo $$ > pid; kill -STOP $$; sleep 60");
        bench.Executor.Start(request);
        await Probe.WhenPidWritten(Path.Combine(bench.Folder, "pid"));
        bench.Executor.Cancel(request.RunId);

        Assert.Equal(15, (await bench.Sink.WhenEnded(request.RunId)).Signal);
    }

    [Theory]
    [InlineData("sleep 600 & echo $! > pid; sleep 600")]
    [InlineData("setsid sh -c 'echo $$ > pid; exec sleep 600' & sleep 600")]
    [InlineData("setsid -f sh -c 'echo $$ > pid; exec sleep 600 >/dev/null 2>&1 </dev/null'; sleep 600")]
    [InlineData("setsid env -i /bin/sh -c 'echo $$ > pid; trap \"\" TERM; for i in $(seq 600); do sleep 0.05; done' & sleep 600")]
    public async Task Cancelling_ends_all_that_the_run_started_whatever_session_or_parent_it_has(string script)
    {
        await using var bench = new Bench(configure: options => options with { Grace = TimeSpan.FromMilliseconds(100) });
        var request = bench.Shell(script);
        bench.Executor.Start(request);
        var pid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "pid"));
        Assert.True(Probe.IsAlive(pid));
        bench.Executor.Cancel(request.RunId);
        var result = await bench.Sink.WhenEnded(request.RunId);

        Assert.Equal(RunEnding.Canceled, result.Ending);
        Assert.False(Probe.IsAlive(pid));
    }

    [Fact]
    public async Task A_grandchild_that_holds_the_output_does_not_hang_the_run_and_is_ended_with_a_warning()
    {
        await using var bench = new Bench(configure: options => options with { Linger = TimeSpan.FromMilliseconds(100) });
        var watch = Stopwatch.StartNew();
        var result = await bench.RunShell("sleep 600 & echo $! > pid; echo said; exit 3");
        var pid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "pid"));

        Assert.Equal(RunEnding.Exited, result.Ending);
        Assert.Equal(3, result.ExitCode);
        Assert.Equal("said", result.Tail);
        Assert.False(Probe.IsAlive(pid));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
        var warning = Assert.Single(result.Diagnostics);
        Assert.Equal(Rules.ProcessesLeftBehind.Code, warning.Code);
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Contains($"{pid} (sleep)", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orphan_in_a_session_of_its_own_that_holds_the_output_is_found_by_the_run_that_it_bears()
    {
        await using var bench = new Bench(configure: options => options with { Linger = TimeSpan.FromMilliseconds(100) });
        var result = await bench.RunShell("setsid -f sh -c 'echo $$ > pid; exec sleep 600'; while [ ! -s pid ]; do :; done");
        var pid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "pid"));

        Assert.Equal(0, result.ExitCode);
        Assert.False(Probe.IsAlive(pid));
        Assert.Equal(Rules.ProcessesLeftBehind.Code, Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public async Task A_background_process_of_the_session_without_output_does_not_outlive_the_run()
    {
        await using var bench = new Bench(configure: options => options with { Linger = TimeSpan.FromMilliseconds(100) });
        var result = await bench.RunShell("sleep 600 >/dev/null 2>&1 & echo $! > pid");
        var pid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "pid"));

        Assert.False(Probe.IsAlive(pid));
        Assert.Equal(Rules.ProcessesLeftBehind.Code, Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public async Task A_child_that_ends_shortly_after_the_job_is_waited_for_and_its_output_kept()
    {
        await using var bench = new Bench(configure: options => options with { Linger = TimeSpan.FromSeconds(15) });
        var result = await bench.RunShell("(sleep 0.1; echo late) & exit 0");

        Assert.Equal("late", result.Tail);
        Assert.Empty(result.Diagnostics);
        var silent = await bench.RunShell("(sleep 0.1; touch late) >/dev/null 2>&1 & exit 0");
        Assert.True(File.Exists(Path.Combine(bench.Folder, "late")));
        Assert.Empty(silent.Diagnostics);
    }

    [Fact]
    public async Task A_holder_of_the_output_that_hides_from_every_mark_is_let_go_with_a_warning()
    {
        await using var bench = new Bench(configure: options => options with { Linger = TimeSpan.FromMilliseconds(50) });
        var result = await bench.RunShell("setsid -f env -i /bin/sh -c 'echo $$ > pid; exec /bin/sleep 600'; while [ ! -s pid ]; do :; done");
        var pid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "pid"));
        using var hidden = Process.GetProcessById(pid);
        hidden.Kill();

        Assert.Equal(0, result.ExitCode);
        var warning = Assert.Single(result.Diagnostics);
        Assert.Equal(Rules.ProcessesLeftBehind.Code, warning.Code);
        Assert.Contains("cannot be told from others", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queued_run_that_is_cancelled_never_starts()
    {
        await using var bench = new Bench(slots: 1);
        var first = bench.Shell("echo > ready; while [ ! -e go ]; do sleep 0.01; done");
        var second = bench.Shell("touch second");
        bench.Executor.Start(first);
        bench.Executor.Start(second);
        await Probe.WhenWritten(Path.Combine(bench.Folder, "ready"));
        bench.Executor.Cancel(second.RunId);
        var canceled = await bench.Sink.WhenEnded(second.RunId);
        File.WriteAllText(Path.Combine(bench.Folder, "go"), "");
        var done = await bench.Sink.WhenEnded(first.RunId);

        Assert.Equal(RunEnding.Canceled, canceled.Ending);
        Assert.Equal(0, done.ExitCode);
        Assert.False(File.Exists(Path.Combine(bench.Folder, "second")));
        Assert.DoesNotContain((second.RunId, "started"), bench.Sink.Order);
    }

    [Fact]
    public async Task Cancelling_what_has_ended_or_was_never_known_is_harmless()
    {
        await using var bench = new Bench();
        var result = await bench.RunShell("exit 0");
        bench.Executor.Cancel(result.RunId);
        bench.Executor.Cancel("never-known");

        Assert.Equal(RunEnding.Exited, (await bench.RunShell("exit 0")).Ending);
    }

    [Fact]
    public async Task Disposing_ends_everything_running_queued_or_hidden_and_reports_each()
    {
        var bench = new Bench(slots: 1);
        var hidden = await bench.RunShell("setsid -f sh -c 'echo $$ > hidden; exec sleep 600 >/dev/null 2>&1'; while [ ! -s hidden ]; do :; done");
        var running = bench.Shell("echo $$ > running; sleep 600");
        var queued = bench.Shell("exit 0");
        bench.Executor.Start(running);
        bench.Executor.Start(queued);
        var hiddenPid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "hidden"));
        var runningPid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "running"));
        var aliveBefore = Probe.IsAlive(hiddenPid);
        await bench.Executor.DisposeAsync();

        Assert.Empty(hidden.Diagnostics);
        Assert.True(aliveBefore);
        Assert.False(Probe.IsAlive(hiddenPid));
        Assert.False(Probe.IsAlive(runningPid));
        Assert.Equal(RunEnding.Canceled, (await bench.Sink.WhenEnded(running.RunId)).Ending);
        Assert.Equal(RunEnding.Canceled, (await bench.Sink.WhenEnded(queued.RunId)).Ending);
        Assert.Throws<ObjectDisposedException>(() => bench.Executor.Start(bench.Shell("exit 0")));
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task What_a_dead_engine_left_is_found_by_the_log_that_it_bears_and_killed()
    {
        await using var bench = new Bench();
        var request = bench.Shell("setsid -f sh -c 'echo $$ > hidden; exec sleep 600 >/dev/null 2>&1'; while [ ! -s hidden ]; do :; done");
        await bench.Run(request);
        var pid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "hidden"));
        var logId = bench.Marker[..bench.Marker.IndexOf('/', StringComparison.Ordinal)];

        Assert.Empty(StrayProcesses.Kill(logId + "x"));
        Assert.True(Probe.IsAlive(pid));
        var stray = Assert.Single(StrayProcesses.Kill(logId));
        Assert.Equal(new StrayProcess(pid, request.RunId, "sleep", IsGone: true), stray);
        Assert.False(Probe.IsAlive(pid));
        Assert.Empty(StrayProcesses.Kill(logId));
    }

    [Fact]
    public void Looking_for_strays_costs_little()
    {
        StrayProcesses.Kill("no-such-log");
        var processes = Directory.EnumerateDirectories("/proc").Count(path => char.IsAsciiDigit(Path.GetFileName(path)[0]));
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var watch = Stopwatch.StartNew();
            StrayProcesses.Kill("no-such-log");
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        // The bar is 20 ms for a few hundred; the best of ten rounds, since the machine may be busy.
        Assert.InRange(best, TimeSpan.Zero, TimeSpan.FromMilliseconds(20.0 * Math.Max(300, processes) / 300));
    }

    [Fact]
    public async Task Processes_that_cannot_be_ended_in_time_are_named_and_hang_nothing()
    {
        await using var bench = new Bench(configure: options => options with { Grace = TimeSpan.FromMilliseconds(50), Linger = TimeSpan.FromMilliseconds(50), KillWait = TimeSpan.Zero });
        var request = bench.Shell("setsid sh -c 'echo $$ > pid; exec sleep 600' & sleep 600");
        bench.Executor.Start(request);
        var pid = await Probe.WhenPidWritten(Path.Combine(bench.Folder, "pid"));
        bench.Executor.Cancel(request.RunId);
        var result = await bench.Sink.WhenEnded(request.RunId);
        using var left = Process.GetProcessById(pid);
        left.Kill();

        Assert.Equal(RunEnding.Canceled, result.Ending);
        var error = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Code == Rules.ProcessesNotEnded.Code);
        Assert.Contains($"{pid} (", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_that_other_code_collected_is_an_error_and_no_success()
    {
        var ended = new TaskCompletionSource<RunReturn>();
        await using var bench = new Bench();
        await using var executor = new LocalExecutor(
            new ThievingSink(ended),
            new LocalExecutorOptions { Slots = 1, RunMarker = bench.Marker, ScratchDirectory = Path.Combine(bench.Folder, "other") });
        executor.Start(bench.Shell("exit 0"));
        var result = await ended.Task.WaitAsync(Soon);

        Assert.Equal(RunEnding.Exited, result.Ending);
        Assert.Null(result.ExitCode);
        Assert.Equal(Rules.ExitStatusLost.Code, Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public async Task Exit_statuses_are_right_while_the_Process_class_has_children_of_its_own()
    {
        await using var bench = new Bench(slots: 4);
        var others = Task.Run(async () =>
        {
            for (var round = 0; round < 50; round++)
            {
                using var process = Process.Start("/bin/sh", ["-c", "exit 9"]);
                await process.WaitForExitAsync();
                Assert.Equal(9, process.ExitCode);
            }
        });
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => bench.RunShell($"exit {number}")));
        await others;

        Assert.Equal(Enumerable.Range(0, 200), results.Select(result => result.ExitCode!.Value));
    }
}
