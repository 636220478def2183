namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>Builds beside each other: of two projects, of one project, with one log or two, by two versions of the SDK.</summary>
public sealed class NeighbourTests
{
    [Fact]
    public void Two_projects_of_one_solution_are_built_beside_each_other_with_logs_of_their_own_or_one_for_both()
    {
        using var sandbox = Flights.In(Flights.In(new Sandbox(engine: Sandbox.Known("Engine")), "east"), "west");
        File.Move(sandbox.PathOf("west/flights.dbproj"), sandbox.PathOf("west/trains.dbproj"));
        sandbox.Edit("west/trains.dbproj", "hello/{", "train/{");
        sandbox.Write("all.slnx", """<Solution><Project Path="east/flights.dbproj" Type="9a19103f-16f7-4668-be54-9a1e7a4f7556" /><Project Path="west/trains.dbproj" Type="9a19103f-16f7-4668-be54-9a1e7a4f7556" /></Solution>""");

        sandbox.Dotnet("build", "all.slnx", "-m:2", "-p:DataBuildMode=run").Succeeded().Says("flights -> 3 built").Says("trains -> 3 built");
        Assert.True(sandbox.Has("east/.databuild/log.db") && sandbox.Has("west/.databuild/log.db"));
        Assert.Equal("train/2001-01-02\n", sandbox.Read("west/data/train/2001-01-02"));

        // One state directory is one log: one engine at a time, whichever comes first.
        string[] shared = [$"-p:DataBuildStateDirectory={sandbox.PathOf("state")}", $"-p:DataBuildDataRoot={sandbox.PathOf("both")}"];
        sandbox.Dotnet(["build", "all.slnx", "-m:2", "--no-restore", "-p:DataBuildMode=run", .. shared]).Succeeded().Says("flights -> 3 built").Says("trains -> 3 built");
        Assert.Equal("train/2001-01-02\n", sandbox.Read("both/train/2001-01-02"));
        sandbox.Dotnet(["build", "all.slnx", "-m:2", "--no-restore", "-p:DataBuildMode=run", .. shared]).Succeeded().Says("flights -> nothing to do").Says("trains -> nothing to do");
    }

    [Fact]
    public void A_project_that_is_built_twice_at_once_is_built_once_and_the_other_build_waits_and_says_so()
    {
        using var sandbox = Flights.New();
        sandbox.Dotnet("build", "-p:DataBuildMode=off").Succeeded();
        sandbox.Write("hello.sh", $"touch started\nwhile ! [ -e go ]; do sleep 0.05; done\n{Flights.Script}");

        using var first = sandbox.Start("build", "--no-restore");
        Assert.True(SpinWait.SpinUntil(() => sandbox.Has("started"), TimeSpan.FromMinutes(2)));
        using var second = sandbox.Start("build", "--no-restore");
        string? line;
        var told = new List<string>();
        while ((line = second.StandardOutput.ReadLine()) is not null && !line.Contains("wait", StringComparison.Ordinal))
        {
            told.Add(line);
        }

        Assert.True(line is not null, string.Join("\n", told));
        sandbox.Write("go", "");
        Sandbox.End(first).Succeeded().Says("flights -> 3 built");
        Sandbox.End(second).Succeeded().Says("flights -> nothing to do: 3 wanted live");
        Assert.Equal(1, sandbox.Runs());
    }

    [Fact]
    public void Two_versions_of_the_SDK_are_at_work_at_once_each_with_its_own_engine()
    {
        using var sandbox = new Sandbox(engine: Sandbox.Known("Engine"));
        using var servants = Servants.WithServer(sandbox);
        sandbox.Write("Directory.Build.props", "<Project />");
        sandbox.Write("nuget.config", $"""<configuration><fallbackPackageFolders><clear /><add key="two" value="{sandbox.PathOf("packages")}" /></fallbackPackageFolders></configuration>""");
        foreach (string version in (string[])["1.0.1", "1.0.2"])
        {
            SdkPackage.Lay(sandbox, version);
            Flights.In(sandbox, version);
            sandbox.Write($"{version}/flights.dbproj", Flights.Project(Flights.Items, $"DataBuild.Sdk/{version}"));
            sandbox.Edit($"{version}/hello.sh", "echo \"$@\"", "tr '\\000' ' ' < /proc/$PPID/cmdline > engine\necho \"$@\"");
        }

        using var older = sandbox.Start("build", "1.0.1");
        using var newer = sandbox.Start("build", "1.0.2");
        Sandbox.End(older).Succeeded().Says("flights -> 3 built");
        Sandbox.End(newer).Succeeded().Says("flights -> 3 built");
        foreach (string version in (string[])["1.0.1", "1.0.2"])
        {
            Assert.Contains(sandbox.PathOf($"packages/databuild.sdk/{version}/tools/engine/any/DataBuild.Cli.dll"), sandbox.Read($"{version}/engine"), StringComparison.Ordinal);
        }

        // A newer SDK goes on with what an older one made, in the server that has the older one's tasks loaded.
        sandbox.Edit("1.0.1/flights.dbproj", "DataBuild.Sdk/1.0.1", "DataBuild.Sdk/1.0.2");
        sandbox.Dotnet("build", "1.0.1").Succeeded().Says("flights -> nothing to do: 3 wanted live");
    }
}
