using DataBuild.Cli.Tests;
using DataBuild.Cli.Tests.Asking;
using DataBuild.V1;

namespace DataBuild.Remote.Tests;

/// <summary>Verbs of a service over the network: the same words, JSON and exit codes as of the log here.</summary>
public sealed class VerbTests
{
    [Fact]
    public async Task What_is_asked_over_the_network_is_answered_as_here()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        using var service = await RemoteProcess.StartAsync(project);
        string run = project.Ask("runs", "--json", "--job", "raw").As<RunsReport>().Runs[0].RunId;
        foreach (string[] question in (string[][])[
            ["status"],
            ["status", "--json"],
            ["wants", "--json"],
            ["wants", "--ended", "--state", "failed"],
            ["partitions", "--limit", "2"],
            ["partitions", "raw/*", "--state", "live", "--after", "raw/1", "--json"],
            ["runs", "--limit", "1"],
            ["runs", "--job", "raw", "--since", "1", "--json"],
            ["run", run[^8..]],
            ["run", run, "--full", "--json"],
            ["jobs", "--full", "--json"],
            ["why", "report/1"],
            ["why", "raw/1", "--at", "4", "--json"],
            ["graph", "--format", "dot"],
            ["graph", "raw/1", "--depth", "1", "--json"],
            ["log", "--since", "2", "--limit", "5"],
            ["log", "--job", "raw", "--json"],
            ["why", "nothing/1"],
            ["run", "ffffffff", "--json"],
        ])
        {
            Assert.Equal(project.Ask(question), project.Ask([.. question, "--server", service.Url]));
        }

        // The environment names a service too, but what a call names itself is asked first.
        Answer By(params string[] arguments) => Tool.Run(Path.GetTempPath(), Tool.Program, environment => environment["DATABUILD_SERVER"] = service.Url, "", arguments);
        Assert.Equal(project.Ask("jobs"), By("jobs"));
        By("jobs", "--project", Path.Combine(project.Folder, "nowhere")).Failed(2, "DBLD6001");
    }

    [Fact]
    public async Task What_is_asked_to_be_done_is_done_there()
    {
        using var project = Project.Small(fail: "raw/9");
        project.Build();
        using var service = await RemoteProcess.StartAsync(project);
        Answer There(params string[] arguments) => Tool.Run(Path.GetTempPath(), [.. arguments, "--server", service.Url]);

        var wanted = There("want", "raw/{20..21}", "--comment", "äö", "--json").Succeeded().As<CommandReport>();
        Assert.Equal((2, true, "want"), (wanted.Refs, wanted.Changed, wanted.Verb));
        using (var following = new RunningTool(Path.GetTempPath(), "log", "--follow", "--since", "1", "--ref", "raw/21", "--server", service.Url))
        {
            string? line;
            do
            {
                line = following.Line();
                Assert.NotNull(line);
            }
            while (!line.Contains("run succeeded", StringComparison.Ordinal));
            Assert.Equal(130, following.Stop());
        }

        Assert.Contains("raw/20", There("taint", "raw/20", "--because", "wrong", "--preview").Succeeded().Out, StringComparison.Ordinal);
        There("want", "nothing/1").Failed(2, "DBLD3001", "nothing/1");
        var refused = There("cancel", "want-that-never-was");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal(project.Ask("cancel", "want-that-never-was"), refused);
        Assert.Equal(0, There("accept", "raw/1", "--because", "good", "--preview", "--json").ExitCode);

        There("want", "raw/9").Succeeded();
        using (var following = new RunningTool(Path.GetTempPath(), "log", "--follow", "--since", "1", "--ref", "raw/9", "--server", service.Url))
        {
            string? line;
            do
            {
                line = following.Line();
                Assert.NotNull(line);
            }
            while (!line.Contains("run failed", StringComparison.Ordinal));
        }

        string failed = There("runs", "--ref", "raw/9", "--json").As<RunsReport>().Runs[0].RunId;
        Assert.StartsWith("no good: raw/9\nraw ", There("run", failed, "--follow").Succeeded().Out, StringComparison.Ordinal);
    }
}
