using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli.Tests;

/// <summary>--environment: each environment of a project has its log, and the tool finds the one that is meant.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public void Each_environment_has_its_own_log_and_request()
    {
        using var project = Project.Small();
        project.Build();
        project.Ask("status", "--environment", "prod").Failed(2, "DBLD6001", ".databuild.prod/log.db");

        Directory.Move(Path.Combine(project.Folder, ".databuild"), Path.Combine(project.Folder, ".databuild.prod"));
        Live(project.Ask("status", "--environment", "prod"));
        Live(project.Ask("--environment", "prod", "status", "--project", "p.dbproj"));
        project.Ask("status").Failed(2, "DBLD6001", ".databuild/log.db");

        // Where the last build of that environment was told to keep it.
        Directory.Move(Path.Combine(project.Folder, ".databuild.prod"), Path.Combine(project.Folder, "elsewhere"));
        string request = Path.Combine(project.Folder, "obj", "databuild.prod", "request.binpb");
        Directory.CreateDirectory(Path.GetDirectoryName(request)!);
        File.WriteAllBytes(request, new EngineRequest
        {
            ProjectFile = Path.Combine(project.Folder, "p.dbproj"), StateDirectory = Path.Combine(project.Folder, "elsewhere"), Environment = "prod",
        }.ToByteArray());
        Live(project.Ask("status", "--environment", "prod"));
    }

    [Fact]
    public void The_variable_that_names_it_for_a_build_names_it_here()
    {
        using var project = Project.Small();
        project.Build();
        Directory.Move(Path.Combine(project.Folder, ".databuild"), Path.Combine(project.Folder, ".databuild.prod"));
        Answer Ask(params string[] arguments) => Tool.Run(project.Folder, Tool.Program, environment => environment["DataBuildEnvironment"] = "prod", "", arguments);

        Live(Ask("status"));
        Ask("status", "--environment", "").Failed(2, "DBLD6001", ".databuild/log.db");
    }

    [Fact]
    public void Named_behind_dotnet_run_it_is_not_the_log_of_that_builds_environment()
    {
        using var project = Project.Small();
        project.Build();
        string state = Path.Combine(project.Folder, ".databuild");
        string[] run = ["--project", Path.Combine(project.Folder, "p.dbproj"), "--environment", "", "--state-directory", state];

        Live(project.Ask([.. run, "status"]));
        project.Ask([.. run, "status", "--environment", "prod"]).Failed(2, "DBLD6001", ".databuild.prod/log.db");
        Live(project.Ask("status", "--environment", "prod", "--state-directory", state));
    }

    [Fact]
    public void A_build_passes_it_on_and_a_bad_name_is_refused()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        project.Make(dotnet, "build", "--environment", "prod").Succeeded();
        Assert.Contains("-property:DataBuildEnvironment=prod", File.ReadAllLines(dotnet + ".arguments"));
        project.Make(dotnet, "plan").Succeeded();
        Assert.DoesNotContain(File.ReadAllLines(dotnet + ".arguments"), argument => argument.Contains("DataBuildEnvironment", StringComparison.Ordinal));

        project.Ask("status", "--environment", "../prod").Failed(2, "DBLD1019", "'../prod'");
    }

    private static void Live(Answer answer) => Assert.Contains("report/{1..3}  Successful  3 of 3 live", answer.Succeeded().Out, StringComparison.Ordinal);
}
