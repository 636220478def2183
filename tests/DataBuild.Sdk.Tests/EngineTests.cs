using System.Text;
using DataBuild.V1;

namespace DataBuild.Sdk.Tests;

/// <summary>An engine that is missing, dies, talks nonsense or doesn't stop gives one coded error and leaves nothing running.</summary>
public sealed class EngineTests
{
    private const string Empty = "<Project Sdk=\"DataBuild.Sdk\" />";

    [Fact]
    public void Each_way_to_fail_gives_one_coded_error_and_leaves_nothing_running()
    {
        using var sandbox = new Sandbox();
        var hello = new EngineMessage { Hello = new Hello { ProtocolVersion = 99, EngineVersion = "9.9.9" } };
        var lines = new Dictionary<string, object[]>
        {
            ["dies"] = ["#child", "#stderr Unhandled exception: boom", "#exit 134"],
            ["garbage"] = ["#no-hello", "#stdout Hello, I am another program altogether"],
            ["newer"] = ["#no-hello", hello, "#await-end-of-input"],
            ["impolite"] = ["#no-hello", Say.Line("hi"), "#await-end-of-input"],
            ["silent"] = [Say.Result(BuildOutcome.Failed)],
            ["stopped"] = [Say.Result(BuildOutcome.Canceled)],
            ["lingers"] = [Say.Result(BuildOutcome.UpToDate, "fine"), "#hang"],
        };
        foreach (var (name, script) in lines)
        {
            WriteScripted(sandbox, name, script);
        }

        sandbox.Write("absent/absent.dbproj", "<Project Sdk=\"DataBuild.Sdk\"><PropertyGroup><DataBuildEnginePath>/no/such/engine.dll</DataBuildEnginePath></PropertyGroup></Project>");
        sandbox.Write("hostless/hostless.dbproj", "<Project Sdk=\"DataBuild.Sdk\"><PropertyGroup><DataBuildEngineHost>/no/such/dotnet</DataBuildEngineHost></PropertyGroup></Project>");
        sandbox.Write("all.proj", """
            <Project>
              <ItemGroup><All Include="*/*.dbproj" /></ItemGroup>
              <Target Name="Build"><MSBuild Projects="@(All)" StopOnFirstFailure="false" /></Target>
            </Project>
            """);
        sandbox.Project = "all.proj";

        var outcome = sandbox.MSBuild().Failed();

        outcome.Says("dies.dbproj : error DBLD2003: the engine ended without a result (exit code 134, last words: Unhandled exception: boom); processes that it left and that were ended: 1; build again")
            .Says("garbage.dbproj : error DBLD2005:").Says("I am another program")
            .Says("newer.dbproj : error DBLD2004: this task speaks version 1 of the engine's contract and engine 9.9.9 speaks 99")
            .Says("impolite.dbproj : error DBLD2005: the engine's first message was 'Line'")
            .Says("silent.dbproj : error DBLD2007:")
            .Says("stopped.dbproj : error DBLD2008:")
            .Says("lingers.dbproj : warning DBLD2009:")
            .Says("absent.dbproj : error DBLD2001: the engine is not at '/no/such/engine.dll'")
            .Says("hostless.dbproj : error DBLD2002:")
            .DoesNotSay("MSB4181").DoesNotSay("MSB4018");
        foreach (var code in new[] { "2001", "2002", "2003", "2004", "2007", "2008", "2009" })
        {
            Assert.Equal(1, outcome.Count("DBLD" + code));
        }

        Assert.Equal(BuildOutcome.Failed, BuildResult.Parser.ParseJson(sandbox.Read("dies/obj/databuild/result.json")).Outcome);
        Assert.Empty(Marked(sandbox.Read("dies/child.marker")));
    }

    [Fact]
    public void A_cancelled_build_stops_its_engine_or_ends_it()
    {
        using var sandbox = new Sandbox();
        WriteScripted(sandbox, "obeys", [Say.Line("waiting"), "#await-end-of-input", Say.Result(BuildOutcome.Canceled, "stopped as asked"), "#tell stopped"]);
        WriteScripted(sandbox, "hangs", ["#child", Say.Line("waiting"), "#hang"]);

        var (polite, took) = Cancel(sandbox, "obeys/obeys.dbproj");
        Assert.NotEqual(0, polite.ExitCode);
        polite.Says("obeys -> stopped as asked").DoesNotSay("DBLD").DoesNotSay("MSB4181");
        Assert.True(File.Exists(sandbox.PathOf("obeys/stopped")));
        Assert.True(took < TimeSpan.FromSeconds(20), $"took {took}");

        var (forced, _) = Cancel(sandbox, "hangs/hangs.dbproj", "-p:DataBuildCancelTimeout=500ms");
        Assert.NotEqual(0, forced.ExitCode);
        forced.Says("hangs.dbproj : warning DBLD2006:").DoesNotSay("MSB4181");
        Assert.Empty(Marked(sandbox.Read("hangs/child.marker")));
    }

    private static (Outcome Outcome, TimeSpan Took) Cancel(Sandbox sandbox, string project, params string[] arguments)
    {
        using var process = sandbox.Start(["msbuild", project, "-nologo", "-v:m", "-tl:off", .. arguments]);
        var output = new StringBuilder();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            output.AppendLine(line);
            if (line.Trim() == "waiting")
            {
                break;
            }
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        var end = Sandbox.End(process);
        return (end with { Output = output + end.Output }, watch.Elapsed);
    }

    private static void WriteScripted(Sandbox sandbox, string name, object[] script)
    {
        sandbox.Write($"{name}/{name}.dbproj", Empty);
        sandbox.Script(script);
        File.Move(sandbox.PathOf("engine.script"), sandbox.PathOf($"{name}/engine.script"));
    }

    private static List<string> Marked(string marker) =>
        [.. Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]) && EnvironmentOf(folder).Contains(marker, StringComparison.Ordinal))];

    private static string EnvironmentOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
