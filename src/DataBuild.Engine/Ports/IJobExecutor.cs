namespace DataBuild.Engine.Ports;

/// <summary>Starts runs and reports what became of them. Knows nothing of refs' states, retries or the log.</summary>
public interface IJobExecutor : IAsyncDisposable
{
    /// <summary>Begins the run as soon as one of its slots is free, and returns at once. Everything that follows reaches the sink.</summary>
    void Start(RunRequest request);

    /// <summary>Ends the run and everything it started; the sink is told as for any other end. It gets some grace; asked again, none. Harmless if it has ended.</summary>
    void Cancel(string runId);
}
