namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>The build that everybody does first.</summary>
public sealed class BuildTests
{
    [Fact]
    public void A_build_makes_what_is_wanted_and_the_next_one_nothing()
    {
        using var sandbox = new Sandbox(engine: Sandbox.Known("Engine"));
        sandbox.WriteProject("""
              <ItemGroup>
                <Job Include="hello" Command="sh hello.sh" />
                <Partition Include="hello/{date}" Job="hello" />
                <Want Include="hello/{2001-01-01..2001-01-03}" />
              </ItemGroup>
            """);
        sandbox.Write("hello.sh", """for ref in "$@"; do echo "$ref" > "$DATABUILD_OUTPUT_ROOT/$ref"; echo "$ref" >> made; done""");

        sandbox.Dotnet("build").Succeeded().Says("flights -> 3 built");
        Assert.Equal("hello/2001-01-02\n", sandbox.Read("data/hello/2001-01-02"));
        sandbox.Dotnet("build").Succeeded().Says("flights -> nothing to do");
        Assert.Equal(["hello/2001-01-01", "hello/2001-01-02", "hello/2001-01-03"], sandbox.Read("made").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }
}
