namespace DataBuild.Engine.Ports;

/// <summary>
/// An executor whose runs go on without the engine: disposing of it leaves them as they are, and the next engine takes them back.
/// </summary>
public interface IOutlivingExecutor : IJobExecutor
{
    /// <summary>
    /// Takes back a run that an engine before this one was to start and of which the log knows no end, and returns at once. It may have
    /// ended, be under way, be queued, or never have been started; in that last case it is started now. What it does is done once, whatever
    /// the engines before have got to.
    /// </summary>
    /// <param name="request">
    /// As it would be started now; the project may have changed since. Where the run was handed over before, what was handed over counts.
    /// </param>
    void Adopt(RunRequest request);
}
