using System.Diagnostics;

namespace DataBuild.Engine.Tests.Log;

/// <summary>A writer in a process of its own.</summary>
internal sealed class LogWriterProcess : IDisposable
{
    private readonly Process _process;

    public LogWriterProcess(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "DataBuild.TestLogWriter.dll") },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
    }

    public int Id => _process.Id;

    /// <summary>Null when it has ended.</summary>
    public string? ReadLine() => _process.StandardOutput.ReadLine();

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks one that holds a lease to end.</summary>
    public void Release()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
