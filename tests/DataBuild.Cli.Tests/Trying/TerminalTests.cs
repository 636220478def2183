using System.Diagnostics;

namespace DataBuild.Cli.Tests.Trying;

/// <summary>`try` on a terminal, which python's pty module plays.</summary>
public sealed class TerminalTests
{
    /// <summary>Runs a command on a terminal of 33 x 101; types each answer once its prompt is there. Prints all that was shown, and the exit code last.</summary>
    private const string Player = """
        import fcntl, os, pty, select, struct, sys, termios, time
        split = sys.argv.index('--')
        steps, command = sys.argv[1:split], sys.argv[split + 1:]
        pid, fd = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 33, 101, 0, 0))
            os.execvp(command[0], command)
        shown, end = b'', time.time() + 120
        while time.time() < end:
            if select.select([fd], [], [], 1)[0]:
                try:
                    read = os.read(fd, 4096)
                except OSError:
                    break
                shown += read
            if steps and steps[0].encode() in shown:
                os.write(fd, steps[1].encode().decode('unicode_escape').encode())
                steps = steps[2:]
        sys.stdout.buffer.write(shown)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """;

    private const string Talk = """
        trap 'echo interrupted; exit 9' INT
        [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo "on a terminal of $(stty size < /dev/stderr), $TERM"
        read -p 'name? ' name
        echo "hello $name"
        [ "$name" = sleeper ] && sleep 100
        echo 'databuild:read-deps talk/2'
        echo "$name" > "$DATABUILD_OUTPUT_ROOT/$1"
        """;

    [Fact]
    public void The_job_has_the_terminal_and_what_it_says_in_lines_is_heard()
    {
        using var project = new Project().With("talk", Talk);
        string shown = Play(project, "name?", "Ann\\n");
        Assert.Contains("on a terminal of 33 101, xterm\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("hello Ann\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("done: 4 B", shown, StringComparison.Ordinal);
        Assert.Contains("said      read-deps talk/2", shown, StringComparison.Ordinal);
        Assert.EndsWith("\n0\n", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Ctrl_c_is_for_the_job()
    {
        using var project = new Project().With("talk", Talk);
        string shown = Play(project, "name?", "sleeper\\n", "hello sleeper", "\\x03");
        Assert.Contains("interrupted\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("exit 9 after ", shown, StringComparison.Ordinal);
        Assert.EndsWith("\n1\n", shown, StringComparison.Ordinal);
    }

    private static string Play(Project project, params string[] steps)
    {
        string player = Path.Combine(project.Folder, "player.py");
        File.WriteAllText(player, Player);
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo("python3", [player, .. steps, "--", host, "exec", Tool.Program, "try", "talk/1"])
        {
            WorkingDirectory = project.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_HOST_PATH"] = project.StubDotnet();
        start.Environment["TERM"] = "xterm";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string shown = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result + shown);
        return shown;
    }
}
