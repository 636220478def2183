using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>A request on its way through the executor. Guarded by the executor's lock, but for the flag that a slot polls.</summary>
internal sealed class LocalRun(RunRequest request)
{
    private volatile bool _cancelRequested;

    public RunRequest Request { get; } = request;

    /// <summary>What runs it; null while it is queued.</summary>
    public Slot? Slot { get; set; }

    public bool CancelRequested
    {
        get => _cancelRequested;
        set => _cancelRequested = value;
    }
}
