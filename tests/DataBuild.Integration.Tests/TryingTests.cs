using DataBuild.Engine.Execution;
using DataBuild.Engine.Hosting.Trying;
using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>Tries and verifications beside builds: neither disturbs the other.</summary>
public sealed class TryingTests
{
    private const string WaitsForGo = """
        touch "$DATABUILD_DATA_ROOT/../$1.began"
        if [ -e "$in/../slowly" ]; then i=0; while [ ! -e "$in/../go" ] && [ $i -lt 600 ]; do sleep 0.1; i=$((i + 1)); done; fi
        echo "$ref" > "$out"
        """;

    [Fact]
    public async Task A_build_that_begins_meanwhile_leaves_a_try_alone()
    {
        using var project = Project().Want("quick-1");
        project.Build();
        project.Write("slowly", "");
        var trying = Try(project, "slow-1");
        Await(project, "slow-1.began");

        // Its first act is to end what an engine of this log left behind.
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        project.Write("go", "");
        var report = await trying;
        Assert.NotNull(report!.Outcome.Done);
        Assert.Equal(Likeness.NothingLive, report.Live);
        Assert.False(Directory.Exists(Path.Combine(project.StateDirectory, "try")));
    }

    [Fact]
    public async Task Both_work_while_a_build_runs_and_its_log_is_its_own()
    {
        using var project = Project().Want("quick-1");
        project.Build();
        project.Write("slowly", "");
        project.Want("slow-1");
        using var engine = EngineRun.Start(project.Request());
        Await(project, "slow-1.began");
        Assert.NotNull((await Try(project, "quick-1"))!.Outcome.Done);
        var verified = await new VerifySession(project.Request(), _ => { }, _ => { }, TimeProvider.System).RunAsync("quick-{1..9}", 2, 100, CancellationToken.None);
        Assert.Equal((1L, 1L), (verified!.Live, verified.Equal));
        project.Write("go", "");
        Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);
        Assert.Equal(2, project.Events().Count(stored => stored.Event.JobRunQueue is not null));
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
    }

    private static TestProject Project() => new TestProject()
        .Script("quick", "echo \"$ref\" > \"$out\"").Partition("quick-{n:int}", "quick")
        .Script("slow", WaitsForGo).Partition("slow-{n:int}", "slow");

    private static async Task<TryReport?> Try(TestProject project, string @ref)
    {
        // A console that is no terminal: what the job prints is no output of the tests.
        using var console = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write);
        int descriptor = (int)console.DangerousGetHandle();
        return await new TrySession(project.Request(), @ref, _ => { }, TimeProvider.System).RunAsync(new RunConsole(descriptor, descriptor), keep: false, CancellationToken.None);
    }

    private static void Await(TestProject project, string file) =>
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(project.Folder, file)), TimeSpan.FromMinutes(1)), $"{file} does not come");
}
