using DataBuild.V1;

namespace DataBuild.Cli.Tests;

/// <summary>`build` and `plan` on the request that a compile left; MSBuild itself is stood in for.</summary>
public sealed class MakeTests
{
    [Fact]
    public void A_build_says_what_it_did_and_a_second_one_that_there_is_nothing_to_do()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        var first = project.Make(dotnet, "build", "-p:A=1;B", "--property", "C=2").Succeeded();
        Assert.Contains("  p -> 7 built", first.Out, StringComparison.Ordinal);
        Assert.All(first.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("p.dbproj: warning DBLD4017: ", line, StringComparison.Ordinal));
        string[] arguments = File.ReadAllLines(dotnet + ".arguments");
        Assert.Contains("-property:A=1;B", arguments);
        Assert.Contains("-property:C=2", arguments);
        Assert.Contains(Path.Combine(project.Folder, "p.dbproj"), arguments);
        Assert.Contains("  p -> nothing to do: 3 wanted live", project.Make(dotnet, "build", "p.dbproj").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_the_result_alone_on_stdout_and_what_failed_is_on_stderr()
    {
        using var project = Project.Small(fail: "raw/2");
        var answer = project.Make(project.StubDotnet(), "build", "--json");
        Assert.Equal(1, answer.ExitCode);
        var result = answer.As<BuildResult>();
        Assert.Equal((BuildOutcome.Failed, 4L), (result.Outcome, result.Built));
        Assert.Contains("p.dbproj: error DBLD", answer.Error, StringComparison.Ordinal);
        Assert.Contains("raw/2", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_runs_nothing()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        var plan = project.Make(dotnet, "plan", "--json").Succeeded().As<PlanReport>();
        Assert.Equal(7, plan.WillRun);
        Assert.False(File.Exists(project.Log));
        Assert.Contains("7 will run", project.Make(dotnet, "plan").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Sets_and_jobs_narrow_a_build()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        Assert.Equal(2, project.Make(dotnet, "build", "--want", "raw/{8..9}", "--json").Succeeded().As<BuildResult>().Built);
        Assert.Equal(4, project.Make(dotnet, "build", "--job", "raw", "--json").Succeeded().As<BuildResult>().Built);

        // What was once asked for beside the project is of no concern to a build that doesn't ask for it.
        var rest = project.Make(dotnet, "build", "--json").Succeeded().As<BuildResult>();
        Assert.Equal((3L, "report/{1..3}"), (rest.Built, Assert.Single(rest.Wants).Partitions));
        var wrong = project.Make(dotnet, "build", "--job", "rwa");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("DBLD4021", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_that_cannot_be_compiled_ends_with_what_msbuild_said()
    {
        using var project = Project.Small();
        var answer = project.Make(project.Stub("echo 'p.dbproj(1,1): error MSB4025: bad' >&2; exit 1"), "build", "--json");
        Assert.Equal(2, answer.ExitCode);
        Assert.Equal(BuildOutcome.Invalid, answer.As<BuildResult>().Outcome);
        Assert.Contains("MSB4025", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_that_leaves_no_request_is_not_ours()
    {
        using var project = Project.Small();
        project.Make(project.Stub("echo"), "build").Failed(2, "DBLD2106", "p.dbproj", "DataBuild.Sdk");
    }

    [Fact]
    public void A_missing_dotnet_is_named()
    {
        using var project = Project.Small();
        project.Make("/nowhere/dotnet", "plan").Failed(2, "DBLD2105", "/nowhere/dotnet");
    }

    [Fact]
    public void A_folder_without_or_with_several_projects_is_refused()
    {
        using var project = Project.Small();
        File.WriteAllText(Path.Combine(project.Folder, "q.dbproj"), "");
        project.Ask("build").Failed(2, "DBLD2102", "p.dbproj, q.dbproj");
        project.Ask("status").Failed(2, "DBLD2102", "p.dbproj, q.dbproj");
        project.Ask("build", "--project", "data").Failed(2, "DBLD2102", "data");
        project.Ask("build", "/").Failed(2, "DBLD2102", "'/'");
    }
}
