using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution.Slurm;

/// <summary>What each of Slurm's states means for a run, with and without an exit file, before and after it began.</summary>
public sealed class SlurmStatesTests
{
    [Theory]
    [InlineData("NODE_FAIL", RunEnding.Lost, FailureClass.Infrastructure, "DBLD5086")]
    [InlineData("BOOT_FAIL", RunEnding.Lost, FailureClass.Infrastructure, "DBLD5086")]
    [InlineData("CANCELLED", RunEnding.Exited, FailureClass.Canceled, "DBLD5088")]
    [InlineData("PREEMPTED", RunEnding.Exited, FailureClass.Infrastructure, "DBLD5089")]
    [InlineData("OUT_OF_MEMORY", RunEnding.Exited, FailureClass.User, "DBLD5090")]
    [InlineData("TIMEOUT", RunEnding.TimedOut, FailureClass.Timeout, "DBLD5091")]
    [InlineData("DEADLINE", RunEnding.TimedOut, FailureClass.Timeout, "DBLD5092")]
    [InlineData("COMPLETED", RunEnding.Lost, FailureClass.Infrastructure, "DBLD5095")]
    public async Task A_run_that_began_and_left_no_exit_file_ends_as_Slurm_says(string state, RunEnding ending, FailureClass failure, string code)
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer("1|RUNNING|COMMENT|N/A|n7|None");
        slurm.Put("scontrol.answer", "JobId=1 ExitCode=0:0 Comment=COMMENT\n");
        slurm.Tool("scontrol", "case \"$2\" in config) echo 'MaxArraySize = 11' ;; *) sed \"s/COMMENT/$(cat calls/1.comment)/\" scontrol.answer ;; esac");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted();
        slurm.Begin(request.RunId);
        var start = await slurm.Sink.WhenStarted(request.RunId);
        File.WriteAllText(slurm.RunFile(request.RunId, "stdout"), "some words\n");
        slurm.Answer($"1|{state}|COMMENT|N/A|n7|None");
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal("n7", start.Host);
        Assert.Equal((ending, failure, code), (result.Ending, result.Fault!.Class, result.Fault.Why.Code));
        Assert.Contains("daily", result.Fault.Why.Text, StringComparison.Ordinal);
        Assert.Contains("n7", result.Fault.Why.Text, StringComparison.Ordinal);
        Assert.Equal("some words", result.Tail);
    }

    [Theory]
    [InlineData("CANCELLED", FailureClass.Canceled, "DBLD5088")]
    [InlineData("NODE_FAIL", FailureClass.Infrastructure, "DBLD5086")]
    [InlineData("DEADLINE", FailureClass.Timeout, "DBLD5092")]
    public async Task A_run_that_ended_before_it_began_never_begins(string state, FailureClass failure, string code)
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer($"1|{state}|COMMENT|N/A||None");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal((failure, code), (result.Fault!.Class, result.Fault.Why.Code));
        Assert.DoesNotContain(slurm.Sink.Order, one => one.What == "started");

        // Its folder has another name: should the job come back, it finds nothing to claim.
        await slurm.When(() => !Directory.Exists(slurm.RunFile(request.RunId)));
        Assert.True(File.Exists(Path.Combine(slurm.Exchange, "done", request.RunId, "claim", "engine")));
    }

    [Theory]
    [InlineData("term", 15, "CANCELLED", "DBLD5088")]
    [InlineData("term", 15, "PREEMPTED", "DBLD5089")]
    [InlineData("exit", 9, "OUT_OF_MEMORY", "DBLD5090")]
    [InlineData("term", 15, "TIMEOUT", "DBLD5091")]
    [InlineData("exit", 9, "FAILED", null)]
    [InlineData("term", 15, null, "DBLD5096")]
    public async Task Of_a_run_that_a_signal_ended_Slurm_is_asked_whose_it_was(string cause, int signal, string? state, string? code)
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer("1|RUNNING|COMMENT|N/A|n7|None");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted();
        slurm.Begin(request.RunId);
        await slurm.Sink.WhenStarted(request.RunId);
        slurm.Answer(state is null ? "" : $"1|{state}|COMMENT|N/A|n7|None");
        slurm.Exit(request.RunId, cause, signal, signalled: true);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal(code, result.Fault?.Why.Code);
        Assert.Equal(signal, result.Signal);
        Assert.Equal(TimeSpan.FromSeconds(2.75), result.Duration);
    }

    [Theory]
    [InlineData("launch failed requeued held", "DBLD5087")]
    [InlineData("launch_failed_requeued_held", "DBLD5087")]
    public async Task What_Slurm_has_put_aside_after_a_failed_launch_is_taken_back(string reason, string code)
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer($"4|PENDING|COMMENT|N/A||{reason}");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);
        await slurm.When(() => File.Exists(Path.Combine(slurm.Folder, "calls", "scancel")));

        Assert.Equal((RunEnding.CannotStart, FailureClass.Infrastructure, code), (result.Ending, result.Fault!.Class, result.Fault.Why.Code));
        Assert.StartsWith("--quiet 4", File.ReadAllText(Path.Combine(slurm.Folder, "calls", "scancel")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JobHeldUser")]
    [InlineData("JobHeldAdmin")]
    [InlineData("ReqNodeNotAvail, UnavailableNodes:n7")]
    [InlineData("PartitionDown")]
    public async Task What_waits_for_somebody_to_act_is_told_once_and_goes_on_when_somebody_has(string reason)
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer($"1|PENDING|COMMENT|N/A||{reason}");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.When(() => !slurm.Sink.Progress.IsEmpty);
        await slurm.When(() => File.ReadLines(Path.Combine(slurm.Folder, "calls", "squeue")).Count() > 5);
        slurm.Answer("1|RUNNING|COMMENT|N/A|n7|None");
        slurm.Begin(request.RunId);
        slurm.Exit(request.RunId, "exit", 3, signalled: false);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal("DBLD5085", Assert.Single(slurm.Warnings).Code);
        Assert.Contains(reason, Assert.Single(slurm.Sink.Progress).Text, StringComparison.Ordinal);
        Assert.Equal(3, result.ExitCode);
        Assert.Null(result.Fault);
    }

    [Theory]
    [InlineData(76, false, RunEnding.CannotStart, "DBLD5093")]
    [InlineData(77, true, RunEnding.Lost, "DBLD5094")]
    [InlineData(127, false, RunEnding.Lost, "DBLD5095")]
    public async Task A_payloads_own_exit_code_is_looked_up_where_there_is_nothing_else(int exitCode, bool began, RunEnding ending, string code)
    {
        await using var slurm = new FakeSlurm();
        slurm.Tool("scontrol", $"case \"$2\" in config) echo 'MaxArraySize = 11' ;; *) echo \"JobId=1 ExitCode={exitCode}:0 Comment=$(cat calls/1.comment)\" ;; esac");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted();
        if (began)
        {
            slurm.Begin(request.RunId);
        }

        slurm.Answer("1|FAILED|COMMENT|N/A|n7|NonZeroExitCode");
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal((ending, code), (result.Ending, result.Fault!.Why.Code));
    }

    [Fact]
    public async Task A_job_of_the_same_number_but_another_comment_is_not_the_runs()
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer("1|CANCELLED|somebody-else|N/A|n7|None\n1|RUNNING|COMMENT|N/A|n7|None");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted();
        slurm.Begin(request.RunId);
        await slurm.Sink.WhenStarted(request.RunId);
        slurm.Exit(request.RunId, "exit", 0, signalled: false);

        Assert.Equal(0, (await slurm.Sink.WhenEnded(request.RunId)).ExitCode);
    }

    [Fact]
    public async Task A_run_that_began_and_that_Slurm_forgot_is_unknown_until_its_exit_file_comes()
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer("1|RUNNING|COMMENT|N/A|n7|None");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted();
        slurm.Begin(request.RunId);
        await slurm.Sink.WhenStarted(request.RunId);
        slurm.Answer("");
        await slurm.When(() => slurm.Sink.Order.Any(one => one.What == "unknown"));
        slurm.Exit(request.RunId, "exit", 5, signalled: false);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal(5, result.ExitCode);
        Assert.Equal(["started", "unknown", "started", "ended"], slurm.Sink.Order.Select(one => one.What));
        Assert.Single(slurm.Comments);
    }

    [Fact]
    public async Task A_run_that_is_unknown_can_be_given_up()
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer("");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted();
        slurm.Begin(request.RunId);
        await slurm.When(() => slurm.Sink.Order.Any(one => one.What == "unknown"));
        slurm.Executor.Cancel(request.RunId);

        Assert.Equal(RunEnding.Canceled, (await slurm.Sink.WhenEnded(request.RunId)).Ending);
        await slurm.When(() => !Directory.Exists(slurm.RunFile(request.RunId)));
    }

    [Fact]
    public async Task A_run_that_Slurm_lost_before_it_began_is_submitted_again()
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer("");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted(2);
        slurm.Begin(request.RunId);
        slurm.Exit(request.RunId, "exit", 0, signalled: false);

        Assert.Equal(0, (await slurm.Sink.WhenEnded(request.RunId)).ExitCode);
        Assert.Equal(2, slurm.Comments.Distinct().Count());
    }
}
