using System.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Cli.Tests.Trying;

/// <summary>`try`: one job, one ref, here and now, without effect.</summary>
public sealed class TryTests
{
    [Fact]
    public void A_try_says_what_came_of_it_and_leaves_everything_as_it_was()
    {
        using var project = Project.Small();
        project.Build();
        string before = project.Everything();
        var answer = project.Make(project.StubDotnet(), "try", "report/1").Succeeded();
        Assert.Equal("", answer.Out);
        Assert.Contains("report/1 by job report: exit 0 after ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("done: 14 B, content ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("equal to the live one", answer.Error, StringComparison.Ordinal);
        Assert.Equal(before, project.Everything());
    }

    [Fact]
    public void Json_is_the_report_alone_and_what_the_job_prints_is_on_stderr()
    {
        using var project = new Project().With("say", "echo spoken; echo 'databuild:read-deps say/7'; echo new > $DATABUILD_OUTPUT_ROOT/$1");
        var answer = project.Make(project.StubDotnet(), "try", "say/1", "--json", "--keep").Succeeded();
        var report = answer.As<TryReport>();
        Assert.Equal(("say/1", "say", 0, Likeness.NothingLive), (report.Ref, report.Job, report.ExitCode, report.Live));
        Assert.Equal("say/7", Assert.Single(Assert.Single(report.Messages).ReadDeps.Refs));
        Assert.Equal(["bash", "say.sh", "say/1"], report.CommandLine);
        Assert.Equal("new\n", File.ReadAllText(Path.Combine(report.Output, "say/1")));
        Assert.Contains("spoken", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(project.Folder, "data")));
        Assert.False(File.Exists(project.Log));
    }

    [Fact]
    public void The_job_reads_what_is_piped_in_and_its_output_passes_as_it_is()
    {
        using var project = new Project().With("echo", "cat; cat > $DATABUILD_OUTPUT_ROOT/$1 < /dev/null; printf '\\377 no line end'");
        string dotnet = project.StubDotnet();
        var answer = Tool.Run(project.Folder, Tool.Program, environment => environment["DOTNET_HOST_PATH"] = dotnet, "typed before\n", "try", "echo/1").Succeeded();
        Assert.Equal("typed before\n\ufffd no line end", answer.Out);
    }

    [Fact]
    public void What_a_job_lacks_is_listed_and_its_output_kept()
    {
        using var project = new Project().With("lack", "echo 'databuild:missing-deps lack/2 lack/3'; echo part > $DATABUILD_OUTPUT_ROOT/$1.part; exit 75");
        var answer = project.Make(project.StubDotnet(), "try", "lack/1");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("exit 75 after ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("lacks 2 inputs: lack/2, lack/3", answer.Error, StringComparison.Ordinal);
        Assert.Contains("unasked   lack/1.part", answer.Error, StringComparison.Ordinal);
        Assert.Equal("part\n", File.ReadAllText(Assert.Single(Directory.GetFiles(project.TryFolder(), "1.part", SearchOption.AllDirectories))));
    }

    [Theory]
    [InlineData("echo broken >&2; exit 3", "failed: DBLD5101 job bad exit 3, \"broken\"")]
    [InlineData("exit 0", "left nothing at DATABUILD_OUTPUT_ROOT/bad/1")]
    [InlineData("ln -s /etc $DATABUILD_OUTPUT_ROOT/$1", "is a symbolic link")]
    [InlineData("echo '{ \"partition_failed\": { \"reason\": \"no such day\" } }' > $DATABUILD_MESSAGES_FILE", "no such day")]
    public void A_failure_is_what_a_build_would_say(string script, string text)
    {
        using var project = new Project().With("bad", script);
        var answer = project.Make(project.StubDotnet(), "try", "bad/1");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains(text, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_that_is_not_live_is_a_warning_and_no_obstacle()
    {
        using var project = Project.Small();
        var answer = project.Make(project.StubDotnet(), "try", "report/1").Succeeded();
        Assert.Contains("p.dbproj: warning DBLD2133: raw/1, which report/1 needs, is not live", answer.Error, StringComparison.Ordinal);
        Assert.Contains("nothing of it is live", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_try_needs_no_lease()
    {
        using var project = Project.Small();
        project.Build();
        using var lease = await Lease.AcquireAsync(project.Log, _ => { }, cancellation: CancellationToken.None);
        project.Make(project.StubDotnet(), "try", "report/1").Succeeded();
    }

    [Fact]
    public void What_cannot_be_tried_is_an_error_with_a_code()
    {
        using var project = Project.Small().Source("csv/{n:int}", "{n}.csv");
        string dotnet = project.StubDotnet();
        project.Make(dotnet, "try", "csv/1").Failed(2, "DBLD2130", "csv/1");
        project.Make(dotnet, "try", "rprt/1").Failed(2, "DBLD2103", "rprt/1", "report/{n:int}");
        Assert.Equal(2, project.Make(project.Stub("exit 1"), "try", "report/1", "--print").ExitCode);
    }

    [Fact]
    public void A_state_directory_that_takes_no_scratch_folder_is_named()
    {
        using var project = new Project().With("say", "true");
        Directory.CreateDirectory(Path.GetDirectoryName(project.TryFolder())!);
        File.WriteAllText(project.TryFolder(), "in the way");
        project.Make(project.StubDotnet(), "try", "say/1").Failed(2, "DBLD2132", project.TryFolder());
    }

    [Fact]
    public void The_printed_script_does_in_bash_what_the_job_does_and_shows_no_secret()
    {
        using var project = new Project()
            .Source("csv/{n:int}", "it's {n}.csv")
            .With("odd", "env | sort; cat \"$DATABUILD_PARTITIONS_FILE\" \"$DATABUILD_SOURCES_FILE\"; pwd; echo \"$1 $SECRET\" > \"$DATABUILD_OUTPUT_ROOT/$1\"", job =>
            {
                job.Environment = "QUOTED=it's $HOME `x` \"y\" \\ !1";
                job.PassEnvironment = "SECRET;UNSET";
                job.WorkingDirectory = ".";
            });
        project.Graph.Partitions[0].Needs = "csv/{n}";
        File.WriteAllText(Path.Combine(project.Folder, "it's 1.csv"), "x");
        string dotnet = project.StubDotnet();
        var answer = Tool.Run(
            project.Folder, Tool.Program, environment => (environment["DOTNET_HOST_PATH"], environment["SECRET"]) = (dotnet, "hush-hush"), "", "try", "odd/1", "--print").Succeeded();
        Assert.DoesNotContain("hush-hush", answer.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(project.TryFolder()));

        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SECRET"] = "hush-hush";
        using var bash = Process.Start(start)!;
        bash.StandardInput.Write(answer.Out);
        bash.StandardInput.Close();
        string output = bash.StandardOutput.ReadToEnd();
        string error = bash.StandardError.ReadToEnd();
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
        string scratch = error.Split("scratch folder: ")[1].Trim();
        Assert.Equal("odd/1 hush-hush\n", File.ReadAllText(Path.Combine(scratch, "out/odd/1")));
        Assert.Contains("QUOTED=it's $HOME `x` \"y\" \\ !1\n", output, StringComparison.Ordinal);
        Assert.Contains($"\nodd/1\n{{\"csv/1\":\"{project.Folder}/it\\u0027s 1.csv\"}}{project.Folder}\n", output, StringComparison.Ordinal);
        Assert.Contains($"DATABUILD_DATA_ROOT={project.Folder}/data\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("UNSET", output, StringComparison.Ordinal);
        Directory.Delete(scratch, recursive: true);
    }

    [Fact]
    public void The_printed_command_as_json_names_what_is_passed_and_not_its_value()
    {
        using var project = new Project().With("say", "true", job => job.PassEnvironment = "HOME");
        var command = project.Make(project.StubDotnet(), "try", "say/1", "--print", "--json").Succeeded().As<TryCommand>();
        var home = Assert.Single(command.Environment, variable => variable.Name == "HOME");
        Assert.Equal((true, ""), (home.Passed, home.Value));
        Assert.Equal("$scratch/out", Assert.Single(command.Environment, variable => variable.Name == "DATABUILD_OUTPUT_ROOT").Value);
        Assert.Equal(["bash", "say.sh", "say/1"], command.CommandLine);
        Assert.Equal(project.Folder, command.WorkingDirectory);
    }
}
