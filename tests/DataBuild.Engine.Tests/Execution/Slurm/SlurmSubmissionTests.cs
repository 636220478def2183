using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution.Slurm;

/// <summary>How runs become jobs of Slurm's, and what keeps them from it.</summary>
public sealed class SlurmSubmissionTests
{
    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Invalid partition name specified")]
    [InlineData("sbatch: error: Memory specification can not be satisfied\nsbatch: error: Batch job submission failed: Requested node configuration is not available")]
    [InlineData("sbatch: unrecognized option '--frobnicate'\nTry \"sbatch --help\" for more information")]
    [InlineData("sbatch: error: Invalid --time specification")]
    [InlineData("sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified")]
    [InlineData("sbatch: error: Invalid generic resource (gres) specification")]
    public async Task What_Slurm_will_never_take_cannot_start_and_says_why(string said)
    {
        await using var slurm = new FakeSlurm();
        slurm.Put("sbatch.error", said + "\n");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal((RunEnding.CannotStart, FailureClass.User, "DBLD5081"), (result.Ending, result.Fault!.Class, result.Fault.Why.Code));
        Assert.Contains(said.Split('\n')[0], result.Fault.Why.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', result.Fault.Why.Text);
        Assert.Empty(slurm.Warnings);
    }

    [Theory]
    [InlineData("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)", "DBLD5083")]
    [InlineData("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation", "DBLD5083")]
    [InlineData("sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)", "DBLD5084")]
    [InlineData("sbatch: error: Batch job submission failed: Resource temporarily unavailable", "DBLD5084")]
    public async Task What_passes_is_waited_for_and_told_once(string said, string code)
    {
        await using var slurm = new FakeSlurm();
        slurm.Put("sbatch.error", said + "\n");
        slurm.Put("squeue.error", code == "DBLD5083" ? "slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n" : "");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        await slurm.When(() => slurm.Warnings.Count > 0);
        slurm.Put("sbatch.error", "");
        slurm.Put("squeue.error", "");
        await slurm.WhenSubmitted(2);
        slurm.Begin(request.RunId);
        slurm.Exit(request.RunId, "exit", 0, signalled: false);

        Assert.Equal(0, (await slurm.Sink.WhenEnded(request.RunId)).ExitCode);
        Assert.Equal(code, Assert.Single(slurm.Warnings).Code);
    }

    [Fact]
    public async Task Where_there_is_no_Slurm_a_run_cannot_start()
    {
        await using var slurm = new FakeSlurm();
        await using var executor = slurm.New(configure: options => options with { ToolsDirectory = Path.Combine(slurm.Folder, "nowhere") });
        var request = slurm.Request();
        executor.Start(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal((RunEnding.CannotStart, "DBLD5080"), (result.Ending, result.Fault!.Why.Code));
    }

    [Fact]
    public async Task Where_the_shared_folder_cannot_be_made_a_run_cannot_start()
    {
        await using var slurm = new FakeSlurm();
        File.WriteAllText(Path.Combine(slurm.Folder, "data"), "");
        var request = slurm.Request();
        slurm.Executor.Start(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal((RunEnding.CannotStart, "DBLD5097"), (result.Ending, result.Fault!.Why.Code));
    }

    [Theory]
    [InlineData("--array=0-5")]
    [InlineData("--arr 0-5")]
    [InlineData("-a 0-5")]
    [InlineData("--comment=mine")]
    [InlineData("-J name")]
    [InlineData("--requeue")]
    [InlineData("--wrap=true")]
    [InlineData("script.sh")]
    [InlineData("--qos=low -- more")]
    [InlineData("--qos='open")]
    public async Task Arguments_that_would_make_a_batch_another_thing_are_refused(string arguments)
    {
        await using var slurm = new FakeSlurm();
        var request = slurm.Request(new RunResources { SlurmArguments = arguments });
        slurm.Executor.Start(request);
        var result = await slurm.Sink.WhenEnded(request.RunId);

        Assert.Equal((RunEnding.CannotStart, FailureClass.User, "DBLD5082"), (result.Ending, result.Fault!.Class, result.Fault.Why.Code));
        Assert.Empty(slurm.Comments);
    }

    [Fact]
    public async Task Runs_of_equal_resources_are_one_array_and_others_are_not()
    {
        await using var slurm = new FakeSlurm();
        await using var executor = slurm.New(configure: options => options with { Gather = TimeSpan.FromMilliseconds(300), Settle = TimeSpan.FromMinutes(1) });
        var small = Enumerable.Range(0, 25).Select(_ => slurm.Request()).ToList();
        var large = slurm.Request(new RunResources { Cpus = 4, MemoryBytes = 1_500_000, SlurmPartition = "big", SlurmArguments = "--qos=low --exclude 'n 1'" }) with { Timeout = TimeSpan.FromMinutes(10) };
        small.ForEach(executor.Start);
        executor.Start(large);
        await slurm.WhenSubmitted(4);

        // The cluster's limit, 11, is the first index that may not be used.
        string Arguments(int call) => File.ReadAllText(Path.Combine(slurm.Folder, "calls", $"{call}.arguments"));
        Assert.Contains("--array=0-10\n", Arguments(1), StringComparison.Ordinal);
        Assert.Contains("--array=0-10\n", Arguments(2), StringComparison.Ordinal);
        Assert.Contains("--array=0-2\n", Arguments(3), StringComparison.Ordinal);
        var own = Arguments(4);
        Assert.DoesNotContain("--array", own, StringComparison.Ordinal);
        Assert.Contains("--cpus-per-task=4\n--mem=1465K\n--time=11\n--partition=big\n--qos=low\n--exclude\nn 1\n", own, StringComparison.Ordinal);
        Assert.Contains("--no-requeue\n", own, StringComparison.Ordinal);
        var ids = slurm.Comments.SelectMany(comment => File.ReadLines(Path.Combine(slurm.Exchange, "batches", comment)).Skip(1)).ToList();
        Assert.Equal(small.Append(large).Select(request => request.RunId).Order(), ids.Order());
    }

    [Fact]
    public async Task No_secret_is_in_what_Slurm_is_given_or_in_a_file_that_others_may_read()
    {
        Environment.SetEnvironmentVariable("SLURM_TEST_TOKEN", "very-secret");
        await using var slurm = new FakeSlurm();
        slurm.Tool("sbatch", File.ReadAllText(Path.Combine(slurm.Folder, "sbatch")) + "\nenv > calls/environment\n");
        var request = slurm.Request() with { PassEnvironment = ["SLURM_TEST_TOKEN"] };
        slurm.Executor.Start(request);
        await slurm.WhenSubmitted();

        var holders = Directory.EnumerateFiles(slurm.Folder, "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("very-secret", StringComparison.Ordinal)).ToList();
        Assert.Equal([slurm.RunFile(request.RunId, "secrets")], holders);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(holders[0]));
        }
    }
}
