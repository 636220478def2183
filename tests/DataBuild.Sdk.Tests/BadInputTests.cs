namespace DataBuild.Sdk.Tests;

/// <summary>Mistakes in a project, each compiled by the real SDK and the real engine: one error, at its line, and no job is run.</summary>
public sealed class BadInputTests(BadProjects projects) : IClassFixture<BadProjects>
{
    public static TheoryData<string> Names => [.. BadProjects.All.Select(mistake => mistake.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_in_a_project_is_one_error_at_its_line(string name)
    {
        var (mistake, line, output) = projects.Find(name);

        string expected = $"({line},{mistake.Column}): error {mistake.Code}: {mistake.Text}";
        Assert.True(
            output.Split('\n').Count(said => said.Contains(expected, StringComparison.Ordinal)) == 1,
            $"not said once: {expected}\n{output}");
        Assert.DoesNotContain("MSB4018", output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_job_of_a_project_with_mistakes_is_run() => Assert.False(projects.HasRun);

    [Fact]
    public void A_project_that_is_no_XML_is_refused_by_MSBuild_with_its_place()
    {
        using var sandbox = new Sandbox();
        sandbox.Write("flights.dbproj", "<Project Sdk=\"DataBuild.Sdk\">\n  <ItemGroup>\n    <Job Include=\"a\" Command=\"true\">\n  </ItemGroup>\n</Project>\n");

        sandbox.MSBuild().Failed().Says($"{sandbox.PathOf("flights.dbproj")}(4,5): error MSB4025: ");

        Assert.Empty(sandbox.Calls);
    }

    [Fact]
    public void A_file_that_is_no_XML_and_not_imported_does_no_harm()
    {
        using var sandbox = new Sandbox();
        sandbox.Write("broken.props", "<Project><oops></Project>");
        sandbox.WriteProject("""
              <Import Project="broken.props" Condition="Exists('nowhere')" />
              <ItemGroup><Job Include="a" Command="true" /></ItemGroup>
            """);

        sandbox.MSBuild().Succeeded().DoesNotSay("broken.props");
    }

    [Fact]
    public void An_Include_that_is_nothing_by_intent_is_no_error()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject("""
              <PropertyGroup><Region>eu</Region><Defined></Defined></PropertyGroup>
              <ItemGroup>
                <Want Include="$(Extra)" Condition="'$(Extra)' != ''" />
                <Want Include="daily/$(Region);$(Defined)" />
                <Job Include="a" Command="true" />
              </ItemGroup>
              <ItemGroup Condition="'$(Extra)' != ''"><Want Include="$(Extra)" /></ItemGroup>
              <Target Name="Add" BeforeTargets="_DataBuildCompileGraph"><ItemGroup><Want Include="$(Extra)" /></ItemGroup></Target>
            """);

        sandbox.MSBuild().Succeeded().DoesNotSay("DBLD1031");
    }
}
