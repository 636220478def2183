using System.Diagnostics;

namespace DataBuild.Repository.Tests;

/// <summary>A folder that looks like this repository's root, with some of its files and this checkout's SDK and tools; gone with the test.</summary>
internal sealed class Workplace : IDisposable
{
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(10);

    private readonly string root = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"databuild page {Guid.NewGuid():N}", "dépôt")).FullName;

    /// <param name="files">What to copy, by path from the root.</param>
    public Workplace(IEnumerable<string> files)
    {
        foreach (string file in files.Concat(["global.json", "Directory.Build.rsp"]))
        {
            Write(file, null);
        }

        string config = Checkout.Read("nuget.config");
        Assert.Contains("\"eng/sdks\"", config, StringComparison.Ordinal);
        Write("nuget.config", config.Replace("\"eng/sdks\"", $"\"{Checkout.Root}/eng/sdks\"", StringComparison.Ordinal));
    }

    /// <summary>Writes a file; without a text, a copy of the repository's own.</summary>
    public void Write(string file, string? text)
    {
        string to = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (text is null)
        {
            File.Copy(Path.Combine(Checkout.Root, file), to);
        }
        else
        {
            File.WriteAllText(to, text);
        }
    }

    /// <summary>What a command prints, on either stream, with paths from the root; whether it fails is for what it prints to say.</summary>
    public string Run(string command)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"exec 2>&1; {command}"]) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        // The tools were built with this test; they are not to be built while other tests use them.
        start.Environment["DataBuildBuildTools"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var shell = Process.Start(start)!;
        shell.StandardInput.Close();
        var output = shell.StandardOutput.ReadToEndAsync();
        if (!output.Wait(longest))
        {
            shell.Kill(entireProcessTree: true);
            Assert.Fail($"`{command}` has not ended after {longest.TotalMinutes} minutes");
        }

        shell.WaitForExit();
        return output.Result.Replace(root + "/", "", StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(root)!, recursive: true);
}
