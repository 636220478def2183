using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Messages;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution;

/// <summary>
/// Stays with a process from its start to its end, and to the end of what it started: reads its output, ends it when its time is up or
/// when asked to, and lets nothing of it live on. However a job behaves, this comes to an end.
/// </summary>
internal sealed class RunWatch(ChildProcess child, LocalRun run, LocalExecutorOptions options, List<Diagnostic> diagnostics)
{
    private bool _exited;
    private List<FoundProcess> _known = [];

    public RunEnding Ending { get; private set; } = RunEnding.Exited;

    public TimeSpan Duration { get; private set; }

    /// <summary>As waitpid gives it; null if it was lost, or if the process could not be ended.</summary>
    public int? Status { get; private set; }

    private bool IsEnding => Ending != RunEnding.Exited;

    public void Follow(OutputCapture output, OutputCapture error, MessageFile file, MessageCollector messages, int wake)
    {
        var deadline = Deadline.After(run.Request.Timeout);
        var nextLook = Deadline.After(options.ProgressInterval);
        while (!_exited || !child.HasOutputEnded)
        {
            if (!IsEnding && run.CancelRequested)
            {
                if (_exited)
                {
                    break;
                }

                deadline = BeginEnding(RunEnding.Canceled);
            }

            if (deadline.IsPast || (IsEnding && run.KillRequested))
            {
                if (_exited || IsEnding)
                {
                    break;
                }

                deadline = BeginEnding(RunEnding.TimedOut);
            }

            if (!_exited && nextLook.IsPast)
            {
                file.ReadOn(messages);
                nextLook = Deadline.After(options.ProgressInterval);
            }

            var justExited = Wait(output, error, wake, _exited ? deadline.Left : Sooner(deadline.Left, nextLook.Left));
            if (justExited && !IsEnding)
            {
                deadline = Deadline.After(options.Linger);
            }
        }

        if (IsEnding)
        {
            EndAll();
        }
        else
        {
            EndRest(deadline);
        }

        Drain(output, error, wake);
    }

    private Deadline BeginEnding(RunEnding ending)
    {
        Ending = ending;

        // Looked at while it still has its tree: a child that hid in another session, with an empty environment, is an orphan after this.
        _known = Find();
        child.SignalGroup(Libc.Terminate);
        return Deadline.After(options.Grace);
    }

    // True if the process has exited meanwhile.
    private bool Wait(OutputCapture output, OutputCapture error, int wake, TimeSpan? longest)
    {
        Span<Libc.PollFd> descriptors =
        [
            new() { Descriptor = child.Output, Events = Libc.PollIn },
            new() { Descriptor = child.Error, Events = Libc.PollIn },
            new() { Descriptor = _exited ? -1 : child.Handle, Events = Libc.PollIn },
            new() { Descriptor = wake, Events = Libc.PollIn },
        ];
        Libc.Poll(descriptors, longest);
        if (descriptors[0].Returned != 0 && !output.ReadFrom(child.Output))
        {
            child.CloseOutput();
        }

        if (descriptors[1].Returned != 0 && !error.ReadFrom(child.Error))
        {
            child.CloseError();
        }

        if (descriptors[3].Returned != 0)
        {
            Span<byte> count = stackalloc byte[8];
            _ = Libc.Read(wake, count);
        }

        if (descriptors[2].Returned == 0)
        {
            return false;
        }

        MarkExited();
        return true;
    }

    private void MarkExited()
    {
        _exited = true;
        Duration = child.Age;
    }

    // The run is to end: nothing of it may be left, whatever session, parent or pipe it has by now.
    private void EndAll()
    {
        child.SignalGroup(Libc.Kill);
        var left = ProcessSweep.End(Find, options.KillWait, []);
        if (!_exited && ProcessSweep.AwaitExit([Self()], Deadline.After(left.Count == 0 ? options.KillWait : TimeSpan.Zero)))
        {
            MarkExited();
        }

        if (_exited)
        {
            Status = child.Collect();
        }
        else
        {
            // Not collected, since that would wait for it as long as it is stuck.
            Duration = child.Age;
        }

        ReportLeft(left);
    }

    // It has exited by itself. Usually nothing is left, and seeing that costs one system call.
    private void EndRest(Deadline deadline)
    {
        if (child.HasOutputEnded)
        {
            Status = child.Collect();
            if (!child.HasGroup)
            {
                return;
            }
        }

        var found = Find();
        if (found.Count == 0 || !ProcessSweep.AwaitExit(found, deadline))
        {
            var ended = new List<FoundProcess>();
            var left = ProcessSweep.End(Find, options.KillWait, ended);
            ReportLeft(left);
            if (ended.Count > 0)
            {
                var names = string.Join(", ", ended.Take(5)) + (ended.Count > 5 ? $" and {ended.Count - 5} more" : "");
                diagnostics.Add(Rules.ProcessesLeftBehind.At(
                    $"job '{run.Request.Job}' exited while it still had processes running, which were ended: {names}; {Rules.ProcessesLeftBehind.Cure}"));
            }
        }

        if (!child.IsCollected)
        {
            Status = child.Collect();
        }
    }

    // Whoever could write is gone, so the end of the pipes comes at once; unless somebody whom no mark gives away holds them.
    private void Drain(OutputCapture output, OutputCapture error, int wake)
    {
        for (var deadline = Deadline.After(options.Linger); !child.HasOutputEnded && !deadline.IsPast;)
        {
            Wait(output, error, wake, deadline.Left);
        }

        if (!child.HasOutputEnded)
        {
            diagnostics.Add(Rules.ProcessesLeftBehind.At(
                $"job '{run.Request.Job}' left a process that still holds its output and cannot be told from others, since it changed both its session and its environment; {Rules.ProcessesLeftBehind.Cure}"));
        }
    }

    private void ReportLeft(List<FoundProcess> left)
    {
        if (left.Count > 0)
        {
            diagnostics.Add(Rules.ProcessesNotEnded.At(
                $"job '{run.Request.Job}' has processes that outlived SIGKILL for {options.KillWait.TotalSeconds:0.#} s: {string.Join(", ", left.Take(5))}; {Rules.ProcessesNotEnded.Cure}"));
        }
    }

    private List<FoundProcess> Find() => ProcessTable.OfRun(child.Pid, child.Start, run.Request.RunId, _known);

    private FoundProcess Self() => new(child.Pid, child.Start, "", run.Request.RunId);

    private static TimeSpan? Sooner(TimeSpan? one, TimeSpan? other) =>
        one is { } a && other is { } b ? (a < b ? a : b) : one ?? other;
}
