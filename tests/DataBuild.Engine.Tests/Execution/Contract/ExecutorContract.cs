using System.Diagnostics.CodeAnalysis;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Tests.Execution;

namespace DataBuild.Tests.Contract;

/// <summary>
/// What holds for a run whatever executes it. Each executor has a class that derives from this one and says how to make it; a job cannot
/// tell where it is. All paths have blanks and characters beyond ASCII.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes through IAsyncLifetime.")]
public abstract partial class ExecutorContract : IAsyncLifetime
{
    private IJobExecutor? _executor;

    /// <summary>A name for a file to compare with, that no shell and no tool takes for anything else.</summary>
    protected string Folder { get; } = Directory.CreateDirectory(
        Path.Combine(Directory.CreateTempSubdirectory("databuild-contract-").FullName, "it's ä \"$HOME\" folder")).FullName;

    private protected RecordingSink Sink { get; } = new();

    private protected IJobExecutor Executor => _executor ??= NewExecutor(Sink, Folder);

    /// <summary>What DATABUILD_ENGINE is for the run.</summary>
    protected abstract string MarkerOf(string runId);

    private protected abstract IJobExecutor NewExecutor(IRunSink sink, string folder);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_executor is not null)
        {
            await _executor.DisposeAsync();
        }

        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    protected RunRequest Request(params string[] command)
    {
        var runId = Guid.CreateVersion7().ToString();
        var output = Path.Combine(Folder, "staging", runId);
        Directory.CreateDirectory(output);
        return new RunRequest
        {
            RunId = runId,
            Job = "täglich",
            Command = command,
            Refs = [],
            Attempt = 2,
            WorkingDirectory = Folder,
            Environment = [],
            PassEnvironment = [],
            DataRoot = Path.Combine(Folder, "data"),
            OutputRoot = output,
            LogDirectory = Path.Combine(Folder, "logs", runId),
            SourcesFile = "",
            Timeout = null,
        };
    }

    protected RunRequest Shell(string script) => Request("/bin/sh", "-c", script, "sh");

    private protected Task<RunReturn> Run(RunRequest request)
    {
        Executor.Start(request);
        return Sink.WhenEnded(request.RunId);
    }

    protected string WriteScript(string name, string text, bool executable = true)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        if (executable && OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return path;
    }

    private protected static string Output(RunReturn result, string stream = "stdout") => File.ReadAllText(Path.Combine(result.LogDirectory, stream + ".log"));
}
