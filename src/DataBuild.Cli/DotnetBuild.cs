using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Cli;

/// <summary>
/// Compiles a project by `dotnet build`, the one way there is: references are built, items become the engine's request. MSBuild says
/// nothing but errors and warnings, on stderr; stdout is what the project's properties are asked for.
/// </summary>
internal static class DotnetBuild
{
    /// <summary>The request's file; null if MSBuild failed, which it has said why.</summary>
    public static async Task<string?> CompileAsync(string projectFile, IReadOnlyList<string> properties, CancellationToken stop) =>
        (await CompileAskingAsync(projectFile, properties, stop).ConfigureAwait(false))?.RequestFile;

    /// <summary>The same, with what the project says about annotations for CI; empty where it says nothing.</summary>
    public static async Task<(string RequestFile, string CiAnnotations)?> CompileAskingAsync(string projectFile, IReadOnlyList<string> properties, CancellationToken stop)
    {
        if (PublishedGraph.Is(projectFile))
        {
            return (PublishedGraph.Compiled(projectFile, properties), "");
        }

        var start = new ProcessStartInfo(Host())
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            WorkingDirectory = Directory.GetCurrentDirectory(),
        };
        foreach (string argument in (string[])["build", projectFile, "-target:_DataBuildCompileGraph", "-getProperty:_DataBuildRequestFile", $"-getProperty:{CiRun.Property}", "-nologo", "-v:q", "-tl:off"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (string property in properties)
        {
            start.ArgumentList.Add($"-property:{property}");
        }

        // Left by `dotnet run`, whose MSBuild these belong to.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Start(start);
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(stop).ConfigureAwait(false);
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
            return process.ExitCode == 0 ? Answer(output.Trim()) : null;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>MSBuild answers two questions in JSON, and one in plain text, which is what a `dotnet` of somebody's own may do.</summary>
    private static (string RequestFile, string CiAnnotations) Answer(string output)
    {
        if (!output.StartsWith('{'))
        {
            return (output, "");
        }

        using var json = JsonDocument.Parse(output);
        var properties = json.RootElement.GetProperty("Properties");
        return (properties.GetProperty("_DataBuildRequestFile").GetString() ?? "", properties.GetProperty(CiRun.Property).GetString() ?? "");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new DataBuildException(
                Rules.DotnetNotStarted, $"'{start.FileName}' cannot be started ({e.Message}); install the .NET SDK and have `dotnet` on PATH, or set DOTNET_HOST_PATH", inner: e);
        }
    }

    /// <summary>The one that runs us, where it does; it may be the only one there is.</summary>
    private static string Host()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named)
        {
            return named;
        }

        return Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
    }
}
