using DataBuild.V1;

namespace DataBuild.Sdk.Tests;

/// <summary>Each diagnostic of the engine names the file, line and column where its declaration was written, or the file alone: never a wrong line.</summary>
public sealed class PositionTests
{
    private const string Project = """
        <Project Sdk="DataBuild.Sdk">
          <Import Project="more/shared.props" />
          <PropertyGroup>
            <Prefix>daily</Prefix>
            <DataBuildTimeZone>Nowhere/Here</DataBuildTimeZone>
          </PropertyGroup>
          <ItemGroup>
            <Job Include="plain" Command="true" />
            <Want Include="twice/{date}" />
            <Want Include="other" /><Want Include="twice/{date}" />
            <Partition Include="$(Prefix)/{date}" Job="plain" />
            <Job Include="updated" Command="true" />
            <Job Update="updated" BatchSize="3" />
          </ItemGroup>
          <ItemGroup Condition="'$(Prefix)' != 'daily'">
            <Job Include="conditional" Command="false" />
          </ItemGroup>
          <ItemGroup Condition="'$(Prefix)' == 'daily'">
            <Job Include="conditional" Command="true" />
          </ItemGroup>
          <Target Name="MakeItems" BeforeTargets="_DataBuildCompileGraph">
            <ItemGroup>
              <Want Include="made/$(Prefix)" />
            </ItemGroup>
          </Target>
        </Project>
        """;

    private const string Shared = """
        <Project>
          <ItemGroup>

            <Job Include="imported" Command="true" />
          </ItemGroup>
        </Project>
        """;

    [Fact]
    public void Diagnostics_are_placed_where_the_declaration_is_written()
    {
        using var sandbox = new Sandbox();
        sandbox.Write("flights.dbproj", Project);
        sandbox.Write("more/shared.props", Shared);
        sandbox.Script(
            Say.Error("DBLD3001", "plain", new Origin { ItemType = "Job", Include = "plain", File = "flights.dbproj" }),
            Say.Warning("DBLD3002", "imported", new Origin { ItemType = "Job", Include = "imported", File = "more/shared.props" }),
            Say.Error("DBLD3003", "second", new Origin { ItemType = "Want", Include = "twice/{date}", Ordinal = 1, File = "flights.dbproj" }),
            Say.Error("DBLD3004", "property in include", new Origin { ItemType = "Partition", Include = "daily/{date}", File = "flights.dbproj" }),
            Say.Error("DBLD3005", "updated", new Origin { ItemType = "Job", Include = "updated", File = "flights.dbproj" }),
            Say.Error("DBLD3006", "conditional", new Origin { ItemType = "Job", Include = "conditional", File = "flights.dbproj" }),
            Say.Error("DBLD3007", "property", new Origin { Include = "DataBuildTimeZone" }),
            Say.Error("DBLD3008", "made by a target", new Origin { ItemType = "Want", Include = "made/daily", File = "flights.dbproj" }),
            Say.Error("DBLD3009", "from the command line", new Origin { Include = "Want" }),
            Say.Error("DBLD3010", "no such", new Origin { ItemType = "Job", Include = "no such", File = "more/shared.props" }),
            new EngineMessage { Diagnostic = new Diagnostic { Severity = Severity.Warning, Code = "X1", Text = "of the job\nin two lines", File = "jobs/daily.py", Line = 7, Column = 3 } },
            Say.Result(BuildOutcome.Invalid));

        var outcome = sandbox.MSBuild("-p:Want=x").Failed();

        var project = sandbox.PathOf("flights.dbproj");
        var shared = sandbox.PathOf("more/shared.props");
        outcome.Says($"{project}(8,5): error DBLD3001: plain")
            .Says($"{shared}(4,5): warning DBLD3002: imported")
            .Says($"{project}(10,29): error DBLD3003: second")
            .Says($"{project}(11,5): error DBLD3004: property in include")
            .Says($"{project}(12,5): error DBLD3005: updated")
            .Says($"{project}(19,5): error DBLD3006: conditional")
            .Says($"{project}(5,5): error DBLD3007: property")
            .Says($"{project} : error DBLD3008: made by a target")
            .Says($"{project} : error DBLD3009: from the command line")
            .Says($"{shared} : error DBLD3010: no such")
            .Says($"{sandbox.PathOf("jobs/daily.py")}(7,3): warning X1: of the job in two lines");
    }

    [Fact]
    public void Items_that_a_target_adds_or_removes_beside_others_of_their_text_have_no_line_rather_than_a_wrong_one()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject("""
              <ItemGroup>
                <Want Include="added" />
                <Want Include="removed" Comment="first" />
                <Want Include="removed" Comment="second" />
                <Want Include="alone" />
              </ItemGroup>
              <Target Name="Change" BeforeTargets="_DataBuildCompileGraph">
                <ItemGroup>
                  <Want Include="added" />
                  <Want Remove="@(Want)" Condition="'%(Comment)' == 'first'" />
                </ItemGroup>
              </Target>
            """);
        sandbox.Script(
            Say.Error("DBLD3001", "added", new Origin { ItemType = "Want", Include = "added", Ordinal = 1, File = "flights.dbproj" }),
            Say.Error("DBLD3002", "removed", new Origin { ItemType = "Want", Include = "removed", File = "flights.dbproj" }),
            Say.Error("DBLD3003", "alone", new Origin { ItemType = "Want", Include = "alone", File = "flights.dbproj" }),
            Say.Result(BuildOutcome.Invalid));

        var project = sandbox.PathOf("flights.dbproj");
        sandbox.MSBuild().Failed()
            .Says($"{project} : error DBLD3001: added")
            .Says($"{project} : error DBLD3002: removed")
            .Says($"{project}(6,5): error DBLD3003: alone");
    }
}
