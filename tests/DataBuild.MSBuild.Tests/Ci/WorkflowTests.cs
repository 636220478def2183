using System.Diagnostics;
using YamlDotNet.RepresentationModel;

namespace DataBuild.MSBuild.Tests.Ci;

/// <summary>The workflows of `dotnet new databuild-ci`: made by it, well-formed, and every command in them done on one agent after another.</summary>
public sealed class WorkflowTests
{
    private static readonly string templates = Sandbox.Known("Repository") + "src/DataBuild.Templates/templates/databuild-ci";

    [Theory]
    [InlineData("github", ".github/workflows/databuild.yml", "run", "if")]
    [InlineData("azure", "azure-pipelines.yml", "script", "condition")]
    public void Every_command_works_on_throw_away_agents(string provider, string file, string command, string condition)
    {
        using var main = CiSandbox.New();
        string hive = main.PathOf("hive");
        main.Dotnet("new", "install", templates, "--debug:custom-hive", hive).Succeeded();
        main.Dotnet("new", "databuild-ci", "--provider", provider, "--debug:custom-hive", hive).Succeeded();
        Assert.Equal(provider == "github", main.Has(".github/workflows/databuild.yml"));
        Assert.Equal(provider == "azure", main.Has("azure-pipelines.yml"));
        var jobs = Jobs(main.Read(file));
        main.EnvironmentVariables["DataBuildMode"] = "run";

        // The first agent has nothing.
        string pipeline = Directory.CreateDirectory(main.PathOf("pipeline")).FullName;
        Run(main, pipeline, Commands(jobs["build"], command));
        Assert.Equal("report/2\n", main.Read("data/report/2"));

        // The second one has what the workflow kept.
        using var second = CiSandbox.New();
        second.EnvironmentVariables["DataBuildMode"] = "run";
        string before = Directory.CreateDirectory(second.PathOf("pipeline/before")).FullName;
        if (provider == "github")
        {
            foreach (string kept in Paths(jobs["build"], "actions/cache/restore@v4"))
            {
                Copy(main.PathOf(kept), second.PathOf(kept));
            }
        }
        else
        {
            File.Copy(Path.Combine(pipeline, "state", "state.tar"), Path.Combine(before, "state.tar"));
        }

        Assert.Contains("nothing to do", Run(second, second.PathOf("pipeline"), Commands(jobs["build"], command)), StringComparison.Ordinal);

        // A pull request's has the backup and nothing else, and makes no data.
        using var change = CiSandbox.New();
        string log = provider == "github" ? "databuild-log.db" : "pipeline/log/databuild-log.db";
        Assert.Contains("no build of main has kept its log yet", Run(change, change.PathOf("pipeline"), Commands(jobs["plan"], command)), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(change.PathOf(log))!);
        File.Copy(main.PathOf(log), change.PathOf(log));
        File.AppendAllText(change.PathOf("write.sh"), "# another one\n");
        change.EnvironmentVariables["DataBuildMode"] = Variable(jobs["plan"], provider == "github" ? "env" : "variables", "DataBuildMode");
        string said = Run(change, change.PathOf("pipeline"), Commands(jobs["plan"], command));
        Assert.Contains("its job changed (file:write.sh)", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(change.PathOf("data")) || Directory.Exists(change.PathOf(".databuild")));

        // The two jobs are for different events, and a failed build still keeps what it made.
        Assert.All(jobs.Values, job => Assert.NotEqual("", Text(job, condition)));
        Assert.Contains(Steps(jobs["build"]), step => Text(step, condition).Contains("always()", StringComparison.Ordinal));
        Assert.Contains(Steps(jobs["build"]), step => Text(step, condition) is "failure()" or "failed()");
    }

    private static Dictionary<string, YamlMappingNode> Jobs(string text)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var jobs = ((YamlMappingNode)yaml.Documents.Single().RootNode).Children["jobs"];
        return jobs is YamlMappingNode named
            ? named.Children.ToDictionary(job => job.Key.ToString(), job => (YamlMappingNode)job.Value)
            : ((YamlSequenceNode)jobs).Cast<YamlMappingNode>().ToDictionary(job => Text(job, "job"));
    }

    private static IEnumerable<YamlMappingNode> Steps(YamlMappingNode job) => ((YamlSequenceNode)job.Children["steps"]).Cast<YamlMappingNode>();

    private static List<string> Commands(YamlMappingNode job, string key) => [.. Steps(job).Select(step => Text(step, key)).Where(text => text.Length > 0)];

    private static string[] Paths(YamlMappingNode job, string action) =>
        Text((YamlMappingNode)Steps(job).First(step => Text(step, "uses") == action).Children["with"], "path").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Variable(YamlMappingNode job, string group, string name) => Text((YamlMappingNode)job.Children[group], name);

    private static string Text(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? ((YamlScalarNode)value).Value ?? "" : "";

    private static string Run(Sandbox agent, string pipeline, IReadOnlyList<string> commands)
    {
        Assert.NotEmpty(commands);
        string said = "";
        foreach (string command in commands)
        {
            using var shell = agent.StartShell(command.Replace("$(Pipeline.Workspace)", pipeline, StringComparison.Ordinal));
            said += Sandbox.End(shell).Succeeded().Output;
        }

        return said;
    }

    private static void Copy(string from, string to)
    {
        using var copy = Process.Start("cp", ["-r", from, to]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }
}
