using System.Diagnostics;
using System.Reflection;

namespace DataBuild.Bench.Tests;

/// <summary>The benchmark runner on tiny sizes: what it measures is of no account here, that it works is.</summary>
public sealed class RunnerTests : IDisposable
{
    private static readonly string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static readonly string runner = Path.GetFullPath(
        typeof(RunnerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Runner").Value!);

    private readonly string folder = Directory.CreateTempSubdirectory("databuild-bench-tests-").FullName;

    private string Results => Path.Combine(folder, "results");

    private string Page => Path.Combine(folder, "page.md");

    [CompilerFact]
    public void Scenarios_are_run_checked_kept_and_rendered()
    {
        Measure(_ => { }, "wide", "found", "again", "noop", "log");
        Assert.Equal(["again.json", "found.json", "log.json", "noop.json", "wide.json"], Directory.GetFiles(Results).Select(Path.GetFileName).Order());
        string page = Report();
        Assert.Contains("**Not the full sizes: measured at 0.001 of them.", page, StringComparison.Ordinal);
        Assert.Matches(@"\| DataBuild \| 10 \| \d", page);
        Assert.Matches(@"\| DataBuild, BatchSize=1000 \| 100 \| \d", page);
        Assert.Matches(@"\*One change\*", page);
        Assert.Matches(@"\| durable append in groups of 1,000 \| 50,000 events/s \| [\d.,]+ events/s \|", page);
        Assert.Matches(@"\| chain of 1,000: wall \| 1.5 x ninja \| not measured \|", page);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(folder, "databuild-bench-*"));
    }

    [CompilerFact]
    public void A_peer_that_is_not_there_costs_its_own_row_only()
    {
        string programs = Directory.CreateDirectory(Path.Combine(folder, "programs")).FullName;
        foreach (string program in (string[])["cc", "as", "ld"])
        {
            File.CreateSymbolicLink(Path.Combine(programs, program), CompilerFactAttribute.Find(program)!);
        }

        Measure(environment => environment["PATH"] = programs, "chain");
        string page = Report();
        Assert.Contains("| ninja | not installed |", page, StringComparison.Ordinal);
        Assert.Contains("| Snakemake | not installed |", page, StringComparison.Ordinal);
        Assert.Contains("| make | not installed |", page, StringComparison.Ordinal);
        Assert.Matches(@"\| DataBuild \| 2 \| \d", page);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Equal(2, Run(_ => { }, "walk").Code);
        Assert.Equal(2, Run(_ => { }, "run", "--scale", "none").Code);
        var (code, error) = Run(_ => { }, "run", "width");
        Assert.Equal(1, code);
        Assert.Contains("there is no scenario width; there are wide, chain", error, StringComparison.Ordinal);
        Assert.Contains("there are no results in", Run(_ => { }, "report", "--results", Results).Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Measure(Action<IDictionary<string, string?>> environment, params string[] scenarios)
    {
        var (code, error) = Run(environment, ["run", .. scenarios, "--scale", "0.001", "--rounds", "1", "--results", Results, "--work", folder]);
        Assert.True(code == 0, error);
    }

    private string Report()
    {
        var (code, error) = Run(_ => { }, "report", "--results", Results, "--page", Page, "--work", folder);
        Assert.True(code == 0, error);
        return File.ReadAllText(Page);
    }

    private static (int Code, string Error) Run(Action<IDictionary<string, string?>> environment, params string[] words)
    {
        var start = new ProcessStartInfo(host, ["exec", runner, .. words]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_HOST_PATH"] = host == "dotnet" ? CompilerFactAttribute.Find("dotnet") : host;
        environment(start.Environment);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error + output.Result);
    }
}
