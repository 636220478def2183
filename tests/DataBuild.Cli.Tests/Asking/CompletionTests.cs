using System.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Cli.Tests.Asking;

public sealed class CompletionTests
{
    [Fact]
    public void Verbs_options_and_values_are_suggested()
    {
        using var project = Project.Small();
        project.Build();
        string[] Suggest(string line) => project.Ask($"[suggest:{line.Length}]", line).Succeeded().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["want", "wants"], Suggest("databuild wan"));
        Assert.Equal(["--after"], Suggest("databuild partitions --af"));
        Assert.Equal(["backup", "restore", "verify"], Suggest("databuild log "));
        Assert.Equal(["dot", "mermaid", "text"], Suggest("databuild graph --format "));
        Assert.Equal(["raw/", "report/"], Suggest("databuild why "));
        Assert.Equal(["report/1", "report/2", "report/3"], Suggest("databuild why report/"));
        Assert.Equal(["raw", "report"], Suggest("databuild runs --job "));
        Assert.Equal(["MissedDeps"], Suggest("databuild runs --state Mis"));
        var runs = project.Ask("runs", "--json").As<RunsReport>().Runs;
        Assert.Equal(runs.Select(run => run.RunId).Order(StringComparer.Ordinal), Suggest("databuild run "));
        Assert.Equal(project.Ask("wants", "--json").As<WantsReport>().Wants.Select(want => want.WantId), Suggest("databuild log --want "));
        Assert.Equal(["report/1"], Suggest($"databuild why --log {project.Log} report/1"));
    }

    [Fact]
    public void Values_are_few_and_without_a_log_there_are_none()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{0..299}");
        Assert.Equal("", project.Ask("[suggest:14]", "databuild why ").Succeeded().Out);
        project.Build();
        Assert.Equal(50, project.Ask("[suggest:18]", "databuild why raw/").Succeeded().Out.Count(c => c == '\n'));
    }

    /// <summary>The shells that are there; bash always is.</summary>
    [Theory]
    [InlineData("bash", "want wants\nreport/1 report/2 report/3\nreport/")]
    [InlineData("zsh", "")]
    [InlineData("fish", "want\nwants\nreport/1\nreport/2\nreport/3\nreport/")]
    public async Task A_shell_completes_by_its_script(string shell, string expected)
    {
        if (!File.Exists($"/usr/bin/{shell}") && !File.Exists($"/bin/{shell}"))
        {
            return;
        }

        using var project = Project.Small();
        project.Build();
        string tool = Path.Combine(project.Folder, "databuild");
        File.WriteAllText(tool, $"#!/bin/sh\nexec dotnet exec '{Tool.Program}' \"$@\"\n");
        File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string script = Path.Combine(project.Folder, "complete");
        File.WriteAllText(script, shell switch
        {
            "bash" => """
                eval "$(databuild completion bash)"
                complete() { COMP_LINE="$1"; COMP_POINT=${#1}; read -ra COMP_WORDS <<< "$1"; COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 )); _databuild 2>/dev/null; echo "${COMPREPLY[*]}"; }
                complete "databuild wan"; complete "databuild why report/"; complete "databuild why rep"
                """,
            "zsh" => "databuild completion zsh > c.zsh && zsh -n c.zsh",
            _ => """
                databuild completion fish | source
                complete -C "databuild wan"; complete -C "databuild why report/"; complete -C "databuild why rep"
                """,
        });
        var start = new ProcessStartInfo(shell, [script]) { WorkingDirectory = project.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{project.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        Assert.Equal(expected, output.Trim());
        Assert.Equal(0, process.ExitCode);
    }
}
