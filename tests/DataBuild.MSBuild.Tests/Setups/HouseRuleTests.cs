namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>What a repository says for all its projects, with C# in mind, does a .dbproj no harm; what is said for it holds.</summary>
public sealed class HouseRuleTests
{
    [Fact]
    public void Rules_for_CSharp_projects_central_packages_and_one_folder_of_artifacts_hold_beside_a_dbproj()
    {
        using var sandbox = new Sandbox(engine: Sandbox.Known("Engine"));
        Flights.In(sandbox, "flights");
        sandbox.WriteJobs("jobs", "<NoWarn>CS1591</NoWarn>");
        sandbox.Edit("flights/flights.dbproj", "<Want", "<Job Include=\"cs\" Project=\"../jobs/Jobs.csproj\" /><Partition Include=\"cs/{n:int}\" Job=\"cs\" /><Want Include=\"cs/1\" /><Want");
        Say(sandbox, """
            <PropertyGroup>
              <TargetFramework>net10.0</TargetFramework>
              <Nullable>enable</Nullable>
              <ImplicitUsings>enable</ImplicitUsings>
              <LangVersion>latest</LangVersion>
              <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              <WarningsNotAsErrors>DBLD4017</WarningsNotAsErrors>
              <AnalysisLevel>latest-all</AnalysisLevel>
              <EnforceCodeStyleInBuild>true</EnforceCodeStyleInBuild>
              <GenerateDocumentationFile>true</GenerateDocumentationFile>
              <DebugType>portable</DebugType>
              <IsPackable>true</IsPackable>
              <UseArtifactsOutput>true</UseArtifactsOutput>
              <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
              <RestorePackagesWithLockFile>true</RestorePackagesWithLockFile>
            </PropertyGroup>
            """);
        sandbox.Write("Directory.Packages.props", "<Project><ItemGroup><PackageVersion Include=\"Nobody.Asks.For.It\" Version=\"1.0.0\" /></ItemGroup></Project>");

        sandbox.Dotnet("build", "flights").Succeeded().Says("flights -> 4 built").DoesNotSay("warning NU");
        Assert.True(sandbox.Has("artifacts/obj/flights/databuild/result.json") && sandbox.Has("artifacts/obj/flights/flights.dbproj.databuild.g.targets"));
        Assert.False(Directory.Exists(sandbox.PathOf("flights/obj")) || Directory.Exists(sandbox.PathOf("flights/bin")) || Directory.Exists(sandbox.PathOf("jobs/bin")) || Directory.Exists(sandbox.PathOf("jobs/obj")));
        sandbox.Dotnet("build", "flights", "--no-restore", "-t:cs").Succeeded().Says("flights -> nothing to do: 1 wanted live");
        sandbox.Dotnet("run", "--project", "flights", "--no-restore", "--", "status").Succeeded().Says("3 of 3 live");
        sandbox.Dotnet("clean", "flights").Succeeded();
        Assert.True(sandbox.Has("flights/data/cs/1") && !Directory.Exists(sandbox.PathOf("artifacts/obj/flights/databuild")));
    }

    [Theory]
    [InlineData("<TargetFramework>net8.0</TargetFramework><BaseIntermediateOutputPath>$(MSBuildThisFileDirectory)out/$(MSBuildProjectName)/</BaseIntermediateOutputPath>", "out/flights/databuild/result.json")]
    [InlineData("<TargetFrameworks>net8.0;net10.0</TargetFrameworks>", "flights/obj/databuild/result.json")]
    public void Frameworks_and_folders_that_a_repository_sets_for_all_reach_a_dbproj_and_it_is_built_once(string properties, string result)
    {
        using var sandbox = new Sandbox(engine: Sandbox.Known("Engine"));
        Flights.In(sandbox, "flights");
        Say(sandbox, $"<PropertyGroup>{properties}</PropertyGroup>");
        sandbox.Dotnet("build", "flights").Succeeded().Says("flights -> 3 built");
        Assert.Equal(1, sandbox.Runs("flights"));
        Assert.True(sandbox.Has(result));
        sandbox.Dotnet("build", "flights", "-t:hello").Succeeded().Says("flights -> nothing to do");
    }

    [Fact]
    public void Items_come_from_imported_files_under_conditions_and_are_updated_removed_and_given_defaults()
    {
        using var sandbox = Flights.New();
        sandbox.Write("flights.dbproj", Flights.Project("""
              <ItemDefinitionGroup>
                <Job><BatchSize>10</BatchSize><Sources>common.txt</Sources></Job>
              </ItemDefinitionGroup>
              <Import Project="shared/items.props" />
              <ItemGroup>
                <Job Update="hello" Environment="WHO=updated" />
                <Want Remove="hello/2001-02-01" />
                <Want Include="hello/{2001-01-01..2001-01-03}" Condition="'$(Small)' == 'true'" />
                <Want Include="hello/{2001-01-01..2001-01-09}" Condition="'$(Small)' != 'true'" />
              </ItemGroup>
            """));
        sandbox.Write("shared/items.props", """
            <Project>
              <ItemGroup>
                <Job Include="hello" Command="sh hello.sh" />
                <Partition Include="hello/{date}" Job="hello" />
                <Want Include="hello/2001-02-01" />
              </ItemGroup>
            </Project>
            """);
        sandbox.Write("common.txt", "1");
        sandbox.Edit("hello.sh", "echo \"$ref\"", "echo \"$ref $WHO\"");
        sandbox.Write("Directory.Build.targets", "<Project><ItemGroup><Want Include=\"hello/2001-03-01\" /></ItemGroup></Project>");

        sandbox.Dotnet("build", "-p:Small=true").Succeeded().Says("flights -> 4 built");
        Assert.Equal(1, sandbox.Runs());
        Assert.Equal("hello/2001-03-01 updated\n", sandbox.Read("data/hello/2001-03-01"));
        Assert.False(sandbox.Has("data/hello/2001-02-01"));
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("flights -> 6 built");

        // The default of the user's own belongs to the job as if it were written there.
        sandbox.Write("common.txt", "2");
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("flights -> 10 built");
    }

    private static void Say(Sandbox sandbox, string rules) =>
        sandbox.Write("Directory.Build.props", sandbox.Read("Directory.Build.props").Replace("</Project>", rules + "</Project>", StringComparison.Ordinal));
}
