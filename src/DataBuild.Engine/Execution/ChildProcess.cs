using System.Diagnostics;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Execution.Processes;

namespace DataBuild.Engine.Execution;

/// <summary>
/// A started process and our ends of its pipes. It is collected last: until then its number stands for its session and group and for
/// nothing else, so that signals cannot reach a stranger.
/// </summary>
internal sealed class ChildProcess(int pid, int handle, int output, int error, long begun, bool ownsGroup = true) : IDisposable
{
    public int Pid { get; } = pid;

    /// <summary>Start in clock ticks since boot.</summary>
    public ulong Start { get; } = ProcessStat.ReadStart(pid);

    /// <summary>Readable when the process has exited.</summary>
    public int Handle { get; } = handle;

    /// <summary>Since just before it was started, on the monotonic clock.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(begun);

    /// <summary>Our end of its stdout, -1 once that has ended.</summary>
    public int Output { get; private set; } = output;

    /// <summary>Our end of its stderr, -1 once that has ended.</summary>
    public int Error { get; private set; } = error;

    public bool HasOutputEnded => Output < 0 && Error < 0;

    /// <summary>Its whole group, or itself alone where it shares ours; stopped processes are woken, or they would never see the signal.</summary>
    public void SignalGroup(int signal)
    {
        var target = ownsGroup ? -Pid : Pid;
        _ = Libc.SendSignal(target, signal);
        if (signal != Libc.Kill)
        {
            _ = Libc.SendSignal(target, Libc.Continue);
        }
    }

    /// <summary>Some process of its group is left. Only once it is collected, since it counts itself. One that shares ours has left nothing by that.</summary>
    public bool HasGroup => ownsGroup && Libc.SendSignal(-Pid, 0) == 0;

    public void CloseOutput()
    {
        if (Output >= 0)
        {
            _ = Libc.Close(Output);
            Output = -1;
        }
    }

    public void CloseError()
    {
        if (Error >= 0)
        {
            _ = Libc.Close(Error);
            Error = -1;
        }
    }

    /// <summary>After it has exited: its status as waitpid gives it, or null if somebody else has taken that.</summary>
    public int? Collect()
    {
        IsCollected = true;
        return Libc.Reap(Pid, out var status) ? status : null;
    }

    public bool IsCollected { get; private set; }

    public void Dispose()
    {
        CloseOutput();
        CloseError();
        _ = Libc.Close(Handle);
    }
}
