using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution;

public sealed class StartTests : BenchTest
{
    [Fact]
    public async Task A_run_that_exits_is_reported_with_its_code_and_makes_no_files()
    {
        var request = Bench.Request("/bin/sh", "-c", "exit 7") with { Refs = ["a/1"] };
        var result = await Bench.Run(request);

        Assert.Equal(RunEnding.Exited, result.Ending);
        Assert.Equal(7, result.ExitCode);
        Assert.Equal(0, result.Signal);
        Assert.Equal("", result.LogDirectory);
        Assert.Equal("", result.Tail);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(["/bin/sh", "-c", "exit 7", "a/1"], result.CommandLine);
        Assert.False(Directory.Exists(request.LogDirectory));
        Assert.InRange(result.Duration, TimeSpan.FromMicroseconds(1), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_signal_that_was_not_ours_is_an_exit_without_a_code()
    {
        var result = await Bench.RunShell("kill -SEGV $$");

        Assert.Equal(RunEnding.Exited, result.Ending);
        Assert.Null(result.ExitCode);
        Assert.Equal(11, result.Signal);
    }

    [Fact]
    public async Task The_first_heartbeat_names_the_process_so_that_a_reused_pid_is_not_taken_for_it()
    {
        var request = Bench.Shell("cut -d' ' -f22 /proc/$$/stat; echo $$");
        var result = await Bench.Run(request);
        var heartbeat = await Bench.Sink.WhenStarted(request.RunId);

        var said = File.ReadAllLines(Path.Combine(result.LogDirectory, "stdout.log"));
        Assert.Equal($"{heartbeat.PidStart} {heartbeat.Pid}", string.Join(' ', said));
        Assert.Equal(Environment.MachineName, heartbeat.Host);
        Assert.Equal([(request.RunId, "started"), (request.RunId, "ended")], Bench.Sink.Order);
    }

    [Fact]
    public async Task A_job_leads_a_session_of_its_own_reads_nothing_and_has_nothing_else_open()
    {
        using var leak = File.Open("/dev/zero", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var request = Bench.Shell("cut -d' ' -f1,5,6 /proc/$$/stat; readlink /proc/$$/fd/0; ls /proc/$$/fd; exec grep -E 'Sig(Blk|Ign)' /proc/self/status");
        var result = await Bench.Run(request);

        var lines = File.ReadAllLines(Path.Combine(result.LogDirectory, "stdout.log"));
        var pid = (await Bench.Sink.WhenStarted(request.RunId)).Pid;
        Assert.Equal($"{pid} {pid} {pid}", lines[0]);
        Assert.Equal("/dev/null", lines[1]);
        Assert.Equal(["0", "1", "2"], lines[2..^2]);
        Assert.Equal("SigBlk:\t0000000000000000", lines[^2]);

        // Signals 32 and 33 are the C library's own; it does as it likes with them.
        Assert.Equal(0UL, Convert.ToUInt64(lines[^1]["SigIgn:\t".Length..], 16) & ~0x180000000UL);
    }

    [Fact]
    public async Task A_command_with_a_slash_is_relative_to_the_working_directory()
    {
        Directory.CreateDirectory(Path.Combine(Bench.Folder, "jobs"));
        Bench.WriteScript("jobs/here.sh", "#!/bin/sh\nexit 5\n");

        Assert.Equal(5, (await Bench.Run(Bench.Request("jobs/here.sh"))).ExitCode);
        Assert.Equal(5, (await Bench.Run(Bench.Request("./jobs/here.sh"))).ExitCode);
    }

    [Fact]
    public async Task A_bare_command_is_looked_for_in_the_PATH_of_the_job_not_of_the_engine()
    {
        Directory.CreateDirectory(Path.Combine(Bench.Folder, "bin"));
        Directory.CreateDirectory(Path.Combine(Bench.Folder, "first", "only-here"));
        Bench.WriteScript("bin/only-here", "#!/bin/sh\nexit 6\n");
        var request = Bench.Request("only-here") with { Environment = [new("PATH", $"nowhere::first:{Bench.Folder}/bin")] };

        Assert.Equal(6, (await Bench.Run(request)).ExitCode);
        Assert.Equal(0, (await Bench.Run(Bench.Request("true"))).ExitCode);
        Assert.Equal(Rules.CommandNotFound.Code, await CodeOf(Bench.Request("true") with { Environment = [new("PATH", "/nowhere")] }));
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_named()
    {
        var result = await Bench.Run(Bench.Request("no-such-program"));

        Assert.Equal(RunEnding.CannotStart, result.Ending);
        Assert.Null(result.ExitCode);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(Rules.CommandNotFound.Code, diagnostic.Code);
        Assert.Equal(Severity.Error, diagnostic.Severity);
        Assert.Contains("'no-such-program'", diagnostic.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', diagnostic.Text);
        Assert.Equal(Rules.CommandNotFound.Code, await CodeOf(Bench.Request("jobs/no-such.sh")));
        Assert.Equal(Rules.CommandNotFound.Code, await CodeOf(Bench.Request("/etc/passwd/no-such")));
    }

    [Fact]
    public async Task A_file_without_permission_and_a_folder_are_no_commands_and_chmod_is_named()
    {
        Bench.WriteScript("plain.sh", "#!/bin/sh\n", executable: false);
        var result = await Bench.Run(Bench.Request("./plain.sh"));

        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(Rules.CommandNotExecutable.Code, diagnostic.Code);
        Assert.Contains("chmod +x", diagnostic.Text, StringComparison.Ordinal);
        Assert.Equal(Rules.CommandNotExecutable.Code, await CodeOf(Bench.Request("./scratch")));
        Assert.Equal(Rules.CommandNotExecutable.Code, await CodeOf(Bench.Request("plain.sh") with { Environment = [new("PATH", Bench.Folder)] }));
    }

    [Theory]
    [InlineData("echo no first line\n", "#!")]
    [InlineData("", "is empty")]
    [InlineData("\x7f" + "ELF nonsense", "another kind of machine")]
    public async Task A_file_that_is_no_program_is_never_given_to_a_shell(string content, string said)
    {
        Bench.WriteScript("odd", content);
        var diagnostic = Assert.Single((await Bench.Run(Bench.Request("./odd"))).Diagnostics);

        Assert.Equal(Rules.CommandFormat.Code, diagnostic.Code);
        Assert.Contains(said, diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_interpreter_is_named_and_Windows_line_ends_are_recognised()
    {
        Bench.WriteScript("python", "#!/opt/nowhere/python3\n");
        Bench.WriteScript("windows", "#!/bin/sh\r\nexit 0\r\n");

        var missing = Assert.Single((await Bench.Run(Bench.Request("./python"))).Diagnostics);
        Assert.Equal(Rules.InterpreterNotFound.Code, missing.Code);
        Assert.Contains("/opt/nowhere/python3", missing.Text, StringComparison.Ordinal);
        var windows = Assert.Single((await Bench.Run(Bench.Request("./windows"))).Diagnostics);
        Assert.Equal(Rules.InterpreterNotFound.Code, windows.Code);
        Assert.Contains("Windows line ends", windows.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_working_directory_is_named()
    {
        var request = Bench.Request("/bin/true") with { WorkingDirectory = Path.Combine(Bench.Folder, "no-such-folder") };
        var diagnostic = Assert.Single((await Bench.Run(request)).Diagnostics);

        Assert.Equal(Rules.WorkingDirectoryMissing.Code, diagnostic.Code);
        Assert.Contains("no-such-folder", diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_output_folder_was_taken_away_is_not_started()
    {
        var request = Bench.Shell("touch started");
        Directory.Delete(request.OutputRoot);
        var result = await Bench.Run(request);

        Assert.Equal(RunEnding.CannotStart, result.Ending);
        Assert.Equal(Rules.OutputRootGone.Code, Assert.Single(result.Diagnostics).Code);
        Assert.False(File.Exists(Path.Combine(Bench.Folder, "started")));
    }

    [Fact]
    public async Task A_program_of_a_newer_NET_cannot_start_and_the_missing_runtime_is_named()
    {
        foreach (var ending in new[] { ".dll", ".runtimeconfig.json" })
        {
            File.Copy(Execution.Bench.TestJob + ending, Path.Combine(Bench.Folder, "future" + ending));
        }

        var config = Path.Combine(Bench.Folder, "future.runtimeconfig.json");
        File.WriteAllText(config, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(config), @"""version"": ""[^""]*""", @"""version"": ""99.1.2"""));
        var result = await Bench.Run(Bench.Request("dotnet", "future.dll"));

        Assert.Equal(RunEnding.CannotStart, result.Ending);
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(Rules.DotnetRuntimeMissing.Code, diagnostic.Code);
        Assert.Contains("99.1.2", diagnostic.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exit_code_150_alone_says_nothing_of_NET()
    {
        var result = await Bench.RunShell("echo 'other trouble' >&2; exit 150");

        Assert.Equal(RunEnding.Exited, result.Ending);
        Assert.Equal(150, result.ExitCode);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public async Task An_empty_command_and_a_NUL_are_refused()
    {
        Assert.Equal(Rules.CommandUnusable.Code, await CodeOf(Bench.Request()));
        Assert.Equal(Rules.CommandUnusable.Code, await CodeOf(Bench.Request("")));
        Assert.Equal(Rules.CommandUnusable.Code, await CodeOf(Bench.Request("/bin/true", "a\0b")));
        Assert.Equal(Rules.CommandUnusable.Code, await CodeOf(Bench.Request("/bin/true") with { Refs = ["a\0b"] }));
        Assert.Equal(Rules.CommandUnusable.Code, await CodeOf(Bench.Request("/bin/true") with { Environment = [new("A", "\0")] }));
    }

    [Fact]
    public async Task A_command_that_is_too_long_by_itself_is_an_error()
    {
        Assert.Equal(Rules.CommandTooLong.Code, await CodeOf(Bench.Request("/bin/true", new string('x', 200_000))));
    }

    [Fact]
    public async Task Refs_that_do_not_fit_behind_the_command_are_in_the_partitions_file_alone()
    {
        string[] refs = [.. Enumerable.Range(0, 30_000).Select(number => $"some/long/enough/ref/to/go/over/the/limit/{number:D8}")];
        var request = Bench.Shell("echo $#; wc -l < $DATABUILD_PARTITIONS_FILE; tail -1 $DATABUILD_PARTITIONS_FILE") with { Refs = refs };
        var result = await Bench.Run(request);

        Assert.Equal(request.Command, result.CommandLine);
        Assert.Equal(["0", "30000", refs[^1]], File.ReadAllLines(Path.Combine(result.LogDirectory, "stdout.log")));
    }

    [Fact]
    public async Task Each_run_reads_its_own_refs_even_after_a_job_that_replaced_its_partitions_file()
    {
        var first = Bench.Shell("cat $DATABUILD_PARTITIONS_FILE; sed -i s/a/b/ $DATABUILD_PARTITIONS_FILE") with { Refs = ["a/1", "a/22", "a/333"] };
        var firstResult = await Bench.Run(first);
        var second = Bench.Shell("cat $DATABUILD_PARTITIONS_FILE") with { Refs = ["c d/ü"] };
        var secondResult = await Bench.Run(second);

        Assert.Equal("a/1\na/22\na/333\n", File.ReadAllText(Path.Combine(firstResult.LogDirectory, "stdout.log")));
        Assert.Equal("c d/ü\n", File.ReadAllText(Path.Combine(secondResult.LogDirectory, "stdout.log")));
    }

    [Fact]
    public async Task A_partitions_file_that_cannot_be_written_keeps_the_run_from_starting()
    {
        File.WriteAllText(Path.Combine(Bench.Folder, "file"), "");
        await using var bench = new Bench(configure: options => options with { ScratchDirectory = Path.Combine(Bench.Folder, "file", "scratch") });
        var result = await bench.RunShell("exit 0");

        Assert.Equal(RunEnding.CannotStart, result.Ending);
        Assert.Equal(Rules.ScratchUnusable.Code, Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public void A_machine_that_cannot_run_jobs_is_told_why_in_a_coded_error()
    {
        var windows = Assert.Throws<DataBuildException>(() => HostSupport.Demand(linux: false, _ => true, () => true));
        var oldLibrary = Assert.Throws<DataBuildException>(() =>
            HostSupport.Demand(linux: true, name => name != "posix_spawn_file_actions_addchdir_np", () => true));
        var oldKernel = Assert.Throws<DataBuildException>(() => HostSupport.Demand(linux: true, _ => true, () => false));
        HostSupport.Demand(linux: true, _ => true, () => true);

        Assert.All([windows, oldLibrary, oldKernel], error => Assert.Equal(Rules.HostUnsupported, error.Rule));
        Assert.Contains("needs Linux", windows.Message, StringComparison.Ordinal);
        Assert.Contains("addchdir_np", oldLibrary.Message, StringComparison.Ordinal);
        Assert.Contains("pidfd_open", oldKernel.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11, "DBLD5006")]
    [InlineData(24, "DBLD5006")]
    [InlineData(7, "DBLD5008")]
    public void What_the_system_refuses_is_told_by_its_errno(int errno, string code)
    {
        var diagnostic = DataBuild.Engine.Execution.CommandProgram.Explain(errno, "/bin/true", Bench.Request("/bin/true"));

        Assert.Equal(code, diagnostic.Code);
    }

    private async Task<string> CodeOf(RunRequest request)
    {
        var result = await Bench.Run(request);
        Assert.Equal(RunEnding.CannotStart, result.Ending);
        return Assert.Single(result.Diagnostics).Code;
    }
}
