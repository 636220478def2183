using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>A request on its way through the executor. Guarded by the executor's lock, but for the flags that a slot polls.</summary>
internal sealed class LocalRun(RunRequest request)
{
    private volatile bool _cancelRequested;
    private volatile bool _killRequested;

    public RunRequest Request { get; } = request;

    /// <summary>What runs it; null while it is queued.</summary>
    public Slot? Slot { get; set; }

    public bool CancelRequested
    {
        get => _cancelRequested;
        set => _cancelRequested = value;
    }

    /// <summary>It was asked for again: whoever asks has no patience left.</summary>
    public bool KillRequested
    {
        get => _killRequested;
        set => _killRequested = value;
    }
}
