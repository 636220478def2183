using DataBuild.Cli.Output;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs;

/// <summary>A project that MSBuild compiled: the engine's request as the caller wants it, and the CI system that is to be told.</summary>
internal sealed record CompiledProject(EngineRequest Request, CiRun? Ci)
{
    /// <summary>Null if MSBuild failed, which it has said why; annotations of what the SDK found are made of its result.</summary>
    public static async Task<CompiledProject?> OfAsync(Making making, CancellationToken stop)
    {
        var began = DateTime.UtcNow;
        if (await DotnetBuild.CompileAskingAsync(making.ProjectFile, [.. making.Environment.Properties, .. making.Properties], stop).ConfigureAwait(false) is not var (file, annotations))
        {
            NotCompiled(making, began);
            return null;
        }

        var request = Requests.Read(file, making.ProjectFile);
        request.Mode = making.Plan ? EngineMode.Plan : EngineMode.Build;
        request.ReportRuns = false;
        request.ExpectUpToDate |= making.ExpectUpToDate;
        request.StartDirectory = Directory.GetCurrentDirectory();
        request.Jobs.AddRange(making.Jobs);
        if (making.Wants.Length > 0)
        {
            request.Wants.Clear();
            request.Wants.AddRange(making.Wants);
        }

        return new CompiledProject(request, CiRun.Of(making.ProjectFile, annotations));
    }

    /// <summary>For those who read JSON there is a result even so: the one that the compile wrote, if it came to that.</summary>
    private static void NotCompiled(Making making, DateTime began)
    {
        string file = Path.Combine(Path.GetDirectoryName(Requests.DefaultFile(making.ProjectFile, making.Environment))!, "result.json");
        var result = File.Exists(file) && File.GetLastWriteTimeUtc(file) >= began
            ? BuildResult.Parser.ParseJson(File.ReadAllText(file))
            : new BuildResult { Outcome = BuildOutcome.Invalid, Summary = "not built: the project could not be compiled" };
        if (making.Json && !making.Plan)
        {
            Output.Json.Write(result);
        }

        // What the project says of annotations nobody knows: it was not compiled.
        var ci = CiRun.Of(making.ProjectFile, Environment.GetEnvironmentVariable(CiRun.Property) ?? making.Properties.LastOrDefault(IsOfCi)?.Split('=', 2)[1] ?? "");
        foreach (var diagnostic in result.Diagnostics)
        {
            if (DiagnosticText.Issue(diagnostic, making.ProjectFile) is { } issue)
            {
                ci?.MSBuilds.Add(issue);
            }
        }

        ci?.MSBuilds.End();
    }

    private static bool IsOfCi(string property) => property.StartsWith(CiRun.Property + "=", StringComparison.OrdinalIgnoreCase);
}
