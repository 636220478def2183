using System.Diagnostics;
using System.Runtime.InteropServices;
using DataBuild.Integration.Tests;
using DataBuild.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace DataBuild.Service.Tests;

/// <summary>`databuild serve` as a process, of a project that is published, so that no SDK has to compile it.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource<string> listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => process.Id;

    public string Url { get; private set; } = "";

    public string Output
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    public DataBuildService.DataBuildServiceClient Client { get; private set; } = null!;

    /// <summary>A folder as `dotnet publish` leaves it.</summary>
    public static string Publish(TestProject project)
    {
        string folder = Path.Combine(project.Folder, "published");
        Directory.CreateDirectory(folder);
        var request = project.Request();
        File.WriteAllText(Path.Combine(folder, "graph.json"), JsonFormatter.Default.Format(request.Graph));
        request.Graph = null;
        request.PlanFile = Path.Combine(folder, "plan");
        request.ResultFile = Path.Combine(folder, "result");
        File.WriteAllText(Path.Combine(folder, "request.json"), JsonFormatter.Default.Format(request));
        return folder;
    }

    public static ServiceProcess Start(string folder, params string[] arguments) => StartTool("dotnet", Repository.Cli, folder, arguments);

    public static ServiceProcess StartTool(string dotnet, string tool, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(dotnet, ["exec", tool, "serve", folder, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new ServiceProcess(Process.Start(start)!);
    }

    public async Task<ServiceProcess> ReadyAsync()
    {
        Url = await listens.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Client = new DataBuildService.DataBuildServiceClient(GrpcChannel.ForAddress(Url));
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        for (int tried = 0; !(await http.GetAsync("/readyz")).IsSuccessStatusCode; tried++)
        {
            Assert.True(tried < 600, Output);
            await Task.Delay(50);
        }

        return this;
    }

    public int WaitForExit()
    {
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), Output);
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Signal(int signal) => Assert.Equal(0, SendSignal(process.Id, signal));

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            listens.TrySetException(new InvalidOperationException($"it ended: {Output}"));
            return;
        }

        lock (lines)
        {
            lines.Add(line);
        }

        if (line.Split(" listens at ") is [_, var url])
        {
            listens.TrySetResult(url.Split(',')[0]);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
