using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Jobs.Tests;

public sealed class ByHandTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly StringWriter error = new();

    [Fact]
    public async Task A_job_started_like_any_program_says_how_to_start_it()
    {
        int code = await RunAsync([], new JobEnvironment());

        Assert.Equal(JobExitCode.Usage, code);
        Assert.Contains("neither its first argument nor DATABUILD_JOB", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("DATABUILD_DATA_ROOT=data DATABUILD_OUTPUT_ROOT=/tmp/out", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("daily daily/2001-02-14", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("report/{month}.html", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no ref of 'daily/{date}'", "daily")]
    [InlineData("no ref of 'daily/{date}'", "daily", "dialy/2001-01-01")]
    [InlineData("DATABUILD_DATA_ROOT is not set", "daily", "daily/2001-01-01")]
    public async Task What_is_wrong_is_said_first(string why, params string[] args)
    {
        Assert.Equal(JobExitCode.Usage, await RunAsync(args, new JobEnvironment()));
        Assert.Contains(why, error.ToString().Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_two_folders_a_job_runs_and_shows_what_it_would_tell_the_engine()
    {
        folder.Write("data/raw/2001-01-01", "x");

        int code = await RunAsync(
            ["daily", "--fast", "daily/2001-01-01"], new JobEnvironment { DataRoot = folder["data"], OutputRoot = folder["out"] });

        Assert.Equal(JobExitCode.Done, code);
        Assert.Equal("--fast", File.ReadAllText(folder["out/daily/2001-01-01"]));
        Assert.Equal(
            [JobMessage.MessageOneofCase.ReadDeps, JobMessage.MessageOneofCase.PartitionDone],
            error.ToString().TrimEnd().Split('\n').Select(line => JsonParser.Default.Parse<JobMessage>(line).MessageCase));
    }

    public void Dispose()
    {
        folder.Dispose();
        error.Dispose();
    }

    private Task<int> RunAsync(string[] args, JobEnvironment environment) => JobHost.RunAsync(
        args,
        jobs => jobs
            .Add("daily", "daily/{date}", (_, io) =>
            {
                io.Input("raw/{date}");
                File.WriteAllText(io.Output(), string.Join(' ', io.Run.Arguments));
            })
            .Add("report", "report/{month}.html", (_, _) => { }),
        environment,
        () => error);
}
