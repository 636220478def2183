using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Messages;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution;

/// <summary>One of the executor's places for a process, with buffers that serve one run after the other. Used by one thread but for <see cref="Wake"/>.</summary>
internal sealed class Slot : IDisposable
{
    private readonly SlotShare _share;
    private readonly RunStarter _starter;
    private readonly OutputCapture _output;
    private readonly OutputCapture _error;
    private readonly MessageFile _messageFile = new();
    private readonly int _wake;

    public Slot(int number, SlotShare share)
    {
        _share = share;
        _output = new OutputCapture("stdout", share.Options.Console?.Output ?? -1);
        _error = new OutputCapture("stderr", share.Options.Console?.Error ?? -1);
        _starter = new RunStarter(number, share);
        _wake = Libc.EventFd(0, Libc.CloseOnExec | Libc.NonBlocking);
        if (_wake < 0)
        {
            throw new DataBuildException(Rules.CannotStart, $"no run can be started: eventfd: {Libc.Describe(Libc.Errno)}; {Rules.CannotStart.Cure}");
        }
    }

    /// <summary>Makes the slot look at its run's cancel flag. From any thread, as long as the slot has a run.</summary>
    public void Wake() => _ = Libc.Write(_wake, [1, 0, 0, 0, 0, 0, 0, 0]);

    public RunReturn Run(LocalRun run)
    {
        var request = run.Request;
        var options = _share.Options;
        var diagnostics = new List<Diagnostic>();
        var messagesFile = ScratchFolder.Messages(options.ScratchDirectory, request.RunId);
        var started = DateTimeOffset.UtcNow;
        using var child = _starter.Start(request, messagesFile, diagnostics, out var commandLine);
        if (child is null)
        {
            return new RunReturn
            {
                RunId = request.RunId,
                Ending = RunEnding.CannotStart,
                Started = started,
                CommandLine = commandLine,
                Diagnostics = diagnostics,
            };
        }

        _share.Sink.Started(request.RunId, new JobRunHeartbeatEventV1
        {
            RunId = request.RunId,
            Pid = child.Pid,
            PidStart = child.Start,
            Host = _share.Host,
        });

        var messages = new MessageCollector(request, options, progress => _share.Sink.Progressed(request.RunId, progress));
        var jobDiagnostics = new List<Diagnostic>();
        _output.Begin(request.LogDirectory, options.OutputLimit, messages, jobDiagnostics);
        _error.Begin(request.LogDirectory, options.OutputLimit, messages, jobDiagnostics);
        _messageFile.Begin(messagesFile, options.MessagesLimit);

        using var resizing = options.Console is { } console ? PseudoTerminal.Resizing(console, child) : null;
        var watch = new RunWatch(child, run, options, diagnostics);
        watch.Follow(_output, _error, _messageFile, messages, _wake);

        // As waitpid encodes it: the signal in the low seven bits, else the exit code above the low byte.
        var signal = (watch.Status ?? 0) & 0x7f;
        var exitCode = watch.Status is { } status && signal == 0 ? (status >> 8) & 0xff : (int?)null;
        var cut = watch.Ending != RunEnding.Exited || exitCode is null;
        _messageFile.End(messages);
        RunStreams.End(_output, request, diagnostics, cut);
        RunStreams.End(_error, request, diagnostics, cut);
        diagnostics.AddRange(messages.End());

        var ending = watch.Ending;
        if (ending == RunEnding.Exited && watch.Status is null)
        {
            diagnostics.Add(Rules.ExitStatusLost.At($"job '{request.Job}' has ended and its exit status went to other code of this process; {Rules.ExitStatusLost.Cure}"));
        }
        else if (ending == RunEnding.Exited && RunStreams.MissingRuntime(exitCode, _error) is { } missing)
        {
            ending = RunEnding.CannotStart;
            diagnostics.Add(CommandProgram.Error(Rules.DotnetRuntimeMissing, request, missing));
        }

        return new RunReturn
        {
            RunId = request.RunId,
            Ending = ending,
            ExitCode = exitCode,
            Signal = signal,
            Started = started,
            Duration = watch.Duration,
            CommandLine = commandLine,
            Messages = messages.Messages,
            Diagnostics = diagnostics,
            JobDiagnostics = jobDiagnostics,
            Tail = RunStreams.LastWords(_output, _error),
            LogDirectory = _output.Log.IsMade || _error.Log.IsMade ? request.LogDirectory : "",
        };
    }

    public void Dispose()
    {
        _starter.Dispose();
        _output.Dispose();
        _error.Dispose();
        _messageFile.Dispose();
        _ = Libc.Close(_wake);
    }
}
