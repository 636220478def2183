namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>Restore, build, rebuild, clean: what is made, what is left alone, what is never deleted.</summary>
public sealed class BuildTests
{
    [Fact]
    public void Restore_makes_targets_and_no_data()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("restore").Succeeded();
        Assert.True(sandbox.Has("obj/project.assets.json"));
        Assert.Contains("<Target Name=\"split\"", sandbox.Read("obj/pages.dbproj.databuild.g.targets"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(sandbox.PathOf("data")));
        Assert.False(Directory.Exists(sandbox.PathOf(".databuild")));

        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("pages -> 4 built");
        Assert.Equal(Pages.All, sandbox.Made());
    }

    [Fact]
    public void A_build_makes_what_is_wanted_and_the_next_one_nothing()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("build").Succeeded().Says("pages -> 4 built");
        Assert.Equal("page of two\n", sandbox.Read("data/page/2.txt"));
        Assert.False(sandbox.Has("data/word/3"));
        Assert.Equal(Pages.All, sandbox.Made());

        // Another configuration and another number of nodes are no other data.
        sandbox.Dotnet("build", "-m:1").Succeeded().Says("pages -> nothing to do");
        sandbox.Dotnet("build", "-c", "Release", "-m:8").Succeeded().Says("pages -> nothing to do");
        Assert.Empty(sandbox.Made());
        Assert.False(Directory.Exists(sandbox.PathOf("bin")));

        // Equal bytes stop a rebuild from going further.
        sandbox.Write("words.txt", "one\nzwei\nthree\n");
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("pages -> 3 built");
        Assert.Equal(["page/2.txt", "word/1", "word/2"], sandbox.Made());
        Assert.Equal("page of zwei\n", sandbox.Read("data/page/2.txt"));
    }

    [Fact]
    public void Rebuild_and_clean_never_delete_data()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("build").Succeeded();
        _ = sandbox.Made();
        var first = File.GetLastWriteTimeUtc(sandbox.PathOf("data/page/1.txt"));

        sandbox.Dotnet("build", "-t:Rebuild").Succeeded().Says("pages -> nothing to do");
        sandbox.Dotnet("build", "--no-incremental").Succeeded().Says("pages -> nothing to do");
        Assert.Empty(sandbox.Made());
        Assert.Equal(first, File.GetLastWriteTimeUtc(sandbox.PathOf("data/page/1.txt")));

        sandbox.Dotnet("clean").Succeeded();
        Assert.False(Directory.Exists(sandbox.PathOf("obj/databuild")));
        Assert.True(sandbox.Has(".databuild/log.db"));
        sandbox.Dotnet("build").Succeeded().Says("pages -> nothing to do");
        Assert.Empty(sandbox.Made());

        sandbox.Dotnet("clean", "-p:DataBuildCleanData=true").Succeeded();
        Assert.False(Directory.Exists(sandbox.PathOf("data")));
        Assert.False(Directory.Exists(sandbox.PathOf(".databuild")));
        Assert.True(sandbox.Has("words.txt"));
        sandbox.Dotnet("build").Succeeded().Says("pages -> 4 built");
        Assert.Equal(Pages.All, sandbox.Made());
    }

    [Fact]
    public void Want_builds_sets_instead_of_what_the_project_wants()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("build", "-p:Want=word/3%3Bpage/{3..3}.txt").Succeeded().Says("pages -> 2 built");
        Assert.Equal(["page/3.txt", "word/3"], sandbox.Made());
        Assert.False(sandbox.Has("data/page/1.txt"));

        sandbox.Dotnet("build", "--no-restore", "-p:Want=pages/3.txt").Failed().Says("DBLD3001").Says("pages/3.txt");
        sandbox.Dotnet("build", "--no-restore", "-p:DataBuildExpectUpToDate=true").Failed().Says("DBLD4");
        Assert.Empty(sandbox.Made());
    }
}
