using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Messages;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>
/// Takes what a run writes to files as <see cref="Slot"/> takes what it writes to pipes: to its log, its last words, messages and
/// compiler-style lines. From time to time while it runs, and to the end thereafter. Nothing is made for a run that is silent.
/// </summary>
internal sealed class RunReader(RunRequest request, RunFiles files, RunLimits limits, Action<Progress> progressed) : IDisposable
{
    // A job that prints without end must not keep others from being heard.
    private const int MostReadsATurn = 128;

    private readonly Lock _lock = new();
    private readonly List<Diagnostic> _jobDiagnostics = [];
    private readonly MessageCollector _messages = new(request, limits, progressed);
    private readonly MessageFile _file = new();
    private readonly OutputCapture _output = new("stdout");
    private readonly OutputCapture _error = new("stderr");
    private SafeFileHandle? _outputFile;
    private SafeFileHandle? _errorFile;
    private string _unreadable = "";
    private bool _begun;
    private bool _ended;

    /// <summary>What it has said by now.</summary>
    public void Follow()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            Begin();
            _file.ReadOn(_messages);
            Read(_output, files.Output, ref _outputFile, MostReadsATurn);
            Read(_error, files.Error, ref _errorFile, MostReadsATurn);
        }
    }

    /// <summary>All that it said, with what was wrong with it.</summary>
    /// <param name="result">What else is known of its end.</param>
    /// <param name="cut">It was ended in the middle of things, so that last lines may be only parts.</param>
    public RunReturn End(RunReturn result, bool cut)
    {
        lock (_lock)
        {
            _ended = true;
            Begin();
            var diagnostics = new List<Diagnostic>(result.Diagnostics);
            _file.End(_messages, keep: true);
            Read(_output, files.Output, ref _outputFile, int.MaxValue);
            Read(_error, files.Error, ref _errorFile, int.MaxValue);
            if (_unreadable.Length > 0)
            {
                diagnostics.Add(Rules.OutputNotKept.At($"job '{request.Job}': {_unreadable}; {Rules.OutputNotKept.Cure}"));
            }

            RunStreams.End(_output, request, diagnostics, cut);
            RunStreams.End(_error, request, diagnostics, cut);
            diagnostics.AddRange(_messages.End());
            return result with
            {
                Messages = _messages.Messages,
                Diagnostics = diagnostics,
                JobDiagnostics = _jobDiagnostics,
                Tail = RunStreams.LastWords(_output, _error),
                LogDirectory = _output.Log.IsMade || _error.Log.IsMade ? request.LogDirectory : "",
            };
        }
    }

    /// <summary>What .NET runtime it lacked to start; null if it started. After its end.</summary>
    public string? MissingRuntime(int? exitCode) => RunStreams.MissingRuntime(exitCode, _error);

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            _file.Dispose();
            _output.Dispose();
            _error.Dispose();
            _outputFile?.Dispose();
            _errorFile?.Dispose();
        }
    }

    private void Begin()
    {
        if (!_begun)
        {
            _begun = true;
            _file.Begin(files.Messages, limits.MessagesLimit);
            _output.Begin(request.LogDirectory, limits.OutputLimit, _messages, _jobDiagnostics);
            _error.Begin(request.LogDirectory, limits.OutputLimit, _messages, _jobDiagnostics);
        }
    }

    private void Read(OutputCapture capture, string path, ref SafeFileHandle? file, int most)
    {
        try
        {
            file ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _unreadable = $"{path} could not be read: {error.Message}";
            return;
        }

        // False at the end of what is there; there may be more another time.
        for (var reads = 0; reads < most && capture.ReadFrom((int)file.DangerousGetHandle()); reads++)
        {
        }
    }
}
