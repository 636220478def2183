using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting;
using DataBuild.Tasks.Ci;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli.Verbs;

/// <summary>
/// `build` and `plan`. MSBuild compiles the project, as for `dotnet build`; then the engine runs in this process on the request that
/// left, so that progress can be shown while it runs, a signal reaches it directly, and its result is at hand as it is.
/// </summary>
internal sealed class MakeVerb(Making making)
{
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        using var display = EngineDisplay.Of(making.ProjectFile, making.Json);
        try
        {
            if (await CompiledProject.OfAsync(making, stop.Token).ConfigureAwait(false) is not var (request, ci))
            {
                return ExitCodes.Invalid;
            }

            display.Annotations = ci?.Annotations;
            display.Begin(request.Graph.Name);
            var result = await new BuildSession(request, display.On, TimeProvider.System).RunAsync(stop.Token, signals.Hurry).ConfigureAwait(false);
            display.End(result);
            Tell(request.Graph.Name, result, ci, display);
            if (making.Json && (making.Plan ? display.Plan : (IMessage)result) is { } message)
            {
                Json.Write(message);
            }

            return making.ExitCode && result.Outcome == BuildOutcome.Planned ? ExitCodes.WouldRun : ExitCodes.Of(result.Outcome);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }
    }

    private void Tell(string name, BuildResult result, CiRun? ci, EngineDisplay display)
    {
        if (ci is null && making.Markdown is null)
        {
            return;
        }

        string page = BuildPage.Of(
            name,
            result,
            diagnostic => DiagnosticText.Find(diagnostic, making.ProjectFile) is var place && ci is not null ? place with { File = ci.Shown(place.File) } : place,
            ci?.Ask ?? $"{Commands.Name} --project {Path.GetFileName(making.ProjectFile)}");
        MarkdownFile.Write(making.Markdown, page);
        ci?.Summarise(page, display.Say);
    }
}
