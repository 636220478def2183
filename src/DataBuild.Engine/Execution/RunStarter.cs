using System.Diagnostics;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution;

/// <summary>Makes a process of a request. One a slot; everything it needs is kept from run to run.</summary>
internal sealed unsafe class RunStarter(int slot, SlotShare share) : IDisposable
{
    private readonly Spawner _spawner = new(share.Options.Console is not null);
    private readonly PartitionsFile _partitions = new(ScratchFolder.Partitions(share.Options.ScratchDirectory, slot));
    private readonly NativeStrings _arguments = new();
    private readonly NativeStrings _environment = new();
    private readonly NativeStrings _paths = new();

    /// <summary>The process, or null with the reason among the diagnostics.</summary>
    public ChildProcess? Start(RunRequest request, string messagesFile, List<Diagnostic> diagnostics, out IReadOnlyList<string> commandLine)
    {
        commandLine = request.Command;
        if (CommandCheck.Problem(request) is { } unusable)
        {
            diagnostics.Add(CommandProgram.Error(Rules.CommandUnusable, request, unusable));
            return null;
        }

        var errno = _partitions.Write(request.Refs);
        if (errno != 0)
        {
            diagnostics.Add(CommandProgram.Error(Rules.ScratchUnusable, request, $"its partitions file '{_partitions.Path}': {Libc.Describe(errno)}"));
            return null;
        }

        var program = CommandProgram.Find(request, share.Environment.PathOf(request), _paths, out var notFound);
        if (program is null)
        {
            diagnostics.Add(notFound!);
            return null;
        }

        _environment.Clear();
        share.Environment.Write(_environment, request, _partitions.Path, messagesFile, diagnostics);
        if (ArgumentRoom.Write(_arguments, request, _environment.Size))
        {
            commandLine = [.. request.Command, .. request.Refs];
        }

        var child = Spawn(program, request, out errno);
        if (child is null)
        {
            diagnostics.Add(Directory.Exists(request.OutputRoot)
                ? CommandProgram.Explain(errno, program, request)
                : CommandProgram.Error(Rules.OutputRootGone, request, $"its output folder '{request.OutputRoot}' is gone"));
        }

        return child;
    }

    public void Dispose()
    {
        _spawner.Dispose();
        _partitions.Dispose();
        _arguments.Dispose();
        _environment.Dispose();
        _paths.Dispose();
    }

    // A job that would see a terminal sees one: it colours, buffers and draws as it does without us.
    private static int Open(int? echo, out int reading, out int writing) =>
        echo is { } descriptor && PseudoTerminal.IsTerminal(descriptor)
            ? PseudoTerminal.Open(descriptor, out reading, out writing)
            : Libc.Pipe(out reading, out writing);

    /// <summary>
    /// Where another engine took over while this one was paused, the run's folder has another name: the child finds that out itself,
    /// after all that this process does, and is never a program.
    /// </summary>
    private ChildProcess? Spawn(string program, RunRequest request, out int errno)
    {
        var console = share.Options.Console;
        errno = Open(console?.Output, out var output, out var outputEnd);
        if (errno != 0)
        {
            return null;
        }

        errno = Open(console?.Error, out var error, out var errorEnd);
        if (errno != 0)
        {
            _ = Libc.Close(output);
            _ = Libc.Close(outputEnd);
            return null;
        }

        _paths.Clear();
        _paths.Add(program);
        _paths.Add(request.OutputRoot);
        _paths.Add(request.WorkingDirectory);
        var begun = Stopwatch.GetTimestamp();
        errno = _spawner.Start(_paths[0], _arguments.Vector(), _environment.Vector(), _paths[1], _paths[2],
            console is null ? (int)share.NullDevice.DangerousGetHandle() : 0, outputEnd, errorEnd, out var pid);
        _ = Libc.Close(outputEnd);
        _ = Libc.Close(errorEnd);
        if (errno == 0)
        {
            var handle = Libc.OpenProcess(pid);
            if (handle >= 0)
            {
                return new ChildProcess(pid, handle, output, error, begun, ownsGroup: console is null);
            }

            // Out of descriptors: what cannot be watched must not run.
            errno = Libc.Errno;
            _ = Libc.SendSignal(console is null ? -pid : pid, Libc.Kill);
            Libc.Reap(pid, out _);
        }

        _ = Libc.Close(output);
        _ = Libc.Close(error);
        return null;
    }
}
