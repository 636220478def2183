using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli.Verbs;

/// <summary>
/// `build` and `plan`. MSBuild compiles the project, as for `dotnet build`; then the engine runs in this process on the request that
/// left, so that progress can be shown while it runs, a signal reaches it directly, and its result is at hand as it is.
/// </summary>
internal sealed class MakeVerb(bool plan, bool json, ChosenEnvironment environment)
{
    public async Task<int> RunAsync(string projectFile, string[] wants, string[] jobs, string[] properties)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        using var display = EngineDisplay.Of(projectFile, json);
        try
        {
            var began = DateTime.UtcNow;
            if (await DotnetBuild.CompileAsync(projectFile, [.. environment.Properties, .. properties], stop.Token).ConfigureAwait(false) is not { } requestFile)
            {
                return NotCompiled(projectFile, began);
            }

            var request = Requests.Read(requestFile, projectFile);
            request.Mode = plan ? EngineMode.Plan : EngineMode.Build;
            request.ReportRuns = false;
            request.StartDirectory = Directory.GetCurrentDirectory();
            request.Jobs.AddRange(jobs);
            if (wants.Length > 0)
            {
                request.Wants.Clear();
                request.Wants.AddRange(wants);
            }

            display.Begin(request.Graph.Name);
            var result = await new BuildSession(request, display.On, TimeProvider.System).RunAsync(stop.Token, signals.Hurry).ConfigureAwait(false);
            display.End(result);
            if (json && (plan ? display.Plan : (IMessage)result) is { } message)
            {
                Json.Write(message);
            }

            return ExitCodes.Of(result.Outcome);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }
    }

    /// <summary>MSBuild has said what is wrong. For those who read JSON there is a result even so: the one that the compile wrote, if it came to that.</summary>
    private int NotCompiled(string projectFile, DateTime began)
    {
        if (json && !plan)
        {
            string file = Path.Combine(Path.GetDirectoryName(Requests.DefaultFile(projectFile, environment))!, "result.json");
            Json.Write(File.Exists(file) && File.GetLastWriteTimeUtc(file) >= began
                ? BuildResult.Parser.ParseJson(File.ReadAllText(file))
                : new BuildResult { Outcome = BuildOutcome.Invalid, Summary = "not built: the project could not be compiled" });
        }

        return ExitCodes.Invalid;
    }
}
