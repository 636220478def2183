using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Tests.Execution;
using DataBuild.V1;

namespace DataBuild.Tests.Contract;

/// <summary>What becomes of a run, and what it says.</summary>
public abstract partial class ExecutorContract
{
    [ContractFact]
    public async Task Exit_codes_and_signals_are_told_apart()
    {
        (string Script, int? ExitCode, int Signal)[] cases =
        [
            ("exit 0", 0, 0), ("exit 3", 3, 0), ("exit 75", 75, 0), ("exit 76", 76, 0), ("exit 143", 143, 0), ("exit 255", 255, 0),
            ("kill -KILL $$", null, 9), ("kill -SEGV $$", null, 11), ("kill -INT $$", null, 2),
        ];
        var runs = cases.Select(one => (one.ExitCode, one.Signal, Request: Shell(one.Script))).ToList();
        runs.ForEach(run => Executor.Start(run.Request));
        foreach (var (exitCode, signal, request) in runs)
        {
            var result = await Sink.WhenEnded(request.RunId);
            Assert.Equal((RunEnding.Exited, exitCode, signal), (result.Ending, result.ExitCode, result.Signal));
            Assert.Null(result.Fault);
        }
    }

    [ContractFact]
    public async Task Messages_of_either_kind_output_last_words_and_compiler_lines_are_taken()
    {
        var request = Shell("""
            echo '{"for":["a/1"],"missing_deps":{"refs":["raw/1"]}}' >> "$DATABUILD_MESSAGES_FILE"
            echo '{"partition_done":{"metadata":{"rows":"3"}},"for":["a/2"]}' >> "$DATABUILD_MESSAGES_FILE"
            echo 'databuild:read-deps b/2'; echo 'jobs/daily.py(7,3): warning X1: too cold'
            echo 'no JSON' >> "$DATABUILD_MESSAGES_FILE"; printf 'the last wörds' >&2; exit 75
            """) with { Refs = ["a/1", "a/2"] };
        var result = await Run(request);

        Assert.Equal(75, result.ExitCode);
        Assert.Contains(new JobMessage { For = { "a/1" }, MissingDeps = new MissingDeps { Refs = { "raw/1" } } }, result.Messages);
        Assert.Contains(new JobMessage { For = { "a/2" }, PartitionDone = new PartitionDoneMessage { Metadata = { ["rows"] = "3" } } }, result.Messages);
        Assert.Contains(new JobMessage { ReadDeps = new ReadDeps { Refs = { "b/2" } } }, result.Messages);
        Assert.Equal(3, result.Messages.Count);
        Assert.Equal(Rules.MalformedMessage.Code, Assert.Single(result.Diagnostics).Code);
        Assert.Equal("the last wörds", result.Tail);
        Assert.Equal("X1", Assert.Single(result.JobDiagnostics).Code);
        Assert.Equal(request.LogDirectory, result.LogDirectory);
        Assert.Equal("the last wörds", Output(result, "stderr"));
    }

    [ContractFact]
    public async Task A_silent_run_has_no_log()
    {
        var result = await Run(Request("/bin/true"));

        Assert.Equal("", result.LogDirectory);
        Assert.Equal("", result.Tail);
        Assert.False(Directory.Exists(Path.Combine(Folder, "logs")));
    }

    [ContractFact]
    public async Task Output_and_progress_are_seen_while_the_job_runs()
    {
        var request = Shell("""
            echo early; echo '{"progress":{"fraction":0.25,"text":"file"}}' >> "$DATABUILD_MESSAGES_FILE"
            while [ ! -e seen ]; do sleep 0.05; done; echo late
            """);
        Executor.Start(request);
        Assert.Equal("early\n", await Probe.WhenWritten(Path.Combine(request.LogDirectory, "stdout.log")));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Sink.Progress.IsEmpty)
        {
            await Task.Delay(5, patience.Token);
        }

        File.WriteAllText(Path.Combine(Folder, "seen"), "");
        var result = await Sink.WhenEnded(request.RunId);

        Assert.Equal(new Progress { Fraction = 0.25, Text = "file" }, Sink.Progress.First());
        Assert.Equal("early\nlate\n", Output(result));
        Assert.Empty(result.Messages);
    }

    [ContractFact]
    public async Task A_run_that_takes_too_long_is_ended_after_exactly_its_timeout()
    {
        var request = Shell("sleep 600 & echo $! > pid; wait") with { Timeout = TimeSpan.FromMilliseconds(700) };
        var result = await Run(request);

        Assert.Equal((RunEnding.TimedOut, 15), (result.Ending, result.Signal));
        Assert.InRange(result.Duration, TimeSpan.FromMilliseconds(650), TimeSpan.FromSeconds(20));
        Assert.False(Probe.IsAlive(await Probe.WhenPidWritten(Path.Combine(Folder, "pid"))));
    }

    [ContractFact]
    public async Task A_cancelled_run_may_say_goodbye_and_one_cancelled_twice_may_not()
    {
        var polite = Shell("trap 'echo bye; exit 0' TERM; echo ready > ready-1; while :; do sleep 0.05; done");
        var stubborn = Shell("trap '' TERM; echo ready > ready-2; while :; do sleep 0.05; done");
        Executor.Start(polite);
        Executor.Start(stubborn);
        await Probe.WhenWritten(Path.Combine(Folder, "ready-1"));
        await Probe.WhenWritten(Path.Combine(Folder, "ready-2"));
        Executor.Cancel(polite.RunId);
        Executor.Cancel(stubborn.RunId);
        Executor.Cancel(stubborn.RunId);
        var bye = await Sink.WhenEnded(polite.RunId);
        var killed = await Sink.WhenEnded(stubborn.RunId);
        Executor.Cancel(polite.RunId);

        Assert.Equal((RunEnding.Canceled, 0), (bye.Ending, bye.ExitCode));
        Assert.Equal("bye\n", Output(bye));
        Assert.Equal((RunEnding.Canceled, 9), (killed.Ending, killed.Signal));
    }

    [ContractFact]
    public async Task What_ignores_SIGTERM_is_killed_after_the_grace()
    {
        var request = Shell("trap '' TERM; echo ready > ready; while :; do sleep 0.05; done");
        Executor.Start(request);
        await Probe.WhenWritten(Path.Combine(Folder, "ready"));
        Executor.Cancel(request.RunId);

        Assert.Equal(9, (await Sink.WhenEnded(request.RunId)).Signal);
    }

    [ContractFact]
    public async Task A_run_that_was_cancelled_before_it_began_never_begins()
    {
        // Where places are few these take them all; where they are not, the cluster holds the one that is meant.
        var others = Enumerable.Range(0, 2).Select(_ => Shell("while [ ! -e enough ]; do sleep 0.05; done")).ToList();
        var queued = Shell("echo ran > ran") with { Resources = new RunResources { SlurmArguments = "--hold" } };
        others.ForEach(Executor.Start);
        foreach (var other in others)
        {
            await Sink.WhenStarted(other.RunId);
        }

        Executor.Start(queued);
        Executor.Cancel(queued.RunId);
        var result = await Sink.WhenEnded(queued.RunId);
        File.WriteAllText(Path.Combine(Folder, "enough"), "");
        foreach (var other in others)
        {
            Assert.Equal(0, (await Sink.WhenEnded(other.RunId)).ExitCode);
        }

        Assert.Equal(RunEnding.Canceled, result.Ending);
        Assert.DoesNotContain((queued.RunId, "started"), Sink.Order);
        Assert.False(File.Exists(Path.Combine(Folder, "ran")));
    }

    [ContractFact]
    public async Task What_a_run_leaves_running_is_ended_with_a_warning()
    {
        var result = await Run(Shell("sleep 600 >/dev/null 2>&1 & echo $! > pid; exit 4"));

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(Rules.ProcessesLeftBehind.Code, Assert.Single(result.Diagnostics).Code);
        Assert.False(Probe.IsAlive(await Probe.WhenPidWritten(Path.Combine(Folder, "pid"))));
    }
}
