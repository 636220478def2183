using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace DataBuild.Package.Tests;

/// <summary>The four packages under a version that never was before, alone in a folder; made once for all tests.</summary>
public sealed class Feed : IDisposable
{
    private readonly IMessageSink sink;

    public Feed(IMessageSink sink)
    {
        this.sink = sink;
        Folder = Directory.CreateTempSubdirectory("databuild feed ").FullName;
        Version = $"0.1.0-test.{Guid.NewGuid():N}"[..24];
        long began = Stopwatch.GetTimestamp();
        Pack();
        PackTime = Stopwatch.GetElapsedTime(began);
        Say("pack", PackTime);
    }

    public static string Repository { get; } =
        typeof(Feed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Repository").Value!;

    public static string[] Ids { get; } = ["DataBuild.Jobs", "DataBuild.Sdk", "DataBuild.Templates", "databuild"];

    public string Folder { get; }

    public string Version { get; }

    public TimeSpan PackTime { get; }

    public string FileOf(string id) => Path.Combine(Folder, $"{id}.{Version}.nupkg");

    public ZipArchive Open(string id) => ZipFile.OpenRead(FileOf(id));

    /// <summary>A stopwatch line, seen while the tests run.</summary>
    public void Say(string step, TimeSpan time) => sink.OnMessage(new DiagnosticMessage($"{time.TotalSeconds,6:0.0} s  {step}"));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Pack()
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "msbuild", "eng/Packages.proj", "-nologo", "-v:m", "-tl:off", "-nr:false", "-p:NoBuild=true", $"-p:PackageVersion={Version}", $"-p:PackageOutputPath={Folder}/",
        ])
        { WorkingDirectory = Repository, RedirectStandardOutput = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
    }
}
