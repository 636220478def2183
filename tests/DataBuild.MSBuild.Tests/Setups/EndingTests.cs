using System.Diagnostics;

namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>A build that is told to end does so soon and whole: no process is left, and the next build goes on.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void Ctrl_C_while_a_project_is_evaluated_while_its_job_is_compiled_and_while_jobs_run_leaves_nothing_behind()
    {
        using var sandbox = Sleeping();
        sandbox.WriteJobs("jobs");
        sandbox.Edit("flights.dbproj", "<Want", "<Job Include=\"cs\" Project=\"jobs/Jobs.csproj\" /><Partition Include=\"cs/{n:int}\" Job=\"cs\" /><Want Include=\"cs/1\" /><Want");
        using var servants = new Servants(sandbox);

        Interrupt(sandbox, servants, "-INT", () => sandbox.Has("obj/project.assets.json"));
        Interrupt(sandbox, servants, "-INT", () => Directory.Exists(sandbox.PathOf("jobs/obj/databuild")));
        Interrupt(sandbox, servants, "-INT", () => sandbox.Has("started"));
        sandbox.Write("hello.sh", Flights.Script);
        sandbox.Dotnet("build").Succeeded().Says("flights -> ");
        Assert.Equal("hello/2001-01-03\n", sandbox.Read("data/hello/2001-01-03"));
        Assert.Equal("cs/1", sandbox.Read("data/cs/1"));
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-HUP")]
    public void A_build_that_is_terminated_or_loses_its_terminal_ends_its_engine_and_its_jobs(string signal)
    {
        using var sandbox = Sleeping();
        using var servants = new Servants(sandbox);

        Interrupt(sandbox, servants, signal, () => sandbox.Has("started"));
        sandbox.Write("hello.sh", Flights.Script);
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("flights -> 3 built");
    }

    [Fact]
    public void An_engine_that_is_killed_is_one_error_with_its_end_and_the_next_build_goes_on()
    {
        using var sandbox = Flights.New();
        using var servants = new Servants(sandbox);
        sandbox.Write("hello.sh", $"[ -e killed ] || {{ touch killed; setsid sleep 600 & kill -9 $PPID; sleep 600; }}\n{Flights.Script}");

        var outcome = sandbox.Dotnet("build").Failed()
            .Says("flights.dbproj : error DBLD2003: the engine ended without a result (exit code 137, no last words); processes that it left and that were ended: ")
            .Says("; build again to continue from its log").DoesNotSay("MSB");
        Assert.Equal(1, outcome.Count("DBLD2003"));
        servants.AssertGone(soon);
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("flights -> 3 built");
    }

    /// <summary>A project whose job does not end by itself.</summary>
    private static Sandbox Sleeping()
    {
        var sandbox = Flights.New();
        sandbox.Write("hello.sh", "touch started\nsleep 600\n");
        return sandbox;
    }

    /// <summary>Starts a build in a process group of its own, as a shell does, and signals the group, as a terminal does.</summary>
    private static void Interrupt(Sandbox sandbox, Servants servants, string signal, Func<bool> moment)
    {
        using var build = sandbox.StartProgram("setsid", "-w", "sh", "-c", "echo $$ > group; exec \"$0\" build -tl:off", Sandbox.DotnetHost);
        var output = build.StandardOutput.ReadToEndAsync();
        var error = build.StandardError.ReadToEndAsync();
        bool reached = SpinWait.SpinUntil(() => moment() || build.HasExited, patience) && !build.HasExited;
        Assert.True(reached, build.HasExited ? output.Result + error.Result : "not there in time");
        using (var kill = Process.Start("kill", [signal, "--", "-" + sandbox.Read("group").Trim()]))
        {
            kill.WaitForExit();
        }

        Assert.True(build.WaitForExit(soon), "it did not end");
        Assert.DoesNotContain("MSB4018", output.Result + error.Result, StringComparison.Ordinal);
        servants.AssertGone(soon);
    }
}
