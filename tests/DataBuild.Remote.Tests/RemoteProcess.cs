using System.Diagnostics;
using DataBuild.Cli.Tests;

namespace DataBuild.Remote.Tests;

/// <summary>`databuild serve --port`, as a process of its own, on a project whose compile is a stub. Killed at the end unless it was told to end.</summary>
internal sealed class RemoteProcess : IDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource<string> url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RemoteProcess(Project project)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = project.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (string argument in (string[])["exec", Tool.Program, "serve", "--port", "0", "--project", project.Folder])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_HOST_PATH"] = project.StubDotnet();
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Url => url.Task.Result;

    /// <summary>Kilobytes that it holds in memory.</summary>
    public long Resident => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);

    public string Said
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    /// <summary>Listens, and has the log.</summary>
    public static async Task<RemoteProcess> StartAsync(Project project)
    {
        var service = new RemoteProcess(project);
        try
        {
            string address = await service.url.Task.WaitAsync(TimeSpan.FromSeconds(120));
            using var http = new HttpClient { BaseAddress = new Uri(address) };
            var until = DateTime.UtcNow.AddSeconds(120);
            while (!(await http.GetAsync(new Uri("/readyz", UriKind.Relative))).IsSuccessStatusCode)
            {
                Assert.True(DateTime.UtcNow < until, service.Said);
                await Task.Delay(20);
            }

            return service;
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    /// <summary>As nothing can be prevented from happening.</summary>
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

    private void Hear(string? line)
    {
        if (line is null)
        {
            url.TrySetException(new InvalidOperationException($"it ended: {Said}"));
            return;
        }

        lock (lines)
        {
            lines.Add(line);
        }

        const string Listens = "listens at ";
        if (line.IndexOf(Listens, StringComparison.Ordinal) is >= 0 and var at)
        {
            url.TrySetResult(line[(at + Listens.Length)..].Split(',', ' ')[0]);
        }
    }
}
