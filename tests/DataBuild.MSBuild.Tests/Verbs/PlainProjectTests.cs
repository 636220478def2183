namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>A plain .NET project, such as one with tests of the data, that references a .dbproj.</summary>
public sealed class PlainProjectTests
{
    [Fact]
    public void A_test_project_that_references_the_data_plans_it_and_makes_it_when_asked()
    {
        using var sandbox = Pages.New();
        sandbox.Write("tests/Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup><ProjectReference Include="../pages.dbproj" /></ItemGroup>
            </Project>
            """);
        sandbox.Write("tests/Program.cs", """Console.Write(File.Exists(args[0]) ? File.ReadAllText(args[0]) : "no data");""");
        var page = sandbox.PathOf("data/page/1.txt");

        sandbox.Dotnet("run", "--project", "tests/Tests.csproj", "--", page).Succeeded().Says("no data");
        sandbox.Dotnet("build", "tests/Tests.csproj", "--no-restore").Succeeded().Says("pages -> plan: 4 will run");
        Assert.Empty(sandbox.Made());

        sandbox.Dotnet("build", "tests/Tests.csproj", "--no-restore", "-p:DataBuildMode=run").Succeeded().Says("pages -> 4 built");
        Assert.Equal(Pages.All, sandbox.Made());
        sandbox.Dotnet("run", "--project", "tests/Tests.csproj", "--no-build", "--", page).Succeeded().Says("page of one");

        // The project itself may say that its references make it.
        sandbox.WriteProject(Pages.Items + "<PropertyGroup><DataBuildMode>run</DataBuildMode></PropertyGroup>");
        sandbox.Write("words.txt", "eins\ntwo\n");
        sandbox.Dotnet("build", "tests/Tests.csproj").Succeeded().Says("pages -> 3 built");
        Assert.Equal("page of eins\n", sandbox.Read("data/page/1.txt"));
    }
}
