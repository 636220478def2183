using System.Diagnostics;

namespace DataBuild.Package.Tests;

/// <summary>
/// A stranger's machine: a folder with a space and letters beyond ASCII, a home, a package cache and a feed of its own. Nothing of
/// this user's or this repository's reaches it, and nothing of it stays.
/// </summary>
internal sealed class Desk : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(10);

    private readonly string top = Directory.CreateTempSubdirectory("databuild desk äö ").FullName;
    private readonly Action<string, TimeSpan> tell;

    /// <param name="feed">The folder with the packages; the only source there is.</param>
    /// <param name="tell">Told of each step and how long it took.</param>
    public Desk(string feed, Action<string, TimeSpan> tell)
    {
        this.tell = tell;
        Folder = Directory.CreateDirectory(Path.Combine(top, "my work")).FullName;
        File.WriteAllText(Path.Combine(Folder, "nuget.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{feed}" /></packageSources>
              <fallbackPackageFolders><clear /></fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Where commands are run, unless they say otherwise.</summary>
    public string Folder { get; private set; }

    /// <summary>What was restored, by the names of the packages.</summary>
    public IEnumerable<string> Restored => Directory.GetDirectories(Cache).Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    public string Tools => Path.Combine(top, "tools");

    private string Cache => Path.Combine(top, "packages");

    public void Enter(string folder) => Folder = Path.Combine(Folder, folder);

    public string PathOf(string file) => Path.Combine(Folder, file);

    public string Read(string file) => File.ReadAllText(PathOf(file));

    public bool Has(string file) => File.Exists(PathOf(file));

    public void Write(string file, string text) => File.WriteAllText(PathOf(file), text);

    /// <summary>Changes one place of a file; it must be there.</summary>
    public void Edit(string file, string from, string to)
    {
        string text = Read(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    public Outcome Dotnet(params string[] arguments) => Run("dotnet", "dotnet " + string.Join(' ', arguments), arguments);

    public Outcome Tool(params string[] arguments) => Run(Path.Combine(Tools, "databuild"), "databuild " + string.Join(' ', arguments), arguments);

    public void Dispose() => Directory.Delete(top, recursive: true);

    private Outcome Run(string program, string step, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(IsOfOuterBuild).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NUGET_PACKAGES"] = Cache;
        start.Environment["DOTNET_CLI_HOME"] = Path.Combine(top, "home");
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (string off in (string[])["DOTNET_GENERATE_ASPNET_CERTIFICATE", "DOTNET_ADD_GLOBAL_TOOLS_TO_PATH"])
        {
            start.Environment[off] = "false";
        }

        foreach (string on in (string[])["DOTNET_NOLOGO", "DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "DOTNET_CLI_TELEMETRY_OPTOUT"])
        {
            start.Environment[on] = "1";
        }

        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{step} did not end within {patience}");
        }

        tell(step.Replace(top, "..", StringComparison.Ordinal), Stopwatch.GetElapsedTime(began));
        return new Outcome(process.ExitCode, output.Result + error.Result);
    }

    /// <summary>Node reuse is left as a user has it: on, but for what the template says.</summary>
    private static bool IsOfOuterBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("NUGET_", StringComparison.Ordinal) && name != "NUGET_CERT_REVOCATION_MODE"
        || name.StartsWith("DATABUILD", StringComparison.OrdinalIgnoreCase) || name is "DOTNET_HOST_PATH" or "DOTNET_CLI_USE_MSBUILD_SERVER" or "CI" or "Configuration";
}
