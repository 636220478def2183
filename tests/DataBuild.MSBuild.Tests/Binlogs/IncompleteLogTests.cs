using System.IO.Compression;
using DataBuild.V1;

namespace DataBuild.MSBuild.Tests.Binlogs;

/// <summary>A log that is not whole, or not one of ours, is told as far as it goes, or refused with a code.</summary>
public sealed class IncompleteLogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_build_that_was_killed_leaves_a_log_that_tells_its_beginning()
    {
        using var sandbox = new Sandbox(name: "long", engine: Sandbox.Known("Engine"));
        sandbox.WriteProject("""
              <ItemGroup>
                <Job Include="daily" Command="sh daily.sh" />
                <Partition Include="daily/{date}" Job="daily" />
                <Want Include="daily/{2001-01-01..2001-04-30}" />
              </ItemGroup>
            """);

        // What reaches the file before the end is whole pieces of compressed text: each run says something that cannot be compressed.
        sandbox.Write("daily.sh", """
            case $1 in *-04-30) touch started; exec sleep 600;; esac
            echo "daily.sh(1,1): warning X1: $(head -c 1500 /dev/urandom | base64 -w0)"
            echo "$1" > "$DATABUILD_OUTPUT_ROOT/$1"
            """);
        using var build = sandbox.Start(["msbuild", sandbox.Project, "-restore", "-v:m", "-tl:off", "-bl:cut.binlog"]);
        var output = build.StandardOutput.ReadToEndAsync();
        Assert.True(SpinWait.SpinUntil(() => Made(sandbox) == 119, Patience), "the last job did not start");
        build.Kill();
        Assert.True(build.WaitForExit(Patience));

        // Its output ends when nothing that the build had started lives on.
        await output.WaitAsync(Patience);

        var outcome = sandbox.Binlog("cut.binlog").Succeeded();
        outcome.Says("long: the log ends before its result").Says("120 to be made").Says("warning DBLD2154: the end of 'cut.binlog' is missing").Says("daily/2001-01-0");
        Assert.DoesNotContain("2001-04-30", outcome.Output, StringComparison.Ordinal);

        // What the log lacks the next build and the project's own log still know.
        sandbox.Write("daily.sh", """echo "$1" > "$DATABUILD_OUTPUT_ROOT/$1" """);
        sandbox.MSBuild("-p:DataBuildMaxRebuilds=-1", "-bl:next.binlog").Succeeded();
        Assert.Equal(BuildOutcome.Built, Assert.Single(sandbox.BinlogReport("next.binlog").Calls).Result.Outcome);
    }

    [Fact]
    public void A_build_that_was_cancelled_leaves_a_whole_log_with_its_result()
    {
        using var sandbox = new Sandbox(name: "long", engine: Sandbox.Known("Engine"));
        sandbox.WriteProject("""<ItemGroup><Job Include="daily" Command="sh daily.sh" /><Partition Include="daily/{date}" Job="daily" /><Want Include="daily/{2001-01-01..2001-01-05}" /></ItemGroup>""");
        sandbox.Write("daily.sh", """case $1 in *-05) touch started; exec sleep 600;; esac; echo "$1" > "$DATABUILD_OUTPUT_ROOT/$1" """);
        using var build = sandbox.Start(["msbuild", sandbox.Project, "-restore", "-v:m", "-tl:off", "-bl:stopped.binlog"]);
        Assert.True(SpinWait.SpinUntil(() => Made(sandbox) == 4, Patience), "the last job did not start");
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", build.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        Sandbox.End(build).Failed();

        var report = sandbox.BinlogReport("stopped.binlog");
        var call = Assert.Single(report.Calls);
        Assert.True(report.Complete);
        Assert.Equal((BuildOutcome.Canceled, 5L), (call.Result.Outcome, call.RunsHeld));
        Assert.Equal("Canceled", Assert.Single(call.Runs, run => run.Run.Refs[0] == "daily/2001-01-05").Run.State);
        sandbox.Binlog("stopped.binlog").Succeeded().Says("long: stopped: 4 built, 5 runs").DoesNotSay("DBLD2154");
    }

    [Fact]
    public void What_is_no_log_or_none_of_ours_or_damaged_is_said_to_be_so()
    {
        using var sandbox = new Sandbox(name: "weather", engine: Sandbox.Known("Engine"));
        Weather.Write(sandbox, "", "weather");
        sandbox.MSBuild("-restore", "-bl:good.binlog").Succeeded();
        sandbox.Write("other.proj", """<Project><Target Name="Build"><Message Text="nothing of ours" /></Target></Project>""");
        sandbox.Dotnet("msbuild", "other.proj", "-bl:other.binlog").Succeeded();
        byte[] good = File.ReadAllBytes(sandbox.PathOf("good.binlog"));

        Code("DBLD2151", sandbox.Binlog("absent.binlog"));
        Code("DBLD2152", sandbox.Binlog(Write(sandbox, "empty", [])));
        Code("DBLD2152", sandbox.Binlog(Write(sandbox, "text", [.. "This is a letter to a friend."u8])));
        Code("DBLD2152", sandbox.Binlog(Write(sandbox, "begun", good[..20])));
        Code("DBLD2155", sandbox.Binlog(Write(sandbox, "newer", Compressed([.. BitConverter.GetBytes(1000), .. BitConverter.GetBytes(1000), 0, 0, 0, 0]))));
        Code("DBLD2153", sandbox.Binlog("other.binlog"));
        sandbox.Binlog(Write(sandbox, "short", good[..^20])).Succeeded().Says("weather: ").Says("warning DBLD2154");
        foreach (int part in (int[])[1, 2, 3])
        {
            byte[] damaged = [.. good];
            damaged.AsSpan(good.Length * part / 4, 64).Fill(0xA5);
            var outcome = sandbox.Binlog(Write(sandbox, $"damaged{part}", damaged));
            outcome.DoesNotSay("internal error").DoesNotSay("   at ");
            Assert.True(outcome.Output.Contains("DBLD2152", StringComparison.Ordinal) || outcome.Output.Contains("DBLD2153", StringComparison.Ordinal) || outcome.Output.Contains("DBLD2154", StringComparison.Ordinal), outcome.Output);
        }
    }

    [Fact]
    public void A_record_that_cannot_be_written_is_a_warning_and_no_reason_to_fail()
    {
        using var sandbox = new Sandbox(name: "weather", engine: Sandbox.Known("Engine"));
        Weather.Write(sandbox, "", "weather");
        sandbox.Write("obj/databuild/binlog", "a file where a folder is to be");

        sandbox.MSBuild("-restore", "-bl:out.binlog").Succeeded().Says("warning DBLD2150:").Says("6 built");

        // The runs themselves are events of the log, too.
        Assert.Equal(6, Assert.Single(sandbox.BinlogReport("out.binlog").Calls).RunsHeld);
    }

    /// <summary>How many partitions there are once the job that does not end has begun; 0 before.</summary>
    private static int Made(Sandbox sandbox) =>
        sandbox.Has("started") && Directory.Exists(sandbox.PathOf("data/daily")) ? Directory.GetFiles(sandbox.PathOf("data/daily")).Length : 0;

    private static void Code(string code, Outcome outcome)
    {
        Assert.True(outcome.ExitCode == 2, outcome.Output);
        Assert.StartsWith($"databuild: error {code}: ", outcome.Output, StringComparison.Ordinal);
        Assert.Single(outcome.Output.TrimEnd().Split('\n'));
    }

    private static string Write(Sandbox sandbox, string name, byte[] bytes)
    {
        File.WriteAllBytes(sandbox.PathOf(name + ".binlog"), bytes);
        return name + ".binlog";
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }
}
