using System.Text;
using System.Text.Json;
using Xunit.Abstractions;

namespace DataBuild.Package.Tests;

/// <summary>The new user's way, from the packages alone: a stranger with a .NET SDK, an empty folder and a feed.</summary>
[Collection(nameof(PackagesCollection))]
public sealed class WalkTests(Feed feed, ITestOutputHelper output)
{
    private const string May = """
        # 2025-05

        5 market days

        | item | quantity | revenue |
        | --- | ---: | ---: |
        | apples | 58 | 139.20 |
        | bread | 35 | 122.50 |
        | cheese | 96 | 854.40 |
        | eggs | 69 | 220.80 |
        | honey | 100 | 675.00 |
        | **all** | 358 | 2011.90 |

        """;

    private readonly List<(string Step, TimeSpan Time)> steps = [];

    [Fact]
    public void From_an_empty_folder_to_a_pipeline_of_ones_own()
    {
        Tell("pack the four packages", feed.PackTime);
        using var desk = new Desk(feed.Folder, Tell);

        desk.Dotnet("new", "install", $"DataBuild.Templates@{feed.Version}").Succeeded().Says("databuild-job");
        desk.Dotnet("new", "databuild", "-n", "my-pipeline").Succeeded().Says("dotnet build");
        desk.Enter("my-pipeline");
        Assert.Equal(
            [".gitignore", "Directory.Build.rsp", "README.md", "global.json", "jobs/Daily.cs", "jobs/Jobs.csproj", "jobs/Program.cs", "jobs/Report.cs",
             "jobs/Sale.cs", "jobs/Total.cs", "my-pipeline.dbproj", "sales/2025-05.csv", "sales/2025-06.csv"],
            Files(desk.Folder));

        desk.Dotnet("build").Succeeded().Says("my-pipeline -> 11 built").Says("report  2 runs asked for 9 daily").DoesNotSay("warning ");
        Assert.Equal(May, desk.Read("data/report/2025-05.md"));
        desk.Dotnet("build").Succeeded().Says("my-pipeline -> nothing to do: 2 wanted live");

        // Nothing else was needed: neither a package of anybody's, nor this repository.
        Assert.Equal(["databuild.jobs", "databuild.sdk"], desk.Restored);

        desk.Dotnet("run", "--", "status").Succeeded().Says("report/{2025-05..2025-06}.md  Successful  2 of 2 live");
        desk.Dotnet("run", "--", "why", "report/2025-05.md").Succeeded().Says("made by job report").Says("daily/2025-05-31.csv");

        // The other month's sales change: nothing of May is touched, and of June what comes out equal goes no further.
        desk.Edit("sales/2025-06.csv", "2025-06-28,eggs,5,3.20", "2025-06-28,eggs,6,3.20");
        desk.Dotnet("build").Succeeded();
        Assert.Equal([("daily", 4), ("report", 1)], Built(desk));
        Assert.Contains("| eggs | 56 |", desk.Read("data/report/2025-06.md"), StringComparison.Ordinal);

        // The program changes, and both jobs are in it.
        desk.Edit("jobs/Report.cs", "market days", "days at the market");
        desk.Dotnet("build").Succeeded();
        Assert.Equal([("daily", 9), ("report", 2)], Built(desk));
        Assert.Equal(May.Replace("market days", "days at the market", StringComparison.Ordinal), desk.Read("data/report/2025-05.md"));

        desk.Dotnet("tool", "install", "databuild", "--version", feed.Version, "--tool-path", desk.Tools).Succeeded();
        desk.Tool("why", "report/2025-06.md").Succeeded().Says("because   its job changed (file:Jobs.dll)");

        AddJob(desk, desk.Dotnet("new", "databuild-job", "-n", "DayName").Succeeded().Output);
        desk.Tool("build").Succeeded().Says("my-pipeline -> ");
        Assert.Equal("2025-05-03 is a Saturday\n", desk.Read("data/day-name/2025-05-03"));

        desk.Write("my-pipeline.prod.props", "<Project><ItemGroup><Want Remove=\"@(Want)\" /><Want Include=\"daily/2025-05-03.csv\" /></ItemGroup></Project>");
        desk.Dotnet("build", "-p:DataBuildEnvironment=prod").Succeeded().Says("my-pipeline -> 1 built");
        Assert.Equal(desk.Read("data/daily/2025-05-03.csv"), desk.Read("data.prod/daily/2025-05-03.csv"));
        desk.Tool("status", "--environment", "prod").Succeeded().Says("daily/2025-05-03.csv  Successful").DoesNotSay("report/");

        desk.Dotnet("clean").Succeeded();
        Assert.True(desk.Has("data/report/2025-05.md") && desk.Has(".databuild/log.db") && !Directory.Exists(desk.PathOf("obj/databuild")));
        desk.Dotnet("new", "uninstall", "DataBuild.Templates").Succeeded();
        WriteTable();
    }

    [Theory]
    [InlineData("python", "jobs/report.py")]
    [InlineData("shell", "jobs/report.sh")]
    public void In_every_language_the_same_bytes_and_a_changed_script_remakes_its_own_and_no_more(string language, string script)
    {
        using var desk = new Desk(feed.Folder, Tell);
        desk.Dotnet("new", "install", $"DataBuild.Templates@{feed.Version}").Succeeded();
        desk.Dotnet("new", "databuild", "-n", "my-pipeline", "--job-language", language).Succeeded();
        desk.Enter("my-pipeline");
        Assert.Contains($"-n weekly --job-language {language}`", desk.Read("README.md"), StringComparison.Ordinal);

        desk.Dotnet("build").Succeeded().Says("my-pipeline -> 11 built").DoesNotSay("warning ");
        Assert.Equal(May, desk.Read("data/report/2025-05.md"));

        desk.Edit(script, "market days", "days at the market");
        AddJob(desk, desk.Dotnet("new", "databuild-job", "-n", "day-name", "-j", language).Succeeded().Output);
        desk.Dotnet("build").Succeeded();
        Assert.Equal([("day-name", 7), ("report", 2)], Built(desk));
        Assert.Equal(May.Replace("market days", "days at the market", StringComparison.Ordinal), desk.Read("data/report/2025-05.md"));
        Assert.Equal(["databuild.sdk"], desk.Restored);
    }

    /// <summary>Does what the template says, to the letter.</summary>
    private static void AddJob(Desk desk, string instructions)
    {
        var lines = instructions.Split('\n').Select(line => line.Trim()).ToList();
        if (lines.Find(line => line.StartsWith(".Add(", StringComparison.Ordinal)) is { } add)
        {
            desk.Edit("jobs/Program.cs", "jobs => jobs\n", $"jobs => jobs\n    {add}\n");
        }

        string items = string.Join("\n", lines.Where(line => line.StartsWith('<')));
        Assert.Equal(3, items.Split('\n').Length);
        desk.Edit("my-pipeline.dbproj", "  </ItemGroup>", items + "\n  </ItemGroup>");
    }

    /// <summary>Jobs of the last build that published anything, with how many partitions.</summary>
    private static IEnumerable<(string Job, int Built)> Built(Desk desk)
    {
        using var result = JsonDocument.Parse(desk.Read("obj/databuild/result.json"));
        return [.. result.RootElement.GetProperty("jobs").EnumerateArray()
            .Where(job => job.TryGetProperty("built", out _))
            .Select(job => (job.GetProperty("job").GetString()!, int.Parse(job.GetProperty("built").GetString()!, System.Globalization.CultureInfo.InvariantCulture)))
            .Order()];
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    private void Tell(string step, TimeSpan time)
    {
        steps.Add((step, time));
        feed.Say(step, time);
    }

    /// <summary>The walk as a table: in this test's output, and as walk.md beside the tests.</summary>
    private void WriteTable()
    {
        var table = new StringBuilder("| step | s |\n| --- | ---: |\n");
        foreach (var (step, time) in steps.Append(("all", TimeSpan.FromTicks(steps.Sum(step => step.Time.Ticks)))))
        {
            table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {step.Replace(feed.Version, "VERSION", StringComparison.Ordinal)} | {time.TotalSeconds:0.0} |\n");
        }

        output.WriteLine(table.ToString());
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "walk.md"), table.ToString());
    }
}
