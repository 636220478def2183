using DataBuild.V1;

namespace DataBuild.Sdk.Tests;

/// <summary>One switch between a project's worlds: their own data, log and request each, and no new one by a slip.</summary>
public sealed class EnvironmentTests
{
    private const string Items = """
          <PropertyGroup>
            <DataBuildParallelism>8</DataBuildParallelism>
            <Warehouse>test.db</Warehouse>
          </PropertyGroup>
          <ItemGroup>
            <Job Include="daily" Command="sh daily.sh" Environment="WAREHOUSE=$(Warehouse)" BatchSize="31" />
            <Partition Include="daily/{date}" Job="daily" />
            <Want Include="daily/{2001-01-01..2001-01-02}" />
          </ItemGroup>
        """;

    [Fact]
    public void A_named_environment_has_its_own_folders_and_its_file_has_the_last_word()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject(Items);
        sandbox.MSBuild().Succeeded();
        var plain = sandbox.Request;
        Assert.Equal(("", sandbox.PathOf("data"), sandbox.PathOf(".databuild")), (plain.Environment, plain.DataRoot, plain.StateDirectory));

        sandbox.Write("flights.prod.props", """
            <Project>
              <PropertyGroup>
                <DataBuildParallelism>64</DataBuildParallelism>
                <Warehouse>prod.db</Warehouse>
              </PropertyGroup>
              <ItemGroup>
                <Job Update="daily" BatchSize="1" />
                <Want Remove="@(Want)" />
                <Want Include="daily/{2001-01-01..2001-12-31}" Priority="3" />
              </ItemGroup>
            </Project>
            """);
        sandbox.MSBuild("-p:DataBuildEnvironment=prod").Succeeded().Says("flights: environment prod, data in data.prod/");
        var prod = sandbox.Request;
        Assert.Equal(("prod", sandbox.PathOf("data.prod"), sandbox.PathOf(".databuild.prod"), 64), (prod.Environment, prod.DataRoot, prod.StateDirectory, prod.Parallelism));
        Assert.Equal(("1", "WAREHOUSE=prod.db"), (prod.Graph.Jobs[0].BatchSize, prod.Graph.Jobs[0].Environment));
        Assert.Equal(("daily/{2001-01-01..2001-12-31}", "3", "flights.prod.props"),
            (Assert.Single(prod.Graph.Wants).Partitions, prod.Graph.Wants[0].Priority, prod.Graph.Wants[0].Origin.File));

        // The request of each is its own: the one that was built first is as it was.
        Assert.Equal(plain.Graph, EngineRequest.Parser.ParseFrom(File.ReadAllBytes(sandbox.PathOf("obj/databuild/request.binpb"))).Graph);
        Assert.Equal(prod.Graph, EngineRequest.Parser.ParseFrom(File.ReadAllBytes(sandbox.PathOf("obj/databuild.prod/request.binpb"))).Graph);

        // A mistake in the environment's file is shown there.
        sandbox.Write("flights.prod.props", "<Project>\n  <ItemGroup>\n    <Want Include=\"daily/*\" />\n  </ItemGroup>\n</Project>\n");
        sandbox.MSBuild("-p:DataBuildEnvironment=prod").Failed().Says("flights.prod.props(3,11): error DBLD");

        sandbox.Write("data/daily/2001-01-01", "precious");
        sandbox.Write(".databuild/log.db", "precious");
        sandbox.Write("data.prod/daily/2001-01-01", "to be cleaned");
        sandbox.MSBuild("-t:Clean", "-p:DataBuildEnvironment=prod", "-p:DataBuildCleanData=true").Succeeded();
        Assert.False(Directory.Exists(sandbox.PathOf("data.prod")) || Directory.Exists(sandbox.PathOf("obj/databuild.prod")));
        Assert.True(sandbox.Has("data/daily/2001-01-01") && sandbox.Has(".databuild/log.db") && sandbox.Has("obj/databuild/request.binpb"));
    }

    [Fact]
    public void It_is_named_by_a_variable_or_a_props_file_as_well()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject(Items);
        sandbox.Write("flights.night.props", "<Project />");
        sandbox.EnvironmentVariables["DataBuildEnvironment"] = "night";
        sandbox.MSBuild().Succeeded();
        Assert.Equal(sandbox.PathOf(".databuild.night"), sandbox.Request.StateDirectory);

        sandbox.EnvironmentVariables.Clear();
        sandbox.Write("Directory.Build.props", sandbox.Read("Directory.Build.props").Replace("<PropertyGroup>", "<PropertyGroup><DataBuildEnvironment>night</DataBuildEnvironment>", StringComparison.Ordinal));
        sandbox.MSBuild().Succeeded();
        Assert.Equal("night", sandbox.Request.Environment);
        sandbox.MSBuild("-p:DataBuildEnvironment=").Succeeded();
        Assert.Equal(("", sandbox.PathOf("data")), (sandbox.Request.Environment, sandbox.Request.DataRoot));

        sandbox.Dotnet("run", "-p:DataBuildEnvironment=night", "--", "status").Succeeded()
            .Says($"--environment night --state-directory {sandbox.PathOf(".databuild.night")} status");
    }

    [Fact]
    public void A_slip_makes_no_new_environment()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject(Items);
        sandbox.Write("flights.prod.props", "<Project />");
        sandbox.MSBuild("-p:DataBuildEnvironment=prd").Failed().Says("error DBLD1020").Says("'flights.prd.props'").Says("there is flights.prod.props");
        sandbox.MSBuild("-t:daily", "-p:DataBuildEnvironment=../prod").Failed().Says("DBLD");
        sandbox.MSBuild("-p:DataBuildEnvironment=../prod").Failed().Says("error DBLD1019").Says("'../prod'");
        sandbox.MSBuild("-t:Clean", "-p:DataBuildEnvironment=prd", "-p:DataBuildCleanData=true").Failed().Says("DBLD1020");

        sandbox.WriteProject("<PropertyGroup><DataBuildEnvironment>prod</DataBuildEnvironment></PropertyGroup>" + Items);
        sandbox.MSBuild().Failed().Says("error DBLD1021").Says("'prod' at the project's end");
        Assert.Empty(sandbox.Calls);
        Assert.Equal(["obj"], Directory.GetDirectories(sandbox.Root).Select(Path.GetFileName));
    }
}
