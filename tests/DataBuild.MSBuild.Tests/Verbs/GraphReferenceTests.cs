namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>A .dbproj that references others: what they can make can be needed here, what they want is their own affair.</summary>
public sealed class GraphReferenceTests
{
    /// <summary>The word file's folder and scripts belong to base; a and b both need its words, front needs both, and only front wants.</summary>
    private static Sandbox Diamond(string parent = "")
    {
        var sandbox = new Sandbox("front", parent, Sandbox.Known("Engine")) { Project = "front/front.dbproj" };
        sandbox.Write("base/base.dbproj", """
            <Project Sdk="DataBuild.Sdk">
              <ItemGroup>
                <Source Include="words" Path="words.txt" />
                <Pool Include="disk" Slots="1" />
                <Job Include="split" Command="jobs/split.sh $(MSBuildProjectName)" Pools="disk" />
                <Partition Include="word/{n:int}" Job="split" Needs="words" />
                <Want Include="word/3" />
              </ItemGroup>
            </Project>
            """);
        Pages.WriteFiles(sandbox, "base/");
        sandbox.Write("base/jobs/split.sh", "#!/bin/sh\nshift\n" + sandbox.Read("base/jobs/split.sh"));
        File.SetUnixFileMode(sandbox.PathOf("base/jobs/split.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        foreach (var name in (string[])["a", "b"])
        {
            sandbox.Write($"{name} lib/{name}.dbproj", $"""
                <Project Sdk="DataBuild.Sdk">
                  <ItemGroup>
                    <ProjectReference Include="../base/base.dbproj" />
                    <Job Include="{name}" Command="sh jobs/{name}.sh" Sources="jobs/*.txt" />
                    <Partition Include="{name}/{"{n:int}"}" Job="{name}" Needs="word/{"{n}"}" />
                  </ItemGroup>
                </Project>
                """);
            sandbox.Write($"{name} lib/jobs/{name}.sh", $"echo \"{name} $(cat \"$DATABUILD_DATA_ROOT/word/${"{1#*/}"}\") $(cat jobs/note.txt)\" > \"$DATABUILD_OUTPUT_ROOT/$1\"; echo \"$1\" >> made");
            sandbox.Write($"{name} lib/jobs/note.txt", "noted");
        }

        WriteFront(sandbox);
        sandbox.Write("front/join.sh", """cat "$DATABUILD_DATA_ROOT/a/1" "$DATABUILD_DATA_ROOT/b/1" > "$DATABUILD_OUTPUT_ROOT/$1"; echo "$1" >> made""");
        return sandbox;
    }

    private static void WriteFront(Sandbox sandbox, string more = "", string zone = "UTC") => sandbox.Write("front/front.dbproj", $"""
        <Project Sdk="DataBuild.Sdk">
          <PropertyGroup><DataBuildTimeZone>{zone}</DataBuildTimeZone></PropertyGroup>
          <ItemGroup>
            <ProjectReference Include="../a lib/a.dbproj;../b lib/b.dbproj" />
            <Job Include="join" Command="sh join.sh" />
            <Partition Include="joined" Job="join" Needs="a/1;b/1" />
            <Want Include="joined" />
            {more}
          </ItemGroup>
        </Project>
        """);

    [Fact]
    public void What_referenced_projects_make_can_be_needed_and_their_wants_are_left_alone()
    {
        using var sandbox = Diamond("/mein ordner ü");
        sandbox.Dotnet("build", "front/front.dbproj").Succeeded().Says("front -> 4 built, 4 runs").DoesNotSay("base ->").DoesNotSay("a ->");

        // One data root and one log, those of the project that is built; each job ran in its own project's folder, base's once.
        Assert.Equal("a one noted\nb one noted\n", sandbox.Read("front/data/joined"));
        Assert.Equal(["joined"], sandbox.Made("front/"));
        Assert.Equal(["word/1"], sandbox.Made("base/"));
        Assert.Equal(["a/1"], sandbox.Made("a lib/"));
        foreach (var folder in (string[])["base", "a lib", "b lib"])
        {
            Assert.False(Directory.Exists(sandbox.PathOf(folder + "/data")));
            Assert.False(Directory.Exists(sandbox.PathOf(folder + "/.databuild")));
        }

        sandbox.Dotnet("build", "front/front.dbproj", "-m:8").Succeeded().Says("front -> nothing to do: 1 wanted live");

        // The scripts and files that a referenced job names are its fingerprint, as they are at home.
        sandbox.Write("a lib/jobs/note.txt", "changed");
        sandbox.Write("base/jobs/split.sh", sandbox.Read("base/jobs/split.sh") + "\n# a remark");
        sandbox.Dotnet("build", "front/front.dbproj", "--no-restore", "-graph", "-isolate").Succeeded().Says("front -> 3 built");
        Assert.Equal("a one changed\nb one noted\n", sandbox.Read("front/data/joined"));
        Assert.Equal(["word/1"], sandbox.Made("base/"));

        // Each is a project of its own as before.
        sandbox.Dotnet("build", "base/base.dbproj").Succeeded().Says("base -> 1 built");
        Assert.Equal("three\n", sandbox.Read("base/data/word/3"));
        sandbox.Dotnet("build", "front/front.dbproj", "--no-restore", "-p:BuildingInsideVisualStudio=true", "-p:DataBuildMode=run").Succeeded().Says("front -> nothing to do");
        sandbox.Dotnet("run", "--project", "front/front.dbproj", "--", "why", "word/1").Succeeded().Says("word/1");
    }

    [Fact]
    public void What_two_projects_cannot_both_say_is_an_error_at_its_place()
    {
        using var sandbox = Diamond();
        WriteFront(sandbox, """<Job Include="Split" Command="true" />""");
        sandbox.Dotnet("build", "front/front.dbproj").Failed()
            .Says($"{sandbox.PathOf("front/front.dbproj")}(8,5): error DBLD1032: the job 'Split' is declared in ../base/base.dbproj too, as 'split'");

        // Overlaps are those of any two patterns; an error within a referenced project is placed in that project.
        WriteFront(sandbox, """<Partition Include="word/{w}" Job="join" />""");
        sandbox.Dotnet("build", "front/front.dbproj", "--no-restore").Failed().Says($"{sandbox.PathOf("front/front.dbproj")}(8,5): error DBLD30").Says("job split");
        WriteFront(sandbox);
        sandbox.Write("b lib/b.dbproj", sandbox.Read("b lib/b.dbproj").Replace("Needs=\"word", "Needs=\"wort", StringComparison.Ordinal));
        sandbox.Dotnet("build", "front/front.dbproj", "--no-restore").Failed().Says($"{sandbox.PathOf("b lib/b.dbproj")}(5,5): error DBLD3").Says("wort");

        sandbox.Write("b lib/b.dbproj", sandbox.Read("b lib/b.dbproj").Replace("wort", "word", StringComparison.Ordinal).Replace("<Job ", "<Pool Include=\"disk\" Slots=\"7\" /><Job ", StringComparison.Ordinal));
        WriteFront(sandbox, zone: "Europe/Berlin");
        sandbox.Dotnet("build", "front/front.dbproj", "--no-restore").Failed().Says("error DBLD1033: the pool 'disk'").Says("error DBLD1034: DataBuildTimeZone is 'Europe/Berlin' here and 'UTC' in ../a lib/a.dbproj");
        Assert.False(Directory.Exists(sandbox.PathOf("front/data")));
    }

    [Fact]
    public void References_in_a_circle_are_an_error_and_a_reference_may_be_for_order_alone()
    {
        using var sandbox = Diamond();
        sandbox.Write("base/base.dbproj", sandbox.Read("base/base.dbproj").Replace("<Source", "<ProjectReference Include=\"../front/front.dbproj\" /><Source", StringComparison.Ordinal));
        sandbox.Dotnet("build", "front/front.dbproj").Failed().Says("ircular");
        sandbox.Write("base/base.dbproj", sandbox.Read("base/base.dbproj").Replace("<ProjectReference Include=\"../front/front.dbproj\" />", "", StringComparison.Ordinal));

        // Order alone: built as any reference is, that is planned; what it makes is unknown here.
        WriteFront(sandbox, """<ProjectReference Include="../base/base.dbproj" ReferenceGraph="false" /><ProjectReference Remove="../a lib/a.dbproj;../b lib/b.dbproj" />""");
        sandbox.Dotnet("build", "front/front.dbproj").Failed().Says("base -> plan: 1 will run").Says("error DBLD3001").Says("a/1");
        Assert.False(Directory.Exists(sandbox.PathOf("base/data")));
    }
}
