using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Cli.Tests;

public sealed class ArgumentTests
{
    [Fact]
    public void Wrong_arguments_are_one_line_that_says_where_help_is()
    {
        using var project = new Project();
        project.Ask("stauts").Failed(2, "DBLD2101", "stauts", "build, plan, serve, status, wants", "taint", "databuild --help");
        project.Ask("status", "--jsn").Failed(2, "DBLD2101", "--jsn", "databuild status --help");
        project.Ask("why").Failed(2, "DBLD2101", "databuild why --help");
        project.Ask("log", "--limit", "0").Failed(2, "DBLD2101", "--limit");
        project.Ask("log", "--since", "x").Failed(2, "DBLD2101", "x");
    }

    [Fact]
    public void Help_lists_the_verbs()
    {
        using var project = new Project();
        var help = project.Ask("--help").Succeeded();
        Assert.All((string[])["build", "plan", "status", "why", "log", "--json", "--project"], word => Assert.Contains(word, help.Out, StringComparison.Ordinal));
        Assert.Equal((2, help.Out), (project.Ask().ExitCode, project.Ask().Out));
    }

    [Fact]
    public void Questions_without_a_log_say_which_one_is_missing()
    {
        using var project = new Project();
        project.Ask("status").Failed(2, "DBLD6001", Path.Combine(project.Folder, ".databuild", "log.db"));
        project.Ask("why", "raw/1", "--state-directory", "elsewhere").Failed(2, "DBLD6001", Path.Combine(project.Folder, "elsewhere", "log.db"));
        project.Ask("log", "--log", "my.db").Failed(2, "DBLD6001", Path.Combine(project.Folder, "my.db"));
        project.Ask("status", "--project", "p.dbproj").Failed(2, "DBLD6001");
    }

    [Fact]
    public void A_file_that_is_no_log_is_refused_and_a_damaged_event_is_named()
    {
        using var project = Project.Small();
        File.WriteAllText(Path.Combine(project.Folder, "text.db"), new string('x', 5000));
        project.Ask("status", "--log", "text.db").Failed(2, "DBLD6002", "text.db");

        project.Build();
        byte[] bytes = File.ReadAllBytes(project.Log);
        int at = bytes.AsSpan().IndexOf("raw/{n+1}"u8);
        Assert.True(at > 0);
        bytes[at] ^= 1;
        File.WriteAllBytes(project.Log, bytes);
        project.Ask("status").Failed(1, "DBLD6005", "offset 1");
    }

    [Fact]
    public void A_log_that_holds_nothing_yet_has_a_status_and_no_answers()
    {
        using var project = new Project();
        Directory.CreateDirectory(Path.Combine(project.Folder, ".databuild"));
        SqliteBuildEventLog.OpenWriter(new LogOptions { Path = project.Log }).Dispose();
        Assert.Contains("no graph yet", project.Ask("status").Succeeded().Out, StringComparison.Ordinal);
        Assert.Equal(0ul, project.Ask("status", "--json").Succeeded().As<StatusReport>().Log.Events);
        project.Ask("why", "raw/1").Failed(2, "DBLD2104", "raw/1");
    }

    [Fact]
    public void An_unknown_ref_comes_with_the_nearest_pattern()
    {
        using var project = Project.Small();
        project.Build();
        project.Ask("why", "reprot/1").Failed(2, "DBLD2103", "reprot/1", "Did you mean the pattern 'report/{n:int}'?");
        project.Ask("why", "../etc").Failed(2, "DBLD2103", "../etc");
    }

    [Fact]
    public void The_log_is_found_from_project_folder_state_directory_and_file_alike()
    {
        using var project = Project.Small();
        project.Build();
        string expected = project.Ask("why", "raw/1", "--json").Succeeded().Out;
        Assert.Equal(expected, project.Ask("--project", project.Folder, "why", "raw/1", "--json").Succeeded().Out);
        Assert.Equal(expected, project.Ask("--project", "p.dbproj", "why", "raw/1", "--json").Succeeded().Out);
        Assert.Equal(expected, project.Ask("why", "raw/1", "--json", "--state-directory", ".databuild/").Succeeded().Out);
        Assert.Equal(expected, project.Ask("why", "raw/1", "--json", "--log", ".databuild/log.db").Succeeded().Out);
    }

    [Fact]
    public void The_engine_starts_without_what_only_the_verbs_need()
    {
        using var project = new Project();
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Where(file => Path.GetFileName(file) is not "System.CommandLine.dll" && !Path.GetFileName(file).StartsWith("Spectre", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(project.Folder, Path.GetFileName(file)));
        }

        File.Copy(Path.ChangeExtension(Tool.Program, ".runtimeconfig.json"), Path.Combine(project.Folder, "DataBuild.Cli.runtimeconfig.json"));
        string program = Path.Combine(project.Folder, "DataBuild.Cli.dll");

        // An empty request is of protocol version 0: the engine greets and says that it does not speak it.
        Assert.Equal(3, Tool.Run(project.Folder, program, _ => { }, "\0", "engine").ExitCode);
        Assert.Equal(70, Tool.Run(project.Folder, program, _ => { }, "", "status").ExitCode);
    }
}
