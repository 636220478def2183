using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution;

public sealed class EnvironmentTests
{
    private static readonly RunRequest Request = new()
    {
        RunId = "0193aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee",
        Job = "daily",
        Command = ["x"],
        Refs = ["a"],
        Attempt = 3,
        WorkingDirectory = "/w",
        Environment = [],
        PassEnvironment = [],
        DataRoot = "/data",
        OutputRoot = "/out",
        LogDirectory = "/log",
        SourcesFile = "/sources.json",
        Timeout = null,
    };

    [Fact]
    public void Only_a_few_variables_of_the_engines_environment_reach_a_job()
    {
        var environment = Write(Request, new()
        {
            ["PATH"] = "/bin", ["HOME"] = "/home/u", ["LANG"] = "C", ["LC_ALL"] = "de", ["TMPDIR"] = "/t", ["DOTNET_ROOT"] = "/dotnet",
            ["DOTNET_CLI_HOME"] = "x", ["MSBuildSDKsPath"] = "x", ["MSBUILD_EXE_PATH"] = "x", ["SECRET"] = "x", ["DATABUILD_ENGINE"] = "outer", ["LD_PRELOAD"] = "x",
        });

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["PATH"] = "/bin", ["HOME"] = "/home/u", ["LANG"] = "C", ["LC_ALL"] = "de", ["TMPDIR"] = "/t", ["DOTNET_ROOT"] = "/dotnet",
                ["DATABUILD_ENGINE"] = "log-1/7",
                ["DATABUILD_JOB"] = "daily",
                ["DATABUILD_JOB_RUN_ID"] = Request.RunId,
                ["DATABUILD_ATTEMPT"] = "3",
                ["DATABUILD_DATA_ROOT"] = "/data",
                ["DATABUILD_OUTPUT_ROOT"] = "/out",
                ["DATABUILD_PARTITIONS_FILE"] = "/refs",
                ["DATABUILD_MESSAGES_FILE"] = "/messages",
                ["DATABUILD_SOURCES_FILE"] = "/sources.json",
                ["TRACEPARENT"] = environment["TRACEPARENT"],
            },
            environment);
    }

    [Fact]
    public void What_a_job_declares_goes_before_what_it_inherits_and_what_is_passed_before_both_and_the_protocol_before_all()
    {
        var request = Request with
        {
            Environment = [new("HOME", "/declared"), new("A", "1"), new("A", "2"), new("TOKEN", "declared"), new("DATABUILD_JOB", "other"), new("DATABUILD_OWN", "kept")],
            PassEnvironment = ["TOKEN"],
        };
        var environment = Write(request, new() { ["HOME"] = "/home/u", ["TOKEN"] = "secret" });

        Assert.Equal("/declared", environment["HOME"]);
        Assert.Equal("2", environment["A"]);
        Assert.Equal("secret", environment["TOKEN"]);
        Assert.Equal("daily", environment["DATABUILD_JOB"]);
        Assert.Equal("kept", environment["DATABUILD_OWN"]);
    }

    [Fact]
    public void A_variable_to_be_passed_that_is_not_set_is_a_warning_that_names_it()
    {
        var diagnostics = new List<Diagnostic>();
        var environment = Write(Request with { PassEnvironment = ["API_KEY"] }, [], diagnostics);

        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal(Rules.PassEnvironmentUnset.Code, diagnostic.Code);
        Assert.Equal(Severity.Warning, diagnostic.Severity);
        Assert.Contains("API_KEY", diagnostic.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("API_KEY", environment.Keys);
    }

    [Fact]
    public async Task A_job_sees_that_environment_and_no_other()
    {
        await using var bench = new Bench();
        var result = await bench.Run(bench.Request("/usr/bin/env") with { Environment = [new("ÄÖ", "ü ß\n€")], PassEnvironment = ["HOME"] });

        var seen = File.ReadAllText(Path.Combine(result.LogDirectory, "stdout.log"));
        Assert.Contains("ÄÖ=ü ß\n€\n", seen, StringComparison.Ordinal);
        Assert.Contains($"DATABUILD_ENGINE={bench.Marker}\n", seen, StringComparison.Ordinal);
        Assert.Contains($"DATABUILD_JOB_RUN_ID={result.RunId}\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("DATABUILD_SOURCES_FILE", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("VSTEST", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_trace_context_is_derived_from_the_run_and_of_the_prescribed_form()
    {
        Assert.Matches("^00-0193aaaabbbb7ccc8dddeeeeeeeeeeee-[0-9a-f]{16}-01$", TraceParent.Of(Request.RunId));
        Assert.Matches("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$", TraceParent.Of("no uuid"));
        Assert.Equal(TraceParent.Of("a"), TraceParent.Of("a"));
        Assert.NotEqual(TraceParent.Of("a"), TraceParent.Of("b"));
    }

    private static unsafe Dictionary<string, string> Write(RunRequest request, Dictionary<string, string> engines, List<Diagnostic>? diagnostics = null)
    {
        using var strings = new NativeStrings();
        var found = diagnostics ?? [];
        new JobEnvironment(engines, "log-1/7").Write(strings, request, "/refs", "/messages", found);
        if (diagnostics is null)
        {
            Assert.Empty(found);
        }

        var environment = new Dictionary<string, string>();
        for (var index = 0; index < strings.Count; index++)
        {
            var variable = System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)strings[index])!;
            var end = variable.IndexOf('=', StringComparison.Ordinal);
            environment.Add(variable[..end], variable[(end + 1)..]);
        }

        return environment;
    }
}
