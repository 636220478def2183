using System.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>Builds that are asked to stop, politely or not.</summary>
[Trait("Category", "Kill")]
public sealed class StopTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    /// <summary>The promise is 10 s; on a machine that is busy, what takes no time takes some.</summary>
    private static readonly TimeSpan promised = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan slack = TimeSpan.FromSeconds(10);

    private static readonly Lazy<KillExpectation> expected = new(KillExpectation.Build);

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    [InlineData(1)]
    [InlineData(0)]
    public void A_build_that_is_stopped_at_any_moment_loses_nothing_finished_and_the_next_one_goes_on(int signal)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var project = KillProject.New();
        KillProject.WriteSources(project, 0);
        int stopped = 0;
        BuildOutcome outcome;
        do
        {
            using var engine = EngineRun.Start(project.Request());
            engine.WaitFor(message => message.Ready is not null || message.Result is not null);
            Thread.Sleep(random.Next((int)(expected.Value.Length.TotalMilliseconds / 3)));
            var watch = Stopwatch.StartNew();
            Stop(engine, signal);
            outcome = engine.WaitForResult().Outcome;
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, promised + slack);
            Assert.Empty(Processes.With(project.DataRoot));
            stopped++;
        }
        while (outcome == BuildOutcome.Canceled && stopped < 12);

        project.Build();
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        Assert.Equal(expected.Value.Versions[0], Sampler.Read(project.DataRoot));
        Assert.Empty(LogVerification.Verify(project.Log).Findings);
        WorkCheck.NothingFinishedRanTwice(project, 0, 0);
        output.WriteLine($"stopped {stopped} times");
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(0)]
    public void Jobs_that_ignore_it_flood_or_hide_a_daemon_that_holds_their_pipes_are_gone_in_time(int signal)
    {
        using var project = new TestProject();
        project.Script("deaf", "trap '' TERM INT HUP; touch deaf; while :; do sleep 0.2; done");
        project.Script("flood", "touch flood; trap '' TERM; while :; do echo 'a line of output that nobody reads'; done");
        project.Script("daemon", "setsid sh -c 'trap \"\" TERM INT HUP; touch daemon; while :; do sleep 0.2; done' & trap '' TERM; wait");
        project.Partition("deaf", "deaf").Partition("flood", "flood").Partition("daemon", "daemon").Want("deaf").Want("flood").Want("daemon");
        var request = project.Request();
        request.Parallelism = 3;
        using var engine = EngineRun.Start(request);
        foreach (string sign in (ReadOnlySpan<string>)["deaf", "flood", "daemon"])
        {
            Await(Path.Combine(project.Folder, sign), engine);
        }

        var watch = Stopwatch.StartNew();
        Stop(engine, signal);

        Assert.Equal(BuildOutcome.Canceled, engine.WaitForResult().Outcome);
        output.WriteLine($"gone after {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, promised + slack);
        Assert.Empty(Processes.With(project.DataRoot));
        Assert.Equal(3, project.Events().Count(stored => stored.Event.JobRunCancel is not null));
    }

    [Fact]
    public void A_second_signal_ends_without_the_grace_that_the_first_gives()
    {
        using var project = new TestProject();
        project.Script("slow", "trap 'touch asked; sleep 4; touch late; exit 0' TERM; touch ready; while :; do sleep 0.05; done").Partition("slow", "slow").Want("slow");
        using var engine = EngineRun.Start(project.Request());
        Await(Path.Combine(project.Folder, "ready"), engine);
        engine.Signal(Interrupt);
        Await(Path.Combine(project.Folder, "asked"), engine);
        engine.Signal(Interrupt);

        Assert.Equal(BuildOutcome.Canceled, engine.WaitForResult().Outcome);
        Assert.False(File.Exists(Path.Combine(project.Folder, "late")));
        Assert.Empty(Processes.With(project.DataRoot));
    }

    [Fact]
    public void The_first_signal_leaves_a_job_the_time_to_say_goodbye()
    {
        using var project = new TestProject();
        project.Script("slow", "trap 'sleep 0.5; touch late; exit 0' TERM; touch ready; while :; do sleep 0.05; done").Partition("slow", "slow").Want("slow");
        using var engine = EngineRun.Start(project.Request());
        Await(Path.Combine(project.Folder, "ready"), engine);
        engine.Signal(Terminate);

        Assert.Equal(BuildOutcome.Canceled, engine.WaitForResult().Outcome);
        Assert.True(File.Exists(Path.Combine(project.Folder, "late")));
    }

    private static void Stop(EngineRun engine, int signal)
    {
        if (signal == 0)
        {
            engine.CloseInput();
        }
        else
        {
            engine.Signal(signal);
        }
    }

    private static void Await(string file, EngineRun engine)
    {
        var watch = Stopwatch.StartNew();
        while (!File.Exists(file))
        {
            Assert.Null(engine.Result);
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"no {file}");
            Thread.Sleep(5);
        }
    }
}
