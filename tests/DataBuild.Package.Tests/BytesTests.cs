using System.Diagnostics;

namespace DataBuild.Package.Tests;

/// <summary>A job's program holds the jobs library, and its bytes say whether data is current: they follow the source and nothing else.</summary>
[Collection(nameof(PackagesCollection))]
public sealed class BytesTests(Feed feed)
{
    [Fact]
    public void The_jobs_library_built_in_another_folder_without_a_repository_has_the_same_bytes()
    {
        string elsewhere = Directory.CreateTempSubdirectory("databuild elsewhere ").FullName;
        try
        {
            string[] house = ["Directory.Build.props", "Directory.Packages.props", "eng/House.props", "eng/Package.props", "eng/icon.png"];
            string[] library = [.. Directory.EnumerateFiles(Path.Combine(Feed.Repository, "src/DataBuild.Jobs")).Select(file => Path.GetRelativePath(Feed.Repository, file))];
            foreach (string file in (string[])[.. house, .. library])
            {
                string to = Path.Combine(elsewhere, file);
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(Path.Combine(Feed.Repository, file), to);
            }

            Build(Path.Combine(elsewhere, "src/DataBuild.Jobs/DataBuild.Jobs.csproj"));

            using var package = feed.Open("DataBuild.Jobs");
            using var packed = package.GetEntry("lib/net10.0/DataBuild.Jobs.dll")!.Open();
            var bytes = new MemoryStream();
            packed.CopyTo(bytes);
            Assert.Equal(bytes.ToArray(), File.ReadAllBytes(Path.Combine(elsewhere, "src/DataBuild.Jobs/bin/Release/net10.0/DataBuild.Jobs.dll")));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    private static void Build(string project)
    {
        var start = new ProcessStartInfo("dotnet", ["build", project, "-c", "Release", "-nologo", "-v:q", "-tl:off", "-nr:false"]) { RedirectStandardOutput = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "CI").ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}
