namespace DataBuild.Sdk.Tests;

/// <summary>Nobody starts hours of work by pressing Build: only a project built by name runs its jobs.</summary>
public sealed class ModeTests
{
    [Fact]
    public void A_project_runs_when_built_by_name_and_only_plans_in_a_solution_or_as_a_reference()
    {
        using var sandbox = new Sandbox("front");
        sandbox.Write("lib/lib.dbproj", "<Project Sdk=\"DataBuild.Sdk\" />");
        sandbox.Write("front/front.dbproj", "<Project Sdk=\"DataBuild.Sdk\"><ItemGroup><ProjectReference Include=\"../lib/lib.dbproj\" /></ItemGroup></Project>");
        sandbox.Write("app/app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><ProjectReference Include="../lib/lib.dbproj" /></ItemGroup>
            </Project>
            """);

        sandbox.Dotnet("new", "sln", "--name", "all", "--format", "slnx").Succeeded();
        sandbox.Dotnet("sln", "all.slnx", "add", "lib/lib.dbproj", "front/front.dbproj", "app/app.csproj").Succeeded();
        sandbox.Dotnet("build", "all.slnx", "-tl:off").Succeeded();
        Assert.Equal(("Plan", "Plan"), Calls(sandbox));

        sandbox.Project = "front/front.dbproj";
        sandbox.MSBuild().Succeeded();
        Assert.Equal(("Plan, Build", "Plan"), Calls(sandbox));

        sandbox.MSBuild("-graph").Succeeded();
        Assert.Equal(("Plan, Build, Build", "Plan"), Calls(sandbox));

        sandbox.MSBuild("-graph", "-isolate", "-p:DataBuildMode=run").Succeeded();
        Assert.Equal(("Plan, Build, Build, Build", "Plan"), Calls(sandbox));

        sandbox.Project = "app/app.csproj";
        sandbox.MSBuild().Succeeded();
        Assert.Equal("Plan, Plan", Calls(sandbox).Lib);

        sandbox.Project = "lib/lib.dbproj";
        sandbox.MSBuild("-p:BuildingInsideVisualStudio=true").Succeeded();
        Assert.Equal("Plan, Plan, Plan", Calls(sandbox).Lib);
    }

    private static (string Front, string Lib) Calls(Sandbox sandbox) =>
        (Joined(sandbox, "front/engine.calls"), Joined(sandbox, "lib/engine.calls"));

    private static string Joined(Sandbox sandbox, string file) => string.Join(", ", File.ReadAllLines(sandbox.PathOf(file)));
}
