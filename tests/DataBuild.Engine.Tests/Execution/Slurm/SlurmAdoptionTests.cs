using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Tests.Execution.Slurm;

/// <summary>An engine takes back the runs of one that died between any two of its steps.</summary>
public sealed class SlurmAdoptionTests
{
    [Fact]
    public async Task A_run_of_which_nothing_is_there_is_submitted()
    {
        await using var slurm = new FakeSlurm();
        slurm.Executor.Adopt(slurm.Request());
        await slurm.WhenSubmitted();
    }

    [Fact]
    public async Task A_run_that_was_prepared_and_stands_in_no_manifest_is_submitted_as_it_was_prepared()
    {
        await using var slurm = new FakeSlurm();
        var request = slurm.Request();
        slurm.Tool("scontrol", "exec sleep 60");
        var first = slurm.New(configure: options => options with { CallTimeout = TimeSpan.FromMilliseconds(100) });
        first.Start(request);
        await slurm.When(() => File.Exists(slurm.RunFile(request.RunId, "start")));
        await first.DisposeAsync();
        slurm.Tool("scontrol", "echo 'MaxArraySize = 11'");
        var changed = request with { Command = ["/bin/other"] };
        slurm.Executor.Adopt(changed);
        await slurm.WhenSubmitted();
        slurm.Begin(request.RunId);
        slurm.Exit(request.RunId, "exit", 0, signalled: false);

        Assert.Equal(["/bin/echo", "hello"], (await slurm.Sink.WhenEnded(request.RunId)).CommandLine);
        Assert.Single(slurm.Comments);
    }

    [Fact]
    public async Task A_run_that_is_queued_or_under_way_is_watched_and_not_submitted_again()
    {
        await using var slurm = new FakeSlurm();
        slurm.Answer("1|PENDING|COMMENT|N/A||Priority");
        var request = slurm.Request();
        await using (var first = slurm.New())
        {
            first.Start(request);
            await slurm.WhenSubmitted();
        }

        slurm.Executor.Adopt(request);
        var asked = Asked(slurm);
        await slurm.When(() => Asked(slurm) > asked + 30);
        Assert.Single(slurm.Comments);
        slurm.Begin(request.RunId);
        slurm.Exit(request.RunId, "exit", 0, signalled: false);

        Assert.Equal(0, (await slurm.Sink.WhenEnded(request.RunId)).ExitCode);
        Assert.Single(slurm.Comments);
    }

    [Fact]
    public async Task A_run_that_ended_while_no_engine_was_there_is_taken_in_with_what_it_said()
    {
        await using var slurm = new FakeSlurm();
        var request = await Handed(slurm);
        slurm.Begin(request.RunId);
        File.WriteAllText(slurm.RunFile(request.RunId, "messages"), "{\"read_deps\":{\"refs\":[\"a/1\"]}}\n");
        slurm.Exit(request.RunId, "exit", 7, signalled: false);
        slurm.Executor.Adopt(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("a/1", Assert.Single(result.Messages).ReadDeps.Refs.Single());
    }

    [Fact]
    public async Task Runs_that_are_started_beside_an_adopted_one_that_had_ended_are_watched_too()
    {
        await using var slurm = new FakeSlurm();
        var request = await Handed(slurm);
        slurm.Begin(request.RunId);
        slurm.Exit(request.RunId, "exit", 7, signalled: false);
        slurm.Executor.Adopt(request);
        var other = slurm.Request();
        slurm.Executor.Start(other);
        await slurm.WhenSubmitted(2);
        await slurm.Sink.WhenEnded(request.RunId);
        slurm.Begin(other.RunId);
        slurm.Exit(other.RunId, "exit", 0, signalled: false);

        Assert.Equal(0, (await slurm.Sink.WhenEnded(other.RunId)).ExitCode);
    }

    [Fact]
    public async Task A_run_whose_end_an_engine_took_in_but_did_not_log_is_told_again_in_full()
    {
        await using var slurm = new FakeSlurm();
        var request = await Handed(slurm);
        slurm.Begin(request.RunId);
        File.WriteAllText(slurm.RunFile(request.RunId, "messages"), "{\"read_deps\":{\"refs\":[\"a/1\"]}}\n");
        slurm.Exit(request.RunId, "exit", 7, signalled: false);
        var sink = new RecordingSink();
        await using (var second = slurm.New(sink))
        {
            second.Adopt(request);
            await sink.WhenEnded(request.RunId);
            await slurm.When(() => Directory.Exists(Path.Combine(slurm.Exchange, "done", request.RunId)));
        }

        slurm.Executor.Adopt(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal(7, result.ExitCode);
        Assert.Single(result.Messages);
        Assert.Single(slurm.Comments);
    }

    [Fact]
    public async Task A_run_that_an_engine_took_back_before_it_began_is_lost_and_never_begins()
    {
        await using var slurm = new FakeSlurm();
        var request = await Handed(slurm);
        Directory.CreateDirectory(slurm.RunFile(request.RunId, "claim"));
        File.WriteAllText(slurm.RunFile(request.RunId, "claim", "engine"), "");
        slurm.Executor.Adopt(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal((RunEnding.Lost, "DBLD5098"), (result.Ending, result.Fault!.Why.Code));
    }

    [Fact]
    public async Task A_manifest_that_Slurm_never_got_is_submitted_anew_once_it_is_believed()
    {
        await using var slurm = new FakeSlurm();
        var request = await Handed(slurm);
        slurm.Answer("");
        slurm.Executor.Adopt(request);
        await slurm.WhenSubmitted(2);

        Assert.Equal(2, Directory.GetFiles(Path.Combine(slurm.Exchange, "batches")).Length);
    }

    [Fact]
    public async Task What_ended_runs_left_is_kept_for_a_while_and_then_removed()
    {
        await using var slurm = new FakeSlurm();
        var request = await Handed(slurm);
        slurm.Begin(request.RunId);
        slurm.Exit(request.RunId, "exit", 7, signalled: false);
        var done = Path.Combine(slurm.Exchange, "done", request.RunId);
        await using (var second = slurm.New())
        {
            second.Adopt(request);
            await slurm.When(() => Directory.Exists(done));
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(slurm.Exchange, "batches")));
        await using var third = slurm.New(configure: options => options with { KeepEnded = TimeSpan.Zero });
        third.Start(slurm.Request());
        await slurm.When(() => !Directory.Exists(done));
    }

    private static int Asked(FakeSlurm slurm) =>
        File.Exists(Path.Combine(slurm.Folder, "calls", "squeue")) ? File.ReadLines(Path.Combine(slurm.Folder, "calls", "squeue")).Count() : 0;

    private static async Task<RunRequest> Handed(FakeSlurm slurm)
    {
        slurm.Answer("1|PENDING|COMMENT|N/A||Priority");
        var request = slurm.Request();
        await using var first = slurm.New(new RecordingSink());
        first.Start(request);
        await slurm.WhenSubmitted();
        return request;
    }
}
