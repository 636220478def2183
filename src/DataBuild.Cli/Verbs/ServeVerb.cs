using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs;

/// <summary>`serve`: makes what the project wants for as long as it runs, and takes in what changes of project, jobs and files.</summary>
internal sealed class ServeVerb(ChosenEnvironment environment)
{
    public async Task<int> RunAsync(string projectFile, string[] properties, TimeSpan sweep, ApiOptions? reachable = null)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        using var display = new Output.ServiceDisplay(projectFile, TimeProvider.System);
        try
        {
            if (await CompileAsync(stop.Token).ConfigureAwait(false) is not { } request)
            {
                return ExitCodes.Invalid;
            }

            var options = new ServeOptions { SweepInterval = sweep, Compile = CompileAsync };
            var outcome = reachable is null
                ? await new ServeSession(request, options, display.On, TimeProvider.System).RunAsync(stop.Token, signals.Hurry).ConfigureAwait(false)
                : await ReachablyAsync(request, options, reachable).ConfigureAwait(false);

            // Ended as it was asked to: that is what a supervisor of services takes for well.
            return outcome == BuildOutcome.Canceled ? ExitCodes.Success : ExitCodes.Of(outcome);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }

        async Task<BuildOutcome> ReachablyAsync(EngineRequest request, ServeOptions options, ApiOptions reachable)
        {
            using var door = new ServiceDoor();
            var api = await ServiceProgram.Api!(reachable, Workspace.Of(request), door, display.Say).ConfigureAwait(false);
            await using (api.ConfigureAwait(false))
            {
                using var draining = stop.Token.Register(api.Drain);
                return await new ServeSession(request, options with { Door = door }, display.On, TimeProvider.System).RunAsync(stop.Token, signals.Hurry).ConfigureAwait(false);
            }
        }

        async Task<EngineRequest?> CompileAsync(CancellationToken until)
        {
            if (await DotnetBuild.CompileAsync(projectFile, [.. environment.Properties, .. properties], until).ConfigureAwait(false) is not { } requestFile)
            {
                return null;
            }

            var request = Requests.Read(requestFile, projectFile);
            request.Mode = EngineMode.Build;
            request.StartDirectory = Directory.GetCurrentDirectory();
            return request;
        }
    }
}
