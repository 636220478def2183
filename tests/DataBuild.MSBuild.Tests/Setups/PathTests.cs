namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>Where a checkout may lie, and where its outputs may.</summary>
public sealed class PathTests
{
    /// <summary>
    /// All that MSBuild, a shell or a URL gives a meaning to, but for `;`, beside which NuGet reads no nuget.config. A C# project does
    /// not build in such a folder, for `%20`: the job's lies elsewhere.
    /// </summary>
    private const string Hostile = "/a b äöü 数据 100%20 it's (x) $(y) @(z) #1 & , + =";

    [Fact]
    public void A_folder_may_have_blanks_and_signs_that_mean_something_elsewhere()
    {
        using var sandbox = Flights.New(Hostile);
        sandbox.WriteJobs("../my jobs (1)");
        sandbox.Edit("flights.dbproj", "<Want", "<Job Include=\"cs\" Project=\"../my jobs (1)/Jobs.csproj\" /><Partition Include=\"cs/{n:int}\" Job=\"cs\" /><Want Include=\"cs/1\" /><Want");

        sandbox.Dotnet("build", "-t:hello").Succeeded().Says("flights -> 3 built");
        sandbox.Dotnet("build", "--no-restore", "-bl:log.binlog").Succeeded().Says("flights -> 1 built");
        Assert.Equal("cs/1", sandbox.Read("data/cs/1"));
        sandbox.Dotnet("run", "--no-restore", "--", "status").Succeeded().Says("3 of 3 live").Says("1 of 1 live");
        Flights.In(sandbox, "semi;colon");
        sandbox.Dotnet("build", "semi;colon").Succeeded().Says("flights -> 3 built");
        sandbox.Edit("flights.dbproj", "Job=\"hello\"", "Job=\"hullo\"");
        sandbox.Dotnet("build", "--no-restore").Failed().Says("/flights.dbproj : error DBLD1004: the partition 'hello/{date}' names the job 'hullo'");
    }

    [Fact]
    public void A_path_of_200_characters_and_a_checkout_that_is_reached_through_a_link_are_the_same_project()
    {
        using var sandbox = Flights.New("/" + new string('x', 100) + "/" + new string('y', 100));
        sandbox.Dotnet("build").Succeeded().Says("flights -> 3 built");

        string link = Path.Combine(Path.GetDirectoryName(sandbox.Root)!, "link");
        Directory.CreateSymbolicLink(link, sandbox.Root);
        sandbox.Dotnet("build", Path.Combine(link, "flights.dbproj"), "--no-restore").Succeeded().Says("flights -> nothing to do: 3 wanted live");
        sandbox.Edit("flights.dbproj", "2001-01-03}", "2001-01-04}");
        sandbox.Dotnet("build", Path.Combine(link, "flights.dbproj"), "--no-restore").Succeeded().Says("flights -> 1 built");
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("flights -> nothing to do: 4 wanted live");
        Assert.Equal(2, sandbox.Runs());
    }

    [Fact]
    public void A_source_tree_that_cannot_be_written_is_built_with_its_outputs_elsewhere()
    {
        using var sandbox = new Sandbox(engine: Sandbox.Known("Engine"));
        Flights.In(sandbox, "source/flights");
        sandbox.Write("source/flights/hello.sh", "for ref in \"$@\"; do echo \"$ref\" > \"$DATABUILD_OUTPUT_ROOT/$ref\"; done\n");
        sandbox.WriteJobs("source/jobs");
        sandbox.Edit("source/flights/flights.dbproj", "<Want", "<Job Include=\"cs\" Project=\"../jobs/Jobs.csproj\" /><Partition Include=\"cs/{n:int}\" Job=\"cs\" /><Want Include=\"cs/1\" /><Want");
        string[] elsewhere =
        [
            "build", "source/flights", "--artifacts-path", sandbox.PathOf("out"),
            $"-p:DataBuildDataRoot={sandbox.PathOf("out/data")}", $"-p:DataBuildStateDirectory={sandbox.PathOf("out/state")}",
        ];

        string[] ReadOnly(params string[] arguments) =>
        [
            "-m", "sh", "-c", "mount --bind source source && mount -o remount,bind,ro source && ! touch source/x 2> /dev/null && exec \"$0\" \"$@\"", Sandbox.DotnetHost, .. arguments,
        ];
        using var first = sandbox.StartProgram("unshare", [.. Namespaces, .. ReadOnly(elsewhere)]);
        Sandbox.End(first).Succeeded().Says("flights -> 4 built");
        Assert.Equal("cs/1", sandbox.Read("out/data/cs/1"));
        using var second = sandbox.StartProgram("unshare", [.. Namespaces, .. ReadOnly([.. elsewhere, "--no-restore"])]);
        Sandbox.End(second).Succeeded().Says("flights -> nothing to do: 4 wanted live");
        Assert.Equal(["flights", "flights/flights.dbproj", "flights/hello.sh", "jobs", "jobs/Jobs.csproj", "jobs/Program.cs"],
            Directory.EnumerateFileSystemEntries(sandbox.PathOf("source"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(sandbox.PathOf("source"), file)).Order(StringComparer.Ordinal));
    }

    /// <summary>A mount of one's own needs to be root, or to be it in a namespace.</summary>
    private static string[] Namespaces => Environment.UserName == "root" ? [] : ["-r"];
}
