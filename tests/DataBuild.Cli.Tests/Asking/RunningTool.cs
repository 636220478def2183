using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DataBuild.Cli.Tests.Asking;

/// <summary>The tool while it runs: its lines are read as they come.</summary>
internal sealed class RunningTool : IDisposable
{
    private const int Interrupt = 2;

    private readonly Process process;

    public RunningTool(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", Tool.Program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start)!;
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The next line; null at the end.</summary>
    public string? Line() => process.StandardOutput.ReadLine();

    /// <summary>Ctrl-C; then how it ended.</summary>
    public int Stop()
    {
        Assert.Equal(0, kill(process.Id, Interrupt));
        return End();
    }

    /// <summary>As `head` does.</summary>
    public void StopReading() => process.StandardOutput.Close();

    public int End()
    {
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "it goes on");
        return process.ExitCode;
    }

    public string Errors() => process.StandardError.ReadToEnd();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
