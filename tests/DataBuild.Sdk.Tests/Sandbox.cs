using System.Diagnostics;
using System.Reflection;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Sdk.Tests;

/// <summary>A folder of a user's own, outside the repository, that resolves the SDK from it; its engine is the scripted one unless named.</summary>
internal sealed class Sandbox : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _top;

    public Sandbox(string name = "flights", string parent = "", string? engine = null)
    {
        _top = Path.Combine(Path.GetTempPath(), "databuild-sdk-tests", Guid.NewGuid().ToString("N")[..8]);
        Root = _top + parent;
        Directory.CreateDirectory(Root);
        Project = name + ".dbproj";
        Write("nuget.config", $"""
            <configuration>
              <fallbackPackageFolders><add key="databuild" value="{Known("Repository")}eng/sdks" /></fallbackPackageFolders>
            </configuration>
            """);
        Write("global.json", """{ "msbuild-sdks": { "DataBuild.Sdk": "0.0.0-dev" } }""");
        Write("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <DataBuildBuildTools>false</DataBuildBuildTools>
                <DataBuildTasksAssembly>{Known("TasksAssembly")}</DataBuildTasksAssembly>
                <DataBuildEnginePath>{engine ?? Known("FakeEngine")}</DataBuildEnginePath>
              </PropertyGroup>
            </Project>
            """);
    }

    public string Root { get; }

    /// <summary>File name of the project that commands without one are for.</summary>
    public string Project { get; set; }

    public static string Known(string key) =>
        typeof(Sandbox).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    public string PathOf(string file) => Path.Combine(Root, file);

    public bool Has(string file) => File.Exists(PathOf(file));

    public string Read(string file) => File.ReadAllText(PathOf(file));

    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }

    public void WriteProject(string items) => Write(Project, $"<Project Sdk=\"DataBuild.Sdk\">\n{items}\n</Project>\n");

    /// <summary>What the engine is to say: messages, and directives as text.</summary>
    public void Script(params object[] lines) =>
        Write("engine.script", string.Join("\n", lines.Select(line => line is EngineMessage message ? JsonFormatter.Default.Format(message) : (string)line)));

    /// <summary>What the engine was asked last.</summary>
    public EngineRequest Request => EngineRequest.Parser.ParseJson(Read("engine.request.json"));

    /// <summary>A line a call of the engine: mode and jobs.</summary>
    public string[] Calls => Has("engine.calls") ? File.ReadAllLines(PathOf("engine.calls")) : [];

    public BuildResult Result => BuildResult.Parser.ParseJson(Read("obj/databuild/result.json"));

    /// <summary>Evaluates and builds without restoring, which most of what is tested here does not need.</summary>
    public Outcome MSBuild(params string[] arguments) => Dotnet(["msbuild", Project, "-nologo", "-v:m", "-tl:off", .. arguments]);

    public Outcome Dotnet(params string[] arguments)
    {
        using var process = Start(arguments);
        return End(process);
    }

    public static string DotnetHost => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public Process Start(params string[] arguments) => StartProgram(DotnetHost, arguments);

    /// <summary>Commands for a shell, as a CI system starts them.</summary>
    public Process StartShell(string commands) => StartProgram("sh", ["-e", "-c", commands]);

    /// <summary>Another program in the place of dotnet, which it is to start.</summary>
    public Process StartProgram(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // The test runner is itself run by MSBuild, whose variables are meant for its own children.
        foreach (var name in start.Environment.Keys.Where(IsOfOuterBuild).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in EnvironmentVariables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public Dictionary<string, string> EnvironmentVariables { get; } = [];

    public static Outcome End(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"it did not end within {Patience}");
        }

        return new Outcome(process.ExitCode, output.Result + error.Result);
    }

    public void Dispose() => Directory.Delete(_top, recursive: true);

    private static bool IsOfOuterBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_HOST_PATH" or "VSTEST_CONNECTION_TIMEOUT" or "NUGET_FALLBACK_PACKAGES";
}
