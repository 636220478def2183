using System.Text;
using DataBuild.V1;

namespace DataBuild.Cli.Tests.Ci;

/// <summary>What the tool tells GitHub Actions and Azure Pipelines.</summary>
public sealed class CiTests
{
    [Fact]
    public void On_GitHub_annotations_are_on_stderr_stdout_stays_JSON_and_each_call_adds_to_the_summary()
    {
        using var project = Project.Small(fail: "raw/2");
        string summary = Path.Combine(project.Folder, "summary.md");
        var answer = GitHub(project, project.StubDotnet(), summary, "build", "--json");
        Assert.Equal((1, BuildOutcome.Failed), (answer.ExitCode, answer.As<BuildResult>().Outcome));
        string error = Assert.Single(Lines(answer, "::error "));
        Assert.StartsWith("::error file=p.dbproj,title=DBLD4010::report/1 and 1 more blocked by raw/2: ", error, StringComparison.Ordinal);
        string page = File.ReadAllText(summary);
        Assert.StartsWith("### p\n", page, StringComparison.Ordinal);
        Assert.Contains("| `raw` | 3 | 1 |", page, StringComparison.Ordinal);
        Assert.Contains("`databuild --project p.dbproj why PARTITION`", page, StringComparison.Ordinal);

        GitHub(project, project.StubDotnet(), summary, "plan").Succeeded();
        Assert.StartsWith(page + "### p\n\nplan: ", File.ReadAllText(summary), StringComparison.Ordinal);

        // The project says no: MSBuild tells.
        string off = project.Stub($$$"""echo '{"Properties":{"_DataBuildRequestFile":"{{{project.RequestFile}}}","DataBuildCiAnnotations":"false"}}'""");
        long length = new FileInfo(summary).Length;
        Assert.Empty(Lines(GitHub(project, off, summary, "build"), "::"));
        Assert.Equal(length, new FileInfo(summary).Length);
    }

    [Fact]
    public void Many_failures_are_ten_annotations_and_a_notice()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{1..14}");
        project.Graph.Jobs[0].BatchSize = "1";
        File.WriteAllText(Path.Combine(project.Folder, "write.sh"), "echo no good >&2; exit 3");
        var answer = GitHub(project, project.StubDotnet(), "", "build");
        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(10, Lines(answer, "::error ").Count);
        Assert.StartsWith("::notice title=DataBuild::4 more errors and ", Assert.Single(Lines(answer, "::notice ")), StringComparison.Ordinal);
        Assert.Equal(14, Lines(answer, "p.dbproj: error DBLD").Count);
    }

    [Fact]
    public void A_summary_never_makes_its_file_larger_than_GitHub_takes()
    {
        using var project = Project.Small();
        string summary = Path.Combine(project.Folder, "summary.md");
        File.WriteAllText(summary, new string('x', (1 << 20) - 200));
        GitHub(project, project.StubDotnet(), summary, "plan").Succeeded();
        byte[] bytes = File.ReadAllBytes(summary);
        Assert.InRange(bytes.Length, (1 << 20) - 199, 1 << 20);
        Assert.Contains("more lines are left out: a step's summary holds 1 MiB at most.*\n", Encoding.UTF8.GetString(bytes[^200..]), StringComparison.Ordinal);

        File.WriteAllText(summary, new string('x', 1 << 20));
        GitHub(project, project.StubDotnet(), summary, "plan").Succeeded();
        Assert.Equal(1 << 20, new FileInfo(summary).Length);

        var unwritten = GitHub(project, project.StubDotnet(), "/nowhere/summary.md", "plan").Succeeded();
        Assert.Contains("p.dbproj: warning DBLD2170: ", unwritten.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_Azure_the_plan_by_another_log_is_a_summary_too()
    {
        using var production = new Planning.Production();
        File.AppendAllText(Path.Combine(production.Change.Folder, "write.sh"), "# another one\n");
        string folder = Path.Combine(production.Change.Folder, "agent");
        var answer = Tool.Run(
            production.Change.Folder, Tool.Program,
            environment => (environment["DOTNET_HOST_PATH"], environment["TF_BUILD"], environment["AGENT_TEMPDIRECTORY"]) = (production.Change.StubDotnet(), "True", folder),
            "", "plan", "--log", production.Backup).Succeeded();
        string upload = Assert.Single(Lines(answer, "##vso[task.uploadsummary]"));
        Assert.Contains("what this change would rebuild", File.ReadAllText(upload["##vso[task.uploadsummary]".Length..]), StringComparison.Ordinal);
    }

    private static Answer GitHub(Project project, string dotnet, string summary, params string[] arguments) => Tool.Run(
        project.Folder, Tool.Program,
        environment => (environment["DOTNET_HOST_PATH"], environment["GITHUB_ACTIONS"], environment["GITHUB_WORKSPACE"], environment["GITHUB_STEP_SUMMARY"]) = (dotnet, "true", project.Folder, summary),
        "", arguments);

    private static List<string> Lines(Answer answer, string prefix) => [.. answer.Error.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal))];
}
