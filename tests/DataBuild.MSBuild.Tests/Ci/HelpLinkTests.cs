using DataBuild.Engine.Diagnostics;

namespace DataBuild.MSBuild.Tests.Ci;

public sealed class HelpLinkTests
{
    [Fact]
    public void Errors_and_warnings_link_to_their_heading_on_the_page_of_diagnostics()
    {
        using var sandbox = CiSandbox.New(CiSandbox.Items.Replace("Job=\"day\"", "Job=\"day\" Colour=\"red\"", StringComparison.Ordinal));
        string file = sandbox.PathOf("links.txt");
        string page = Sandbox.Known("Repository") + "docs/diagnostics.md";
        sandbox.EnvironmentVariables["FAIL"] = "day/2";
        sandbox.Write("Directory.Build.targets", """<Project><ItemGroup><Job Update="day" PassEnvironment="FAIL" /></ItemGroup></Project>""");
        sandbox.Dotnet("build", $"-logger:{typeof(LinkLogger).FullName},{typeof(LinkLogger).Assembly.Location};{file}", $"-p:DataBuildHelpRoot=file://{page}").Failed();

        var lines = File.ReadAllLines(file).Select(line => line.Split('|')).Where(parts => parts[0].StartsWith("DBLD", StringComparison.Ordinal)).ToList();
        Assert.Contains("DBLD1906", lines.Select(parts => parts[0]));
        Assert.Contains("DBLD4010", lines.Select(parts => parts[0]));
        Assert.All(lines, parts => Assert.Equal([parts[0], $"file://{page}#{parts[0].ToLowerInvariant()}"], parts[1..]));

        // The anchor of a heading is the heading in small letters: every code has one.
        var anchors = File.ReadLines(page).Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..].ToLowerInvariant()).ToHashSet();
        Assert.All(Rules.All, rule => Assert.Contains(rule.Code.ToLowerInvariant(), anchors));
    }
}
