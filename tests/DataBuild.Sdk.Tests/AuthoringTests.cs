using DataBuild.V1;

namespace DataBuild.Sdk.Tests;

/// <summary>What only the project as written shows is reported with its place, before the engine is started.</summary>
public sealed class AuthoringTests
{
    private const string Wrong = """
        <Project Sdk="DataBuild.Sdk">
          <Import Project="shared.props" />
          <PropertyGroup>
            <Known>known</Known>
            <Empty></Empty>
          </PropertyGroup>
          <ItemGroup>
            <Want Include="daily/*" />
            <Partition Include="daily\{date}" Job="a" />
            <Job Include="a" Command="date +%ad" />
            <Job Include="b" Command="echo $(Known) $(Unknown)" />
            <Job Include="c" Command="echo @(Want)" />
            <Job Include="d" Command="true" Argumens="x" />
            <Job Include="e" Project="nowhere/Nowhere.csproj" />
            <Job Include="f" Command="true" Sources="*.nothing" />
            <Job Include="Restore" Command="true" />
            <Job Include="Mine" Command="true" />
            <Job Include="g" Command="echo $(Known)/$(Empty) %25ad %24(date) 100%25" />
            <Job Include="h"><Arguments>obj\x</Arguments></Job>
          </ItemGroup>
          <Target Name="Mine" />
        </Project>
        """;

    private const string Right = """
          <PropertyGroup>
            <Known>known</Known>
          </PropertyGroup>
          <ItemGroup>
            <Job Include="a" Command="echo $(Known) %25ad %24(date) 100%25 a|b,c ü {x} 'a;b'" Arguments="a%5Cb" />
            <Partition Include="Tänze/{region:enum(us|eu)}/{date}" Job="a" />
            <Want Include="Tänze/{us|eu}/{2001-01-01..2001-01-02}" />
          </ItemGroup>
        """;

    [Fact]
    public void What_MSBuild_would_change_silently_is_an_error_with_its_place()
    {
        using var sandbox = new Sandbox();
        sandbox.Write("flights.dbproj", Wrong);
        sandbox.Write("shared.props", "<Project>\n  <ItemGroup>\n    <Source Include=\"csv/?\" Path=\"x\" />\n  </ItemGroup>\n</Project>\n");
        Directory.CreateDirectory(sandbox.PathOf("obj"));

        var outcome = sandbox.MSBuild().Failed();

        var project = sandbox.PathOf("flights.dbproj");
        outcome.Says($"{project}(8,11): error DBLD1900: Want 'daily/*' has a '*'")
            .Says($"{sandbox.PathOf("shared.props")}(3,13): error DBLD1900: Source 'csv/?' has a '?'")
            .Says($"{project}(9,16): error DBLD1901: Partition 'daily\\{{date}}' has a backslash")
            .Says($"{project}(10,22): error DBLD1904: Command of job 'a' is written 'date +%ad' and reaches the job as 'date +\u00ad'")
            .Says("for the literal text write '%25ad'")
            .Says($"{project}(11,22): error DBLD1902: Command of job 'b' is written 'echo $(Known) $(Unknown)' and reaches the job as 'echo known ': there is no property 'Unknown'; for the literal text write '%24(Unknown)'")
            .Says($"{project}(12,22): error DBLD1903: Command of job 'c'")
            .Says($"{project}(13,5): warning DBLD1906: Job 'd' has metadata 'Argumens', which means nothing here; did you mean 'Arguments'?")
            .Says($"{project}(14,5): error DBLD1908: project 'nowhere/Nowhere.csproj' of job 'e' does not exist")
            .Says($"{project}(15,5): warning DBLD1910: Sources '*.nothing' of job 'f' match no file")
            .Says($"{project}(16,5): error DBLD1907: job 'Restore' has the name of a target of the SDK")
            .Says($"{project}(17,5): error DBLD1907: job 'Mine' has the name of a target of this project")
            .Says($"{project}(19,23): error DBLD1905: Arguments of job 'h'")
            .DoesNotSay("job 'g'");
        Assert.Empty(sandbox.Calls);
        Assert.Equal(BuildOutcome.Invalid, sandbox.Result.Outcome);
        Assert.Contains(sandbox.Result.Diagnostics, diagnostic => diagnostic.Code == "DBLD1900");
    }

    [Fact]
    public void What_is_escaped_reaches_the_engine_as_meant()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject(Right);

        sandbox.MSBuild().Succeeded().DoesNotSay("warning");

        var graph = sandbox.Request.Graph;
        Assert.Equal("echo known %ad $(date) 100% a|b,c ü {x} 'a;b'", graph.Jobs[0].Command);
        Assert.Equal("a\\b", graph.Jobs[0].Arguments);
        Assert.Equal("Tänze/{region:enum(us|eu)}/{date}", graph.Partitions[0].Pattern);
        Assert.Equal("Tänze/{us|eu}/{2001-01-01..2001-01-02}", graph.Wants[0].Partitions);
    }
}
