namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>Solutions, references and the verbs that edit them.</summary>
public sealed class SolutionTests
{
    [Theory]
    [InlineData("sln")]
    [InlineData("slnx")]
    public void A_solution_takes_the_project_and_plans_it_unless_told_to_run(string format)
    {
        using var sandbox = Pages.New();
        var solution = "all." + format;
        sandbox.Dotnet("new", "sln", "--name", "all", "--format", format).Succeeded();
        sandbox.Dotnet("sln", solution, "add", "pages.dbproj").Succeeded();
        Assert.Contains("pages.dbproj", sandbox.Read(solution), StringComparison.Ordinal);
        Assert.Contains(format == "sln" ? "{9A19103F-16F7-4668-BE54-9A1E7A4F7556}" : "Type=\"", sandbox.Read(solution), StringComparison.Ordinal);
        sandbox.Dotnet("sln", solution, "list").Succeeded().Says("pages.dbproj");

        sandbox.Dotnet("build", solution).Succeeded().Says("pages -> plan: 4 will run");
        Assert.False(Directory.Exists(sandbox.PathOf("data")));
        sandbox.Dotnet("build", solution, "-p:DataBuildMode=off", "--no-restore").Succeeded().DoesNotSay("pages ->");
        sandbox.Dotnet("build", solution, "-p:DataBuildMode=run", "--no-restore").Succeeded().Says("pages -> 4 built");
        Assert.Equal(Pages.All, sandbox.Made());
        sandbox.Dotnet("build", solution, "--no-restore", "-graph").Succeeded().Says("pages -> plan: nothing to do");

        sandbox.Dotnet("sln", solution, "remove", "pages.dbproj").Succeeded();
        Assert.DoesNotContain("pages.dbproj", sandbox.Read(solution), StringComparison.Ordinal);
    }

    [Fact]
    public void References_and_packages_are_added_listed_and_removed()
    {
        using var sandbox = Pages.New();
        sandbox.Write("lib/lib.dbproj", "<Project Sdk=\"DataBuild.Sdk\" />");
        sandbox.Dotnet("add", "pages.dbproj", "reference", "lib/lib.dbproj").Succeeded();
        Assert.Contains("lib.dbproj", sandbox.Read("pages.dbproj"), StringComparison.Ordinal);
        sandbox.Dotnet("list", "pages.dbproj", "reference").Succeeded().Says("lib.dbproj");
        sandbox.Dotnet("build").Succeeded().Says("pages -> 4 built");
        sandbox.Dotnet("list", "pages.dbproj", "package").Succeeded().Says("No packages were found");
        sandbox.Dotnet("remove", "pages.dbproj", "reference", "lib/lib.dbproj").Succeeded();
        Assert.DoesNotContain("lib.dbproj", sandbox.Read("pages.dbproj"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_static_graph_builds_the_same_also_isolated()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("build", "-graph").Succeeded().Says("pages -> 4 built");
        Assert.Equal(Pages.All, sandbox.Made());
        sandbox.Write("words.txt", "eins\ntwo\n");
        sandbox.Dotnet("build", "-graph", "-isolate", "--no-restore").Succeeded().Says("pages -> 3 built");
        Assert.Equal(["page/1.txt", "word/1", "word/2"], sandbox.Made());
    }
}
