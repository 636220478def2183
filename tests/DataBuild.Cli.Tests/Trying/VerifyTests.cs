using System.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Cli.Tests.Trying;

/// <summary>`verify`: jobs run twice, bytes compared.</summary>
public sealed class VerifyTests
{
    [Fact]
    public void What_comes_out_the_same_is_counted_and_nothing_is_left_or_changed()
    {
        using var project = Project.Small();
        project.Build();
        string before = project.Everything();
        var answer = project.Make(project.StubDotnet(), "verify", "raw/{0..100}", "--jobs", "1").Succeeded();
        Assert.Equal("  raw/{0..100} -> 4 of 4 live equal byte for byte\n", answer.Out);
        var report = project.Make(project.StubDotnet(), "verify", "report/{1..3}", "--json").Succeeded().As<VerifyReport>();
        Assert.Equal((3L, 3L, 3L, 0L), (report.Live, report.LookedAt, report.Equal, report.Different));
        Assert.Empty(report.Partitions);
        Assert.Equal(before, project.Everything());
    }

    [Fact]
    public void Two_runs_that_differ_are_shown_with_the_first_byte_and_kept()
    {
        using var project = new Project().With("noise", "mkdir $DATABUILD_OUTPUT_ROOT/$1; echo same > $DATABUILD_OUTPUT_ROOT/$1/a; echo \"made $$\" > $DATABUILD_OUTPUT_ROOT/$1/b");
        project.Build("noise/1");
        var answer = project.Make(project.StubDotnet(), "verify", "noise/{1..9}", "--json");
        Assert.Equal(1, answer.ExitCode);
        var report = answer.As<VerifyReport>();
        Assert.Equal((1L, 0L, 1L), (report.Live, report.Equal, report.Different));
        var partition = Assert.Single(report.Partitions);
        Assert.Equal((Likeness.Different, "b"), (partition.Runs, partition.Difference.File));
        Assert.InRange(partition.Difference.Offset, 5, 12);
        Assert.All(partition.Outputs, output => Assert.Equal("same\n", File.ReadAllText(Path.Combine(output, "noise/1/a"))));
        Assert.Equal(2, partition.Outputs.Count);
    }

    [Fact]
    public void Live_content_that_a_job_does_not_make_any_more_is_found()
    {
        using var project = new Project().With("drift", "cat outside > $DATABUILD_OUTPUT_ROOT/$1");
        File.WriteAllText(Path.Combine(project.Folder, "outside"), "one\n");
        project.Build("drift/1");
        File.WriteAllText(Path.Combine(project.Folder, "outside"), "one\ntwo\n");
        var answer = project.Make(project.StubDotnet(), "verify", "drift/1");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("drift/1  both runs agree and differ from the live content: at byte 4: the live content ends there, the run goes on", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_out_of_date_is_said_to_be_so_and_not_compared()
    {
        using var project = new Project().With("copy", "cat in.txt > $DATABUILD_OUTPUT_ROOT/$1").Source("in", "in.txt");
        project.Graph.Partitions[0].Needs = "in";
        File.WriteAllText(Path.Combine(project.Folder, "in.txt"), "one\n");
        project.Build("copy/1");
        File.WriteAllText(Path.Combine(project.Folder, "in.txt"), "two and more\n");
        var answer = project.Make(project.StubDotnet(), "verify", "copy/1").Succeeded();
        Assert.Contains("copy/1  both runs agree; not compared with the live content, which is out of date: ", answer.Out, StringComparison.Ordinal);
        Assert.Contains("0 of 1 live equal byte for byte, 1 out of date", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_fails_is_no_proof()
    {
        using var project = new Project().With("moody", "[ -e forbidden ] && exit 4; echo fine > $DATABUILD_OUTPUT_ROOT/$1");
        project.Build("moody/{1..2}");
        File.WriteAllText(Path.Combine(project.Folder, "forbidden"), "");
        var answer = project.Make(project.StubDotnet(), "verify", "moody/{1..2}", "--limit", "1");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("moody/1  not verified: DBLD5101 job moody exit 4", answer.Out, StringComparison.Ordinal);
        Assert.Contains("-> 0 of 2 live equal byte for byte, 1 not verified, 1 not looked at", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_live_there_is_nothing_to_verify()
    {
        using var project = Project.Small();
        project.Make(project.StubDotnet(), "verify", "raw/{1..3}").Failed(2, "DBLD2131", "raw/{1..3}");
    }

    [Fact]
    public void An_interrupt_ends_what_runs_and_leaves_nothing()
    {
        using var project = new Project().With("slow", "echo $$ >> pids; [ -e slowly ] && sleep 100; echo x > $DATABUILD_OUTPUT_ROOT/$1");
        project.Build("slow/{1..4}");
        string pids = Path.Combine(project.Folder, "pids");
        File.Delete(pids);
        File.WriteAllText(Path.Combine(project.Folder, "slowly"), "");
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(host, ["exec", Tool.Program, "verify", "slow/{1..4}", "--jobs", "2"]) { WorkingDirectory = project.Folder, RedirectStandardOutput = true };
        start.Environment["DOTNET_HOST_PATH"] = project.StubDotnet();
        using var tool = Process.Start(start)!;
        Assert.True(SpinWait.SpinUntil(() => File.Exists(pids) && File.ReadAllLines(pids).Length == 2, TimeSpan.FromMinutes(1)));
        Process.Start("kill", ["-INT", $"{tool.Id}"]).WaitForExit();
        string output = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        Assert.Equal(130, tool.ExitCode);
        Assert.Contains("; stopped", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(project.TryFolder()));
        Assert.All(File.ReadAllLines(pids), pid => Assert.False(Directory.Exists($"/proc/{pid}")));
    }
}
