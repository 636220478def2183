using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>Compiles the project when it may have changed: one compile at a time, and one more if it was asked for meanwhile.</summary>
internal sealed class ProjectReload(Func<CancellationToken, Task<EngineRequest?>>? compile, Action<EngineRequest> compiled, Action<Diagnostic> say, CancellationToken stop) : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private Task running = Task.CompletedTask;
    private bool again;
    private bool isRunning;

    public void Ask()
    {
        if (compile is null)
        {
            return;
        }

        lock (gate)
        {
            again = true;
            if (!isRunning && !ending.IsCancellationRequested)
            {
                isRunning = true;
                running = Task.Run(RunAsync, CancellationToken.None);
            }
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        running.GetAwaiter().GetResult();
        ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (Again())
        {
            try
            {
                if (await compile!(ending.Token).ConfigureAwait(false) is { } request)
                {
                    compiled(request);
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (DataBuildException e)
            {
                say(e.ToDiagnostic());
            }
        }
    }

    /// <summary>Under the gate, so that who asks while this ends starts it anew.</summary>
    private bool Again()
    {
        lock (gate)
        {
            isRunning = again && !ending.IsCancellationRequested;
            again = false;
            return isRunning;
        }
    }
}
