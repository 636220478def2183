namespace DataBuild.MSBuild.Tests.Ci;

/// <summary>What `dotnet build` tells GitHub Actions and Azure Pipelines.</summary>
public sealed class AnnotationTests
{
    [Fact]
    public void On_GitHub_a_failure_is_an_annotation_and_a_page_of_the_summary()
    {
        using var sandbox = Failing();
        sandbox.EnvironmentVariables["GITHUB_ACTIONS"] = "true";
        sandbox.EnvironmentVariables["GITHUB_WORKSPACE"] = Path.GetDirectoryName(sandbox.Root)!;
        sandbox.EnvironmentVariables["GITHUB_STEP_SUMMARY"] = sandbox.PathOf("summary.md");
        sandbox.Write("summary.md", "before\n");
        string folder = Path.GetFileName(sandbox.Root);

        var failed = sandbox.Dotnet("build").Failed();
        string annotation = Assert.Single(Commands(failed, "::error "));
        Assert.StartsWith($"::error file={folder}/flights.dbproj,line=7,col=5,title=DBLD4010::report/1 and 1 more blocked by day/2: ", annotation, StringComparison.Ordinal);
        Assert.Contains("\"100%25 wrong, see: here\"", annotation, StringComparison.Ordinal);
        Assert.Single(Commands(failed, "::warning "));
        string summary = sandbox.Read("summary.md");
        Assert.StartsWith("before\n### flights\n\n", summary, StringComparison.Ordinal);
        Assert.Contains("| job | built | failed | blocked | up to date | runs | time |\n", summary, StringComparison.Ordinal);
        Assert.Contains("| `report` |  |  | 2 |", summary, StringComparison.Ordinal);
        Assert.Contains("- **DBLD4010** report/1 and 1 more blocked by day/2: ", summary, StringComparison.Ordinal);
        Assert.Contains($"(`{folder}/flights.dbproj:7`)", summary, StringComparison.Ordinal);
        Assert.Contains($"`dotnet run --project {folder}/flights.dbproj -- why PARTITION`", summary, StringComparison.Ordinal);

        sandbox.Dotnet("build", "-p:DataBuildCiAnnotations=false").Failed().DoesNotSay("::error").DoesNotSay("::warning");
        Assert.Equal(summary, sandbox.Read("summary.md"));

        // A summary that cannot be written is a warning, and no more than that.
        sandbox.EnvironmentVariables["GITHUB_STEP_SUMMARY"] = sandbox.PathOf("nowhere/summary.md");
        sandbox.EnvironmentVariables["FAIL"] = "";
        sandbox.Dotnet("build").Succeeded().Says("warning DBLD2170: ").Says("flights -> ");
        sandbox.Dotnet("build", "-p:DataBuildCiAnnotations=perhaps").Failed().Says("error DBLD1909: ");
    }

    [Fact]
    public void On_GitHub_what_the_matcher_of_setup_dotnet_sees_is_not_said_again()
    {
        using var sandbox = CiSandbox.New(CiSandbox.Items + """<Import Project="more.props" />""");
        sandbox.Write("more.props", """
            <Project>
              <ItemGroup>
                <Partition Include="other/{n:int}" Job="nobody" />
              </ItemGroup>
            </Project>
            """);
        sandbox.EnvironmentVariables["GITHUB_ACTIONS"] = "true";
        sandbox.EnvironmentVariables["GITHUB_STEP_SUMMARY"] = sandbox.PathOf("summary.md");
        var imported = sandbox.Dotnet("build").Failed();
        string line = imported.Output.Split('\n').First(line => line.Contains("error DBLD", StringComparison.Ordinal));
        Assert.Matches(@"^(.*)\((\d+)(?:,\d+|,\d+,\d+)?\):\s+(error|warning)\s+([a-zA-Z]+(?<!MSB)\d+):\s*(.*?)\s+\[(.*?)\]$", line.TrimEnd());
        Assert.Contains("more.props(3,5)", line, StringComparison.Ordinal);
        Assert.Empty(Commands(imported, "::error "));

        // The same in the project itself is printed without the project in brackets.
        sandbox.WriteProject(CiSandbox.Items.Replace("Job=\"day\"", "Job=\"nobody\"", StringComparison.Ordinal));
        Assert.Single(Commands(sandbox.Dotnet("build").Failed(), "::error file="));
        Assert.Equal(2, sandbox.Read("summary.md").Split("### flights").Length - 1);
    }

    [Fact]
    public void On_Azure_it_is_logging_commands_and_a_file_that_is_uploaded()
    {
        using var sandbox = Failing();
        sandbox.EnvironmentVariables["TF_BUILD"] = "True";
        sandbox.EnvironmentVariables["BUILD_SOURCESDIRECTORY"] = sandbox.Root;
        sandbox.EnvironmentVariables["AGENT_TEMPDIRECTORY"] = sandbox.PathOf("agent temp");

        var failed = sandbox.Dotnet("build").Failed();
        string issue = Assert.Single(Commands(failed, "##vso[task.logissue type=error;"));
        Assert.StartsWith("##vso[task.logissue type=error;sourcepath=flights.dbproj;linenumber=7;columnnumber=5;code=DBLD4010;]report/1", issue, StringComparison.Ordinal);
        Assert.Contains("\"100%AZP25 wrong, see: here\"", issue, StringComparison.Ordinal);
        string upload = Assert.Single(Commands(failed, "##vso[task.uploadsummary]"));
        Assert.StartsWith("### flights\n", File.ReadAllText(upload["##vso[task.uploadsummary]".Length..]), StringComparison.Ordinal);

        // Its task for .NET brings this logger, and with it annotations of its own.
        sandbox.Write("Microsoft.TeamFoundation.DistributedTask.MSBuild.Logger.txt", "");
        var own = sandbox.Dotnet("build", $"-p:Any={sandbox.PathOf("Microsoft.TeamFoundation.DistributedTask.MSBuild.Logger.txt")}").Failed();
        Assert.Empty(Commands(own, "##vso[task.logissue"));
        Assert.Single(Commands(own, "##vso[task.uploadsummary]"));
    }

    private static Sandbox Failing()
    {
        var sandbox = CiSandbox.New(CiSandbox.Items.Replace("<Job Include=\"day\"", "<Job Include=\"day\" PassEnvironment=\"FAIL\"", StringComparison.Ordinal));
        sandbox.EnvironmentVariables["FAIL"] = "day/2";
        return sandbox;
    }

    /// <summary>Lines that the CI system takes for commands; it ignores what they are indented by.</summary>
    private static IEnumerable<string> Commands(Outcome outcome, string prefix) =>
        outcome.Output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith(prefix, StringComparison.Ordinal));
}
