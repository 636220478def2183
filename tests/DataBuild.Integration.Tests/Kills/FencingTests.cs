using System.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>Engines that are paused while their lease is taken from them, and what dead engines leave running.</summary>
[Trait("Category", "Kill")]
public sealed class FencingTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Tries = 20;

    private static readonly Lazy<KillExpectation> expected = new(KillExpectation.Build);

    /// <summary>How the lease is lost: its file removed, replaced, or the whole state directory moved away and copied back.</summary>
    public static TheoryData<string, string> Pauses => new()
    {
        { nameof(KillPhase.Running), "removed" },
        { nameof(KillPhase.Running), "copied" },
        { nameof(KillPhase.Prepared), "removed" },
        { nameof(KillPhase.Prepared), "copied" },
        { nameof(KillPhase.Publishing), "removed" },
        { nameof(KillPhase.Publishing), "copied" },
        { nameof(KillPhase.Exchanging), "replaced" },
        { nameof(KillPhase.Recovering), "removed" },
        { nameof(KillPhase.Deciding), "replaced" },
    };

    [Fact]
    public void A_stopped_engine_keeps_its_lease_and_who_waits_is_told_so_and_goes_on_when_it_is_killed()
    {
        using var project = new TestProject();
        project.Script("a", "while [ ! -e gate ]; do sleep 0.05; done; echo x > \"$out\"").Partition("a", "a").Want("a");
        using var stopped = EngineRun.Start(project.Request());
        stopped.WaitFor(message => message.Progress is { Running: > 0 });
        using var next = EngineRun.Start(project.Request());
        next.WaitFor(message => message.Line?.Text.Contains($"waiting for process {stopped.Pid} ", StringComparison.Ordinal) == true);

        Assert.True(stopped.Freeze());
        next.WaitFor(message => message.Line?.Text.Contains($"'kill -CONT {stopped.Pid}' lets it go on", StringComparison.Ordinal) == true);
        Assert.Null(next.Result);
        project.Write("gate", "");
        stopped.Kill();

        Assert.Equal(BuildOutcome.Built, next.WaitForResult().Outcome);
        Assert.Single(project.Events(), stored => stored.Event.JobRunLost is not null);
    }

    [Theory]
    [MemberData(nameof(Pauses))]
    public void A_paused_engine_whose_lease_was_taken_neither_appends_nor_publishes_nor_starts_anything_when_it_wakes(string at, string how)
    {
        var phase = Enum.Parse<KillPhase>(at);
        using var project = KillProject.New();
        KillProject.WriteSources(project, 0);
        int version = 0;
        if (phase is KillPhase.Exchanging)
        {
            Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
            KillProject.WriteSources(project, version = 1);
        }

        using var paused = Pause(project, phase);
        Lose(project, how);
        var next = BuildBeside(project, paused);
        Assert.Equal(BuildOutcome.Built, next.Outcome);
        Assert.Equal(expected.Value.Versions[version], Sampler.Read(project.DataRoot));
        var files = Inodes(project);
        int events = project.Events().Count;
        string[] witnessed = File.ReadAllLines(project.Witness);

        paused.Thaw();
        var late = paused.WaitForResult();

        output.WriteLine($"paused at {phase}, lease {how}: {string.Join("; ", paused.Diagnostics.Select(diagnostic => diagnostic.Code + " " + diagnostic.Text))}");
        if (phase == KillPhase.Recovering && late.Outcome == BuildOutcome.UpToDate)
        {
            // It had not taken its term yet: it is simply the next one, and finds nothing to do.
            Assert.Empty(paused.Diagnostics);
        }
        else
        {
            Assert.Equal(BuildOutcome.Failed, late.Outcome);
            // Where its whole state directory was exchanged, a file of its own may be missing first.
            Assert.Contains(paused.Diagnostics, diagnostic => diagnostic.Code is "DBLD6012" or "DBLD6013" or "DBLD6107" || (how == "copied" && diagnostic.Code == "DBLD6140"));
        }

        Assert.Equal(events, project.Events().Count);
        Assert.Equal(files, Inodes(project));
        Assert.Equal(witnessed, File.ReadAllLines(project.Witness));
        Assert.Empty(Processes.With(project.DataRoot));
        Assert.Empty(LogVerification.Verify(project.Log).Findings);
        Fold(project);
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
    }

    [Fact]
    public void A_job_that_bears_no_mark_any_more_is_found_by_its_process_id_and_start_when_its_engine_is_dead()
    {
        using var project = new TestProject();
        project.Write("hide.sh", "echo $$ > hidden\nexec env -i /bin/sh -c 'sleep 600 & wait'\n");
        project.Job("a", "/bin/sh hide.sh").Partition("a", "a").Want("a");
        using (var engine = EngineRun.Start(project.Request()))
        {
            var watch = Stopwatch.StartNew();
            while (!File.Exists(project.Log) || !project.Events().Any(stored => stored.Event.JobRunHeartbeat is not null))
            {
                Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1), "no heartbeat is stored");
                Thread.Yield();
            }

            engine.Kill();
        }

        int pid = (int)project.Events().Single(stored => stored.Event.JobRunHeartbeat is not null).Event.JobRunHeartbeat.Pid;
        Assert.NotEqual('-', Processes.StateOf(pid));
        project.Write("hide.sh", "echo x > \"$DATABUILD_OUTPUT_ROOT/a\"\n");
        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);

        Assert.True(Processes.StateOf(pid) is '-' or 'Z');
        var lost = Assert.Single(project.Events(), stored => stored.Event.JobRunLost is not null).Event.JobRunLost;
        Assert.Contains("2 of its processes were still running and were ended", lost.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Strangers_with_a_reused_number_a_similar_environment_or_from_before_the_boot_are_left_alone()
    {
        string log = Guid.NewGuid().ToString();
        string run = Guid.NewGuid().ToString();
        using var similar = Sleeper(("DATABUILD_ENGINE", log + "0:1"), ("DATABUILD_JOB_RUN_ID", run + "0"), ("X", $"DATABUILD_ENGINE={log}:1"));
        using var reused = Sleeper();
        ulong start = StartOf(reused.Id);
        var now = DateTimeOffset.UtcNow;
        try
        {
            Assert.Empty(StrayProcesses.Kill(log + ":", [new StartedRun(reused.Id, start - 1, run)], now));
            Assert.Empty(StrayProcesses.Kill(log + ":", [new StartedRun(reused.Id, start, run)], now - TimeSpan.FromMilliseconds(Environment.TickCount64) - TimeSpan.FromHours(1)));
            Assert.False(similar.HasExited);
            Assert.False(reused.HasExited);

            Assert.Equal(reused.Id, Assert.Single(StrayProcesses.Kill(log + ":", [new StartedRun(reused.Id, start, run)], now)).Pid);
            Assert.True(reused.WaitForExit(TimeSpan.FromMinutes(1)));
            Assert.False(similar.HasExited);
        }
        finally
        {
            similar.Kill();
            reused.Kill();
        }
    }

    /// <summary>An engine that is stopped in that phase; moments that are missed are tried again with a project that is not built.</summary>
    private static EngineRun Pause(TestProject project, KillPhase phase)
    {
        var random = new Random(1);
        for (int i = 0; i < Tries; i++)
        {
            using var aim = new KillAim(project, phase);
            var engine = EngineRun.Start(project.Request(), aim.Heard);
            if (aim.Freeze(engine, random, TimeSpan.Zero) == phase)
            {
                return engine;
            }

            bool done = engine.Result is not null;
            engine.Dispose();
            Assert.False(done && i == Tries - 1, $"{phase} was never hit");
            if (done)
            {
                // It was too quick: all that it made is to be made again.
                File.AppendAllText(Path.Combine(project.Folder, "raw.sh"), $"# {i}\n");
                Directory.Delete(Path.Combine(project.DataRoot, "folder"), recursive: true);
            }
        }

        throw new InvalidOperationException($"{phase} was never hit");
    }

    private static void Lose(TestProject project, string how)
    {
        string lease = project.Log + ".lease";
        switch (how)
        {
            case "removed":
                File.Delete(lease);
                break;
            case "replaced":
                File.WriteAllText(lease + ".new", "");
                File.Move(lease + ".new", lease, overwrite: true);
                break;
            default:
                Directory.Move(project.StateDirectory, project.StateDirectory + " old");
                using (var copy = Process.Start("cp", ["-a", project.StateDirectory + " old", project.StateDirectory]))
                {
                    copy.WaitForExit();
                    Assert.Equal(0, copy.ExitCode);
                }

                break;
        }
    }

    /// <summary>Where the paused one sleeps in the middle of an append, the database is locked: then it sleeps a little later.</summary>
    private static BuildResult BuildBeside(TestProject project, EngineRun paused)
    {
        for (int i = 0; i < Tries; i++)
        {
            using var next = EngineRun.Start(project.Request());
            var result = next.WaitForResult();
            if (!next.Diagnostics.Any(diagnostic => diagnostic.Code == "DBLD6010"))
            {
                return result;
            }

            paused.Thaw();
            Assert.True(paused.Freeze());
        }

        throw new InvalidOperationException("the log stays locked");
    }

    private static SortedDictionary<string, string> Inodes(TestProject project)
    {
        using var stat = Process.Start(new ProcessStartInfo("find", [project.DataRoot, "-path", "*/.databuild", "-prune", "-o", "-printf", "%p %i %T@\n"]) { RedirectStandardOutput = true })!;
        var lines = stat.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        stat.WaitForExit();
        return new(lines.Where(line => !line.StartsWith(project.DataRoot + " ", StringComparison.Ordinal)).ToDictionary(line => line, _ => ""), StringComparer.Ordinal);
    }

    private static void Fold(TestProject project)
    {
        var state = new BuildState();
        foreach (var (offset, e) in project.Events())
        {
            state.Apply(offset, e);
        }
    }

    private static Process Sleeper(params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("sleep", ["600"]);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static ulong StartOf(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        return ulong.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], System.Globalization.CultureInfo.InvariantCulture);
    }
}
