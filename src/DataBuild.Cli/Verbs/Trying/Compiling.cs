using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Trying;

/// <summary>From a project's file to what a build would ask the engine for.</summary>
internal static class Compiling
{
    /// <summary>Null if MSBuild failed, which it has said why.</summary>
    public static async Task<EngineRequest?> RequestAsync(string projectFile, string[] properties, CancellationToken stop)
    {
        if (await DotnetBuild.CompileAsync(projectFile, properties, stop).ConfigureAwait(false) is not { } file)
        {
            return null;
        }

        var request = Requests.Read(file, projectFile);
        request.StartDirectory = Directory.GetCurrentDirectory();
        return request;
    }
}
