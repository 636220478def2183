using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace DataBuild.Bench;

/// <summary>The small C programs that jobs and measurements are made of: they cost as little as a process can.</summary>
internal sealed class Native
{
    /// <summary>No command of any scenario takes longer where all is well.</summary>
    private const int LongestSeconds = 300;

    private readonly string folder;

    public Native(string folder)
    {
        this.folder = Directory.CreateDirectory(folder).FullName;
        foreach (string name in (string[])["job", "measure", "noshell"])
        {
            string source = Path.Combine(AppContext.BaseDirectory, "native", $"{name}.c");
            var (code, _, error) = Execute("cc", ["-static", "-O2", "-o", Path.Combine(folder, name), source]);
            if (code != 0)
            {
                throw new BenchException($"cc could not compile {source} (a C compiler and its static library are needed: gcc and libc6-dev on Debian): {error}");
            }
        }

        CanReplaceShell = Execute(Measure, ["-s", NoShell, "sh", "-c", $"{Job}"]) is (0, var told, _) && told.StartsWith("0 ", StringComparison.Ordinal);
    }

    public static string Known(string key) =>
        Path.GetFullPath(typeof(Native).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!);

    public string Job => Path.Combine(folder, "job");

    /// <summary>This machine lets us put another program in the place of /bin/sh, for one command.</summary>
    public bool CanReplaceShell { get; }

    private string Measure => Path.Combine(folder, "measure");

    private string NoShell => Path.Combine(folder, "noshell");

    public Measured Run(Call call)
    {
        List<string> words = ["-d", call.Folder, "-t", LongestSeconds.ToString(CultureInfo.InvariantCulture)];
        words.AddRange(call.Input is { } input ? ["-i", input] : []);
        words.AddRange(call.Output is { } output ? ["-o", output] : []);
        words.AddRange(call.WithoutShell ? ["-s", NoShell] : []);
        words.AddRange(call.Command);
        var (code, told, error) = Execute(Measure, words);
        string[] numbers = told.Split(' ', StringSplitOptions.TrimEntries);
        if (code != 0 || numbers is not [var exit, var wall, var own, var children, var peak])
        {
            throw new BenchException($"{call.Command[0]} could not be measured: {error}{told}");
        }

        return exit == "0"
            ? new Measured(Number(wall), Number(own), Number(children), Number(peak) / 1024)
            : throw new BenchException($"`{string.Join(' ', call.Command)}` in {call.Folder} ended with {exit}: {error}");
    }

    /// <summary>Milliseconds that starting and collecting the job takes by itself, so many at once.</summary>
    public double Floor(int count, int atOnce, string target)
    {
        var (code, told, error) = Execute(
            Measure, ["--floor", count.ToString(CultureInfo.InvariantCulture), atOnce.ToString(CultureInfo.InvariantCulture), Job, target]);
        return code == 0 ? Number(told) * 1000 / count : throw new BenchException($"the spawn floor could not be measured: {error}");
    }

    /// <summary>The first line of what a program says of its version; null if it is not installed.</summary>
    public static string? Version(string program)
    {
        try
        {
            return Execute(program, ["--version"]) is (0, var told, _) ? told.Split('\n')[0].Trim() : null;
        }
        catch (BenchException)
        {
            return null;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static (int Code, string Out, string Error) Execute(string program, IEnumerable<string> words)
    {
        try
        {
            var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };

            // Left by `dotnet run`, whose MSBuild these belong to.
            foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            {
                start.Environment.Remove(name);
            }

            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            throw new BenchException($"{program} cannot be started: {e.Message}");
        }
    }
}
