using DataBuild.Engine.Execution;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Tests.Execution;

/// <summary>An executor with a folder of its own, and requests for it. Leaves nothing behind, neither file nor process.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly LocalExecutor _executor;
    private int _runs;

    public Bench(int slots = 2, Func<LocalExecutorOptions, LocalExecutorOptions>? configure = null)
    {
        Folder = Directory.CreateTempSubdirectory("databuild-execution-").FullName;
        Marker = "log-" + Guid.NewGuid().ToString("N") + "/1";
        var options = new LocalExecutorOptions
        {
            Slots = slots,
            RunMarker = Marker,
            ScratchDirectory = Path.Combine(Folder, "scratch"),
        };
        _executor = new LocalExecutor(Sink, configure?.Invoke(options) ?? options);
    }

    public static string TestJob { get; } = Path.Combine(AppContext.BaseDirectory, "DataBuild.TestJob");

    public string Folder { get; }

    public string Marker { get; }

    public RecordingSink Sink { get; } = new();

    public LocalExecutor Executor => _executor;

    public RunRequest Request(params string[] command)
    {
        var number = Interlocked.Increment(ref _runs);
        var runId = Guid.CreateVersion7().ToString();
        var output = Path.Combine(Folder, "staging", runId);
        Directory.CreateDirectory(output);
        return new RunRequest
        {
            RunId = runId,
            Job = "job" + number,
            Command = command,
            Refs = [],
            Attempt = 1,
            WorkingDirectory = Folder,
            Environment = [],
            PassEnvironment = [],
            DataRoot = Path.Combine(Folder, "data"),
            OutputRoot = output,
            LogDirectory = Path.Combine(Folder, "runs", runId),
            SourcesFile = "",
            Timeout = null,
        };
    }

    public RunRequest Shell(string script) => Request("/bin/sh", "-c", script);

    public Task<RunReturn> Run(RunRequest request)
    {
        _executor.Start(request);
        return Sink.WhenEnded(request.RunId);
    }

    public Task<RunReturn> RunShell(string script) => Run(Shell(script));

    public string WriteScript(string name, string text, bool executable = true)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        if (executable && OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _executor.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
