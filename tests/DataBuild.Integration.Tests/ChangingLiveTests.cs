using System.Net.Sockets;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>Commands to an engine at work, over its socket.</summary>
public sealed class ChangingLiveTests
{
    /// <summary>A job that waits, for each ref, until the test lets it go on.</summary>
    private static TestProject Gated()
    {
        var project = new TestProject();
        project.Script("a", """while [ ! -e "go-${ref#a/}" ]; do sleep 0.02; done; echo "$ref" > "$out" """);
        return project.Partition("a/{n:int}", "a");
    }

    [Fact]
    public void A_running_build_makes_what_is_wanted_meanwhile_and_rebuilds_what_is_tainted()
    {
        using var project = Gated().Want("a/{1..2}");
        project.Write("go-1", "");
        using var engine = EngineRun.Start(project.Request());
        engine.WaitFor(message => message.Run?.Refs.Contains("a/1") == true);

        var want = Ask(project, new CommandRequest { Want = new WantCommand { Partitions = SetOf("a/3") } });
        Assert.Equal((true, engine.Pid), (want.Changed, want.EnginePid));
        var taint = Ask(project, new CommandRequest { Taint = new TaintCommand { Partitions = SetOf("a/1"), Comment = "wrong" } });
        Assert.Equal(1, taint.Refs);
        project.Write("go-3", "");
        engine.WaitFor(message => message.Run?.Refs.Contains("a/3") == true);
        project.Write("go-2", "");
        Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);

        var runs = project.Events().Where(stored => stored.Event.JobRunQueue is not null).SelectMany(stored => stored.Event.JobRunQueue.Partitions).Select(partition => partition.Ref);
        Assert.Equal(["a/1", "a/1", "a/2", "a/3"], runs.Order());
        Assert.Contains(project.Events(), stored => stored.Event.WantEnd is { State: WantEndState.Successful } end && end.WantId == want.WantIds[0]);
        Assert.True(project.Events().Single(stored => stored.Event.WantCreate is not null).Offset <= want.LogOffset);
    }

    [Fact]
    public void A_run_cancelled_by_its_id_ends_is_no_failure_and_waits_for_the_next_build()
    {
        using var project = Gated().Want("a/{1..2}");
        using var engine = EngineRun.Start(project.Request());
        string run = WaitForRun(project, engine, "a/1");
        var report = Ask(project, new CommandRequest { Cancel = new CancelCommand { Target = run, Comment = "too slow" } });
        Assert.Equal([run], report.RunIds);
        project.Write("go-1", "");
        project.Write("go-2", "");
        var result = engine.WaitForResult();
        Assert.Equal(BuildOutcome.Canceled, result.Outcome);
        Assert.Equal("DBLD4041", Assert.Single(result.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error).Code);

        var canceled = Assert.Single(project.Events(), stored => stored.Event.JobRunCancel is not null).Event.JobRunCancel;
        Assert.Equal((run, "too slow", true), (canceled.RunId, canceled.Cause, canceled.Hold));
        Assert.DoesNotContain(project.Events(), stored => stored.Event.JobRunFailure is not null);
        Assert.Empty(Processes.With(project.DataRoot));
        Assert.Equal(1, project.Build().Built);
    }

    [Fact]
    public void A_cancelled_run_is_tried_again_in_the_same_build_when_a_retry_is_asked()
    {
        using var project = Gated().Want("a/{1..2}");
        using var engine = EngineRun.Start(project.Request());
        string run = WaitForRun(project, engine, "a/1");
        Ask(project, new CommandRequest { Cancel = new CancelCommand { Target = run } });
        engine.WaitFor(message => message.Run?.RunId == run);
        Assert.Equal(1, Ask(project, new CommandRequest { Retry = new RetryCommand { Partitions = SetOf("a/{1..9}") } }).Refs);
        project.Write("go-1", "");
        project.Write("go-2", "");
        Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);
    }

    [Fact]
    public void A_cancelled_want_ends_the_runs_that_nobody_else_wants()
    {
        using var project = Gated().Want("a/1");
        using var engine = EngineRun.Start(project.Request());
        WaitForRun(project, engine, "a/1");
        var want = Ask(project, new CommandRequest { Want = new WantCommand { Partitions = SetOf("a/2") } });
        string run = WaitForRun(project, engine, "a/2");
        Ask(project, new CommandRequest { Cancel = new CancelCommand { Target = want.WantIds[0] } });
        engine.WaitFor(message => message.Run?.RunId == run);
        project.Write("go-1", "");
        Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);
        var canceled = Assert.Single(project.Events(), stored => stored.Event.JobRunCancel is not null).Event.JobRunCancel;
        Assert.Equal((run, false), (canceled.RunId, canceled.Hold));
        Assert.False(File.Exists(Path.Combine(project.DataRoot, "a/2")));
    }

    [Fact]
    public void A_command_sent_twice_does_nothing_twice()
    {
        using var project = Gated().Want("a/1");
        using var engine = EngineRun.Start(project.Request());
        WaitForRun(project, engine, "a/1");
        var request = new CommandRequest { CommandId = "one", Want = new WantCommand { Partitions = SetOf("a/2") } };
        Assert.True(Ask(project, request).Changed);
        var again = Ask(project, request);
        Assert.Equal((false, "want-one"), (again.Changed, again.WantIds[0]));
        project.Write("go-1", "");
        project.Write("go-2", "");
        engine.WaitForResult();
        Assert.Single(project.Events(), stored => stored.Event.WantCreate is not null);
    }

    [Fact]
    public void What_needs_the_project_compiled_is_refused_while_a_build_is_at_work_and_so_is_what_nobody_understands()
    {
        using var project = Gated().Want("a/1");
        using var engine = EngineRun.Start(project.Request());
        WaitForRun(project, engine, "a/1");
        var adopt = Ask(project, new CommandRequest { Adopt = new AdoptCommand { All = true } });
        Assert.Equal("DBLD4036", adopt.Error.Code);
        Assert.Contains($"process {engine.Pid}", adopt.Error.Text, StringComparison.Ordinal);
        Assert.Equal("DBLD4036", Ask(project, new CommandRequest { Rename = new RenameCommand { From = "a/{n:int}", To = "b/{n:int}" } }).Error.Code);
        Assert.Equal("DBLD4037", Ask(project, new CommandRequest()).Error.Code);
        project.Write("go-1", "");
        Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);
    }

    [Fact]
    public void Garbage_on_the_socket_and_clients_that_say_nothing_leave_the_engine_at_work()
    {
        using var project = Gated().Want("a/1");
        using var engine = EngineRun.Start(project.Request());
        WaitForRun(project, engine, "a/1");
        byte[][] messages = [[0], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [5, 1, 2, 3, 4, 5], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0xff, 0xff, 0xff, 0x0f]];
        var sockets = new List<Socket>();
        string place = Path.Combine(project.StateDirectory, "engine.sock");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(place));
        string shorter = Path.Combine(Path.GetTempPath(), $"databuild-{Guid.NewGuid():N}.sock");
        File.CreateSymbolicLink(shorter, place);
        try
        {
            foreach (byte[] message in messages.Append([]))
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                sockets.Add(socket);
                socket.Connect(new UnixDomainSocketEndPoint(shorter));
                socket.Send(message);
            }

            Assert.True(Ask(project, new CommandRequest { Want = new WantCommand { Partitions = SetOf("a/2") } }).Changed);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
            File.Delete(shorter);
        }

        project.Write("go-1", "");
        project.Write("go-2", "");
        Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);
        Assert.False(File.Exists(place), $"{place} is left behind");
    }

    [Fact]
    public void A_killed_engine_leaves_a_socket_that_stands_in_nobodys_way()
    {
        using var project = Gated().Want("a/1");
        using (var engine = EngineRun.Start(project.Request()))
        {
            WaitForRun(project, engine, "a/1");
            engine.Kill();
        }

        Assert.True(File.Exists(Path.Combine(project.StateDirectory, "engine.sock")));
        Assert.Equal(0, Ask(project, new CommandRequest { Retry = new RetryCommand { Partitions = SetOf("a/1") } }).EnginePid);
        using var next = EngineRun.Start(project.Request());
        string run = WaitForRun(project, next, "a/1", runs: 2);
        Assert.Equal([run], Ask(project, new CommandRequest { Cancel = new CancelCommand { Target = run } }).RunIds);
        Assert.Equal(BuildOutcome.Canceled, next.WaitForResult().Outcome);
    }

    [Fact]
    public void A_holder_that_takes_no_commands_is_named_after_a_bounded_time()
    {
        using var project = Gated().Want("a/1");
        project.Write("go-1", "");
        project.Build();
        using var lease = Lease.TryAcquire(project.Log);
        var e = Assert.Throws<Engine.Diagnostics.DataBuildException>(() => Ask(project, new CommandRequest { Taint = new TaintCommand { Partitions = SetOf("a/1") } }));
        Assert.Equal("DBLD4035", e.Rule.Code);
        Assert.Contains($"process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_without_a_socket_says_so_and_goes_on()
    {
        using var project = Gated().Want("a/1");
        project.Write("go-1", "");
        Directory.CreateDirectory(Path.Combine(project.StateDirectory, "engine.sock"));
        var result = project.Build();
        Assert.Equal(BuildOutcome.Built, result.Outcome);
        Assert.Equal("DBLD4043", Assert.Single(result.Diagnostics, diagnostic => diagnostic.Code != "DBLD4017").Code);
    }

    [Fact]
    public void A_rename_whose_engine_died_before_the_files_were_moved_is_finished_by_the_next_build()
    {
        using var project = Gated().Want("a/{1..3}");
        for (int n = 1; n <= 3; n++)
        {
            project.Write($"go-{n}", "");
        }

        project.Build();
        using (var log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = project.Log }))
        {
            var time = log.Read(1).Last().Event.Timestamp;
            log.Append([new BuildEvent { Timestamp = time, Rename = new RenameEventV1 { RenameId = "r", From = "a/{n:int}", To = "ä/x {n:int}" } }]);
        }

        // The dead engine had come so far.
        Directory.CreateDirectory(Path.Combine(project.DataRoot, "ä"));
        File.Move(Path.Combine(project.DataRoot, "a/2"), Path.Combine(project.DataRoot, "ä/x 2"));
        project.Graph.Partitions[0].Pattern = "ä/x {n:int}";
        project.Graph.Wants[0].Partitions = "ä/x {1..3}";
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        Assert.Equal(["a/1\n", "a/2\n", "a/3\n"], Enumerable.Range(1, 3).Select(n => project.Data($"ä/x {n}")));
        Assert.False(Directory.Exists(Path.Combine(project.DataRoot, "a")));
        var resumed = Assert.Single(project.Events(), stored => stored.Event.Rename is { Resumes: "r" }).Event.Rename;
        Assert.Equal(resumed.RenameId, Assert.Single(project.Events(), stored => stored.Event.RenameEnd is not null).Event.RenameEnd.RenameId);
    }

    private static CommandReport Ask(TestProject project, CommandRequest request)
    {
        request.ProtocolVersion = CommandSession.Version;
        request.CommandId = request.CommandId.Length > 0 ? request.CommandId : Guid.NewGuid().ToString("N");
        return new CommandSession(request, _ => { }, TimeProvider.System)
            .OnLogAsync(new LogPlace(project.Log, project.StateDirectory, project.Folder), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The id of the run that a job works on now; the job itself tells, by the line it writes before it waits.</summary>
    private static string WaitForRun(TestProject project, EngineRun engine, string @ref, int runs = 1)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            string[] lines = File.Exists(project.Witness) ? [.. File.ReadAllText(project.Witness).Split('\n').Where(line => line.Split(' ') is [_, var made, _] && made == @ref)] : [];
            if (lines.Length >= runs)
            {
                return lines[^1].Split(' ')[0];
            }

            Assert.True(engine.Result is null && watch.Elapsed < TimeSpan.FromMinutes(3), $"no run for {@ref} came");
            Thread.Yield();
        }
    }

    private static PartitionSet SetOf(params string[] expressions) => new() { Expressions = { expressions } };
}
