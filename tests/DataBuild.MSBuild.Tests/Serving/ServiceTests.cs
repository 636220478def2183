using System.Text.RegularExpressions;
using DataBuild.V1;

namespace DataBuild.MSBuild.Tests.Serving;

/// <summary>A service beside what people do with its project: they change it, build it, and end it.</summary>
public sealed partial class ServiceTests
{
    private const string Upper = """for ref in "$@"; do tr a-z A-Z < "src/${ref#*/}.txt" > "$DATABUILD_OUTPUT_ROOT/$ref" || exit 3; done""";

    [Fact]
    public void What_changes_is_taken_in_without_a_restart()
    {
        using var sandbox = Project("flüge");
        using var service = Service.Start(sandbox);
        service.Says("up made up/a");
        service.Says("sum made sum/a");
        Assert.Equal("ONE\n", sandbox.Read("data/up/a"));

        sandbox.Write("src/a.txt", "three\n");
        service.Says("up made up/a");
        service.Says("sum made sum/a");
        Assert.Equal("6\n", sandbox.Read("data/sum/a").TrimStart());

        File.Delete(sandbox.PathOf("data/sum/a"));
        service.Says("sum made sum/a");
        Assert.True(sandbox.Has("data/sum/a"));

        sandbox.Write("up.sh", Upper.Replace("a-z A-Z", "a-z b-zA", StringComparison.Ordinal));
        service.Says("'up.sh' of job up changed");
        service.Says("up made up/a");
        Assert.Equal("uisff\n", sandbox.Read("data/up/a"));

        // A want that is added, of a source that comes later.
        sandbox.WriteProject(Items("sum/{a|c}"));
        service.Says("the project changed and is registered");
        sandbox.Write("src/c.txt", "four\n");
        service.Says("sum made sum/c");

        // A mistake in the project leaves the service as it was.
        sandbox.WriteProject(Items("nothing/{a|c}"));
        service.Says("DBLD3001");
        sandbox.Write("src/c.txt", "fourteen\n");
        service.Says("sum made sum/c");
        Assert.Equal(0, service.Stop());
    }

    [Fact]
    public void A_build_that_finds_a_service_ends_as_if_it_had_worked_itself()
    {
        using var alone = Project();
        using var served = Project();
        using var service = Service.Start(served);
        service.Says("sum made sum/a");
        alone.Dotnet("build", "-tl:off").Succeeded();

        // What succeeds, what fails, and what there is nothing to do for.
        foreach (string want in (string[])["more/{a|b}", "more/{a|b}", "more/{a|z}"])
        {
            string[] command = ["build", "-tl:off", "--no-restore", $"-p:Want={want}", "-bl:it.binlog"];
            var expected = alone.Dotnet(command);
            var actual = served.Dotnet(command);
            Assert.Equal(expected.ExitCode, actual.ExitCode);
            Assert.Equal(Masked(expected.Output, alone), Masked(actual.Output, served));
            Assert.Equal(Rows(alone.Result), Rows(served.Result));
            Assert.Equal(RunsIn(alone), RunsIn(served));
        }

        Assert.Equal(alone.Read("data/more/b"), served.Read("data/more/b"));
        Assert.Equal(0, service.Stop());
        served.Dotnet("build", "-tl:off", "--no-restore").Succeeded().Says("flights -> nothing to do: 1 wanted live");
    }

    [Fact]
    public void Where_files_cannot_be_watched_the_sweep_finds_what_changed()
    {
        using var sandbox = Project();
        using var service = Service.StartUnwatched(sandbox, TimeSpan.FromSeconds(1));
        service.Says("DBLD7003");
        service.Says("sum made sum/a");
        sandbox.Write("src/a.txt", "three\n");
        service.Says("sum made sum/a");
        Assert.Equal("THREE\n", sandbox.Read("data/up/a"));
    }

    [Fact]
    public void A_build_is_refused_or_ends_where_the_service_cannot_work_for_it()
    {
        using var sandbox = Project();
        using var service = Service.Start(sandbox);
        service.Says("sum made sum/a");
        sandbox.Dotnet("build", "-tl:off", "-p:DataBuildDataRoot=elsewhere").Failed().Says("error DBLD7001: the service of this log serves");
        Assert.False(Directory.Exists(sandbox.PathOf("elsewhere")));

        sandbox.Write("up.sh", "echo >> started-${1#*/}; exec sleep 600");
        using var build = sandbox.Start("build", "-tl:off", "--no-restore", "-p:Want=more/b");
        Assert.True(SpinWait.SpinUntil(() => sandbox.Has("started-b"), TimeSpan.FromMinutes(1)));
        service.Kill();
        Sandbox.End(build).Failed().Says("error DBLD7002: the service that did this build's work ended before it");

        // What it left running is ended by the next engine.
        sandbox.Write("up.sh", Upper);
        sandbox.Dotnet("build", "-tl:off", "--no-restore", "-p:Want=more/b").Succeeded().Says("1 built");
    }

    [Fact]
    public void A_service_that_is_killed_takes_nothing_with_it()
    {
        using var sandbox = Project();
        sandbox.Write("up.sh", "echo >> started; while [ ! -e go ]; do read -t 1 line < wait || true; done; " + Upper);
        using var fifo = System.Diagnostics.Process.Start("mkfifo", [sandbox.PathOf("wait")]);
        fifo.WaitForExit();
        using (var first = Service.Start(sandbox))
        {
            first.Says("serves 1 want");
            Assert.True(SpinWait.SpinUntil(() => sandbox.Has("started"), TimeSpan.FromMinutes(1)));
            first.Kill();
        }

        // The build has the log now, and what the service had begun is ended and recorded as lost.
        sandbox.Write("go", "");
        sandbox.Dotnet("build", "-tl:off").Succeeded().Says("2 built");
        using var second = Service.Start(sandbox);
        second.Says("serves 1 want");

        // Two services of one log: the second one waits for the first, and says for whom.
        using var third = Service.Start(sandbox);
        third.Says($"waits for process {second.Pid}");
        Assert.Equal(0, second.Stop());
        third.Says("serves 1 want");
        Assert.Equal(0, third.Stop());
    }

    private static Sandbox Project(string name = "flights")
    {
        var sandbox = new Sandbox(name, engine: Sandbox.Known("Engine"));
        sandbox.WriteProject(Items("sum/a"));
        sandbox.Write("src/a.txt", "one\n");
        sandbox.Write("src/b.txt", "two\n");
        sandbox.Write("up.sh", Upper);
        sandbox.Write("sum.sh", """for ref in "$@"; do wc -c < "$DATABUILD_DATA_ROOT/up/${ref#*/}" > "$DATABUILD_OUTPUT_ROOT/$ref"; done""");
        return sandbox;
    }

    private static string Items(string want) => $$"""
          <ItemGroup>
            <Source Include="in/{x}" Path="src/{x}.txt" />
            <Job Include="up" Command="sh up.sh" Sources="up.sh" />
            <Job Include="sum" Command="sh sum.sh" />
            <Partition Include="up/{x}" Job="up" Needs="in/{x}" />
            <Partition Include="more/{x}" Job="up" Needs="in/{x}" />
            <Partition Include="sum/{x}" Job="sum" Needs="up/{x}" />
            <Want Include="{{want}}" />
          </ItemGroup>
        """;

    private static string Masked(string output, Sandbox sandbox) => Times().Replace(output.Replace(sandbox.Root, "ROOT", StringComparison.Ordinal), "TIME");

    private static List<string> Rows(BuildResult result)
    {
        foreach (var job in result.Jobs)
        {
            job.Wall = null;
        }

        return [result.Outcome.ToString(), .. result.Wants.Select(want => $"{want.Partitions} {want.State} {want.Live}/{want.Total}"), .. result.Jobs.Select(job => job.ToString())];
    }

    private static List<string> RunsIn(Sandbox sandbox) =>
        [.. Microsoft.Build.Logging.StructuredLogger.BinaryLog.ReadBuild(sandbox.PathOf("it.binlog"))
            .FindChildrenRecursive<Microsoft.Build.Logging.StructuredLogger.Target>(target => target.Project.Name.EndsWith(".jobs.proj", StringComparison.Ordinal))
            .Select(target => target.Name).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\d+\.\ds|\d\d:\d\d:\d\d\.\d\d|[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Times();
}
