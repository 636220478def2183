namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>`dotnet run` is the databuild tool for that project; `pack` and `test` have nothing to do here.</summary>
public sealed class RunTests
{
    [Fact]
    public void Run_with_a_verb_asks_and_builds_only_when_the_verb_does()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("run", "--", "build").Succeeded().Says("4 built");
        Assert.Equal(Pages.All, sandbox.Made());
        Assert.Equal("page of one\n", sandbox.Read("data/page/1.txt"));

        File.Delete(sandbox.PathOf("data/page/1.txt"));
        sandbox.Dotnet("run", "--", "why", "page/1.txt").Succeeded().Says("page/1.txt");
        sandbox.Dotnet("run", "--no-build", "--", "status").Succeeded().Says("page/{1..2}.txt");
        Assert.Empty(sandbox.Made());
        Assert.False(sandbox.Has("data/page/1.txt"));
    }

    [Fact]
    public void Pack_and_test_succeed_and_do_nothing()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("pack").Succeeded();
        sandbox.Dotnet("test").Succeeded();
        Assert.Empty(sandbox.Made());
        Assert.False(Directory.Exists(sandbox.PathOf("data")));
        Assert.Empty(Directory.EnumerateFiles(sandbox.Root, "*.nupkg", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(sandbox.PathOf(".databuild")));
    }
}
