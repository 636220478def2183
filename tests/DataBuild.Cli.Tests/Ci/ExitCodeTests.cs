using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DataBuild.Cli.Tests.Asking;

namespace DataBuild.Cli.Tests.Ci;

/// <summary>Each exit code of the table in docs/cli.md, as it comes.</summary>
public sealed partial class ExitCodeTests
{
    [Fact]
    public void Every_code_of_the_table_is_what_it_says()
    {
        using var project = Project.Small();
        using var failing = Project.Small(fail: "raw/2");
        string dotnet = project.StubDotnet();
        var seen = new Dictionary<int, Func<int>>
        {
            [0] = () => project.Make(dotnet, "build").ExitCode,
            [1] = () => failing.Make(failing.StubDotnet(), "build").ExitCode,
            [2] = () => project.Ask("buidl").ExitCode,
            [3] = () => Tool.Run(project.Folder, Tool.Program, _ => { }, "no request", "engine").ExitCode,
            [4] = () => failing.Make(failing.StubDotnet(), "plan", "--exit-code").ExitCode,
            [70] = () => project.Make(project.Stub("echo '{ no JSON'"), "build").ExitCode,
            [130] = () => Interrupted(project),
        };
        Assert.Equal(Documented(), seen.Keys.Order());
        foreach (var (code, run) in seen.OrderBy(pair => pair.Key))
        {
            Assert.Equal(code, run());
        }
    }

    [Fact]
    public void A_build_that_expects_everything_up_to_date_fails_and_a_plan_says_so_only_if_asked()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        var expected = project.Make(dotnet, "build", "--expect-up-to-date");
        Assert.Equal(1, expected.ExitCode);
        Assert.Contains("error DBLD4016: everything was expected to be up to date, and 7 partitions would run (raw 4, report 3): ", expected.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(project.Folder, ".databuild")));
        Assert.Equal(0, project.Make(dotnet, "plan").ExitCode);
        Assert.Equal(4, project.Make(dotnet, "plan", "--exit-code", "--json").ExitCode);
        project.Build();
        project.Make(dotnet, "build", "--expect-up-to-date").Succeeded();
        project.Make(dotnet, "plan", "--exit-code").Succeeded();
    }

    private static int Interrupted(Project project)
    {
        using var tool = new RunningTool(project.Folder, "log", "--follow", "--since", "1");
        Assert.NotNull(tool.Line());
        return tool.Stop();
    }

    private static IEnumerable<int> Documented([CallerFilePath] string here = "") => Row()
        .Matches(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/cli.md")).Split("## Exit codes")[1])
        .Select(row => int.Parse(row.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
