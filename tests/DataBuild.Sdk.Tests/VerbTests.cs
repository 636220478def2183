using DataBuild.V1;

namespace DataBuild.Sdk.Tests;

/// <summary>A project with a .NET job, in a folder with spaces and letters beyond ASCII, under the verbs of the dotnet command.</summary>
public sealed class VerbTests
{
    [Fact]
    public void Build_publish_pack_run_and_test_do_what_a_user_expects()
    {
        using var sandbox = new Sandbox("flüge", "/mein ordner ü");
        sandbox.WriteProject("""
              <ItemGroup>
                <Job Include="ingest" Project="jobs\Jobs.csproj" Arguments="ingest" Sources="sql/**;$(Extra)" />
                <Job Include="daily"  Project="jobs/Jobs.csproj" Arguments="daily" />
                <Partition Include="daily/{date}" Job="daily" />
              </ItemGroup>
            """);
        sandbox.Write("sql/a/b.sql", "select 1");
        sandbox.Write("jobs/Program.cs", "return 0;");
        sandbox.Write("jobs/Jobs.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
            </Project>
            """);

        sandbox.Dotnet("build", "-tl:off").Succeeded().Says("flüge -> nothing to do");
        var debug = sandbox.Request.Graph;
        Assert.Equal("jobs/bin/databuild/net10.0/Jobs.dll", debug.Jobs[0].Program);
        Assert.Equal(["jobs/bin/databuild/net10.0/Jobs.dll"], debug.Jobs[0].ProgramFiles);
        Assert.Equal(["sql/a/b.sql"], debug.Jobs[0].Sources);
        Assert.Equal(debug.Jobs[0].Program, debug.Jobs[1].Program);

        // The same programs, whatever the configuration of the graph.
        sandbox.MSBuild("-p:Configuration=Release").Succeeded();
        Assert.Equal(debug, sandbox.Request.Graph);
        Assert.Equal(["Build", "Build"], sandbox.Calls);

        sandbox.Dotnet("publish", "--no-restore", "-tl:off", "-o", "aus gabe").Succeeded();
        Assert.True(sandbox.Has("aus gabe/engine/DataBuild.FakeEngine.dll"));
        Assert.True(sandbox.Has("aus gabe/jobs/Jobs/Jobs.dll"));
        Assert.True(sandbox.Has("aus gabe/sql/a/b.sql"));
        var published = GraphDocument.Parser.ParseJson(sandbox.Read("aus gabe/graph.json"));
        Assert.Equal(("jobs/Jobs/Jobs.dll", "jobs/Jobs/Jobs.dll"), (published.Jobs[0].Program, Assert.Single(published.Jobs[1].ProgramFiles)));

        sandbox.MSBuild("-t:Publish", "-p:PublishDir=anders", "-p:Extra=missing.sql").Failed()
            .Says($"{sandbox.PathOf("flüge.dbproj")}(3,5): error DBLD2010: source 'missing.sql' of job 'ingest'");

        sandbox.Dotnet("pack", "--no-restore", "-tl:off").Succeeded();
        sandbox.Dotnet("run", "--", "status", "daily/{2001-01-01..2001-01-31}").Succeeded()
            .Says($"fake engine called with: --project {sandbox.PathOf("flüge.dbproj")} --environment  --state-directory {sandbox.PathOf(".databuild")} status daily/{{2001-01-01..2001-01-31}}");

        // Publish checked the graph; neither it nor pack nor run has run a job.
        Assert.Equal(["Build", "Build", "Compile", "Compile"], sandbox.Calls);

        sandbox.Write("jobs/Jobs.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        sandbox.Write("jobs/Program.cs", "class C;");
        sandbox.Dotnet("build", "-tl:off").Failed().Says("DBLD1908").Says("which cannot be run");
    }

    [Fact]
    public void A_reused_node_and_the_build_server_see_what_changed()
    {
        using var sandbox = new Sandbox();
        sandbox.EnvironmentVariables["MSBUILDDISABLENODEREUSE"] = "0";
        sandbox.EnvironmentVariables["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1";

        // Nodes and server of this test alone: nobody else's build finds them, and shutting them down reaches no other.
        sandbox.EnvironmentVariables["MSBUILDNODEHANDSHAKESALT"] = Guid.NewGuid().ToString("N");
        try
        {
            sandbox.WriteProject("""<ItemGroup><Job Include="one" Command="true" /></ItemGroup>""");
            sandbox.Script(Say.Run("one", "Succeeded", 0, "a"), Say.Skip("x", "y"), Say.Result(BuildOutcome.Built, "first"));
            sandbox.MSBuild("-m:2").Succeeded().Says("flights -> first");

            sandbox.WriteProject("""<ItemGroup><Job Include="two" Command="true" /></ItemGroup>""");
            sandbox.Script(
                Say.Run("two", "Succeeded", 0, "b"), Say.Run("two", "Succeeded", 0, "c"),
                Say.Error("DBLD3001", "here", new Origin { ItemType = "Job", Include = "two", File = "flights.dbproj" }), Say.Result(BuildOutcome.Failed, "second"));
            sandbox.MSBuild("-m:2").Failed().Says("flights -> second").Says("flights.dbproj(2,12): error DBLD3001: here").DoesNotSay("MSB");
            Assert.Equal("two", Assert.Single(sandbox.Request.Graph.Jobs).Label);
        }
        finally
        {
            sandbox.Dotnet("build-server", "shutdown", "--msbuild").Succeeded();
        }
    }
}
