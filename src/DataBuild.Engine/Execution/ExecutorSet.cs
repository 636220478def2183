using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>
/// Gives each run to the executor that it names. Executors other than the local one are made when a run first asks for them: a project
/// that uses none of them needs none of what they need. Its methods are called by one thread.
/// </summary>
/// <param name="sink">Is told of runs whose executor cannot be had.</param>
/// <param name="local">Runs processes of this machine. Disposed of with the set.</param>
/// <param name="make">Makes an executor by its name; fails with a coded error where that one cannot work.</param>
public sealed class ExecutorSet(IRunSink sink, IJobExecutor local, Func<string, IOutlivingExecutor> make) : IOutlivingExecutor
{
    private readonly Dictionary<string, IOutlivingExecutor> made = new(StringComparer.Ordinal);

    public void Start(RunRequest request)
    {
        if (!ExecutorNames.Outlives(request.Executor))
        {
            local.Start(request);
            return;
        }

        IOutlivingExecutor executor;
        try
        {
            executor = Of(request.Executor);
        }
        catch (DataBuildException e)
        {
            sink.Ended(new RunReturn { RunId = request.RunId, Ending = RunEnding.CannotStart, Diagnostics = [e.ToDiagnostic()] });
            return;
        }

        executor.Start(request);
    }

    /// <summary>Where its executor cannot be had now, the run may be under way all the same: nothing is known of it.</summary>
    public void Adopt(RunRequest request)
    {
        IOutlivingExecutor executor;
        try
        {
            executor = Of(request.Executor);
        }
        catch (DataBuildException e)
        {
            sink.Unknown(request.RunId, $"{e.Rule.Code}: {e.Message}");
            return;
        }

        executor.Adopt(request);
    }

    public void Cancel(string runId)
    {
        local.Cancel(runId);
        foreach (var executor in made.Values)
        {
            executor.Cancel(runId);
        }
    }

    /// <summary>Ends the runs of this machine; the others go on.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var executor in made.Values)
        {
            await executor.DisposeAsync().ConfigureAwait(false);
        }

        await local.DisposeAsync().ConfigureAwait(false);
    }

    private IOutlivingExecutor Of(string name)
    {
        if (!made.TryGetValue(name, out var executor))
        {
            made.Add(name, executor = make(name));
        }

        return executor;
    }
}
