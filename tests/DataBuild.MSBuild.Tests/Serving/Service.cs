using System.Diagnostics;
using System.Threading.Channels;

namespace DataBuild.MSBuild.Tests.Serving;

/// <summary>`databuild serve` of a sandbox's project, as a process of its own, and what it says.</summary>
internal sealed class Service : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly List<string> heard = [];

    private Service(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => process.Id;

    public static Service Start(Sandbox sandbox) => Start(sandbox, "dotnet", ["exec", Sandbox.Known("Engine"), "serve"]);

    /// <summary>Where the system has no watches left, which a user namespace can be told.</summary>
    public static Service StartUnwatched(Sandbox sandbox, TimeSpan sweep) => Start(
        sandbox, "unshare", ["-Ur", "sh", "-c", $"echo 0 > /proc/sys/user/max_inotify_instances; exec dotnet exec '{Sandbox.Known("Engine")}' serve --sweep {sweep:c}"]);

    private static Service Start(Sandbox sandbox, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = sandbox.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        return new Service(Process.Start(start)!);
    }

    /// <summary>Waits until it says a line with this text, beginning after the last one that was waited for.</summary>
    public string Says(string text)
    {
        using var patient = new CancellationTokenSource(patience);
        try
        {
            while (true)
            {
                string line = lines.Reader.ReadAsync(patient.Token).AsTask().GetAwaiter().GetResult();
                heard.Add(line);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            Assert.Fail($"the service did not say: {text}\n{string.Join('\n', heard)}");
            throw;
        }
    }

    public int Stop()
    {
        Assert.Equal(0, Signal("TERM"));
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(15)), "the service did not end");
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private int Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        return kill.ExitCode;
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            lines.Writer.TryComplete();
        }
        else
        {
            lines.Writer.TryWrite(line);
        }
    }
}
