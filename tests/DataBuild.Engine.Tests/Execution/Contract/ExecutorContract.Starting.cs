using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Tests.Contract;

/// <summary>What a job is given, and what keeps it from starting.</summary>
public abstract partial class ExecutorContract
{
    private static readonly string[] Awkward =
        ["", " ", "a b", "it's", "\"quoted\"", "$HOME", "`date`", "*", "a\nb", "ä/ü€😀", "\\", "-n", "--", "'", "a=b", "|", "!", "~"];

    [ContractFact]
    public async Task Arguments_and_refs_arrive_as_they_are_and_the_same_refs_are_in_the_partitions_file()
    {
        string[] refs = ["täglich/2001-01-01", "it's/a b", "x/$(reboot)"];
        var request = Request(["/bin/sh", "-c", "printf '<%s>\\n' \"$@\"; cat \"$DATABUILD_PARTITIONS_FILE\" >&2; cat", "sh", .. Awkward]) with { Refs = refs };
        var result = await Run(request);

        Assert.Equal(RunEnding.Exited, result.Ending);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(string.Concat(Awkward.Concat(refs).Select(word => $"<{word}>\n")), Output(result));
        Assert.Equal(string.Concat(refs.Select(name => name + "\n")), Output(result, "stderr"));
        Assert.Equal([.. request.Command, .. refs], result.CommandLine);
    }

    [ContractFact]
    public async Task A_job_finds_its_environment_and_no_other()
    {
        System.Environment.SetEnvironmentVariable("CONTRACT_SECRET", "it's a \"secret\" $HOME\nof two lines");
        System.Environment.SetEnvironmentVariable("CONTRACT_NOT_PASSED", "x");
        var request = Request("/usr/bin/env", "-0") with
        {
            Environment = [new("EIGEN_1", "ü ß\n€"), new("CONTRACT_SECRET", "declared"), new("DATABUILD_JOB", "overridden"), new("ÄÖ", "odd name"), new("PWD", "/kept"), new("EMPTY", "")],
            PassEnvironment = ["CONTRACT_SECRET"],
            SourcesFile = "/sources of.json",
        };
        var result = await Run(request);

        var seen = Output(result).Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => entry.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        var expected = System.Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(variable => ((string)variable.Key, (string)variable.Value!))
            .Where(variable => variable.Item1 is "PATH" or "HOME" or "LANG" or "TMPDIR" || variable.Item1.StartsWith("LC_", StringComparison.Ordinal)
                || (variable.Item1.StartsWith("DOTNET_", StringComparison.Ordinal) && !variable.Item1.StartsWith("DOTNET_CLI_", StringComparison.Ordinal)))
            .ToDictionary(variable => variable.Item1, variable => variable.Item2);
        expected["EIGEN_1"] = "ü ß\n€";
        expected["CONTRACT_SECRET"] = "it's a \"secret\" $HOME\nof two lines";
        expected["ÄÖ"] = "odd name";
        expected["PWD"] = "/kept";
        expected["EMPTY"] = "";
        expected["DATABUILD_ENGINE"] = MarkerOf(request.RunId);
        expected["DATABUILD_JOB"] = "täglich";
        expected["DATABUILD_JOB_RUN_ID"] = request.RunId;
        expected["DATABUILD_ATTEMPT"] = "2";
        expected["DATABUILD_DATA_ROOT"] = request.DataRoot;
        expected["DATABUILD_OUTPUT_ROOT"] = request.OutputRoot;
        expected["DATABUILD_SOURCES_FILE"] = "/sources of.json";
        expected["DATABUILD_PARTITIONS_FILE"] = seen["DATABUILD_PARTITIONS_FILE"];
        expected["DATABUILD_MESSAGES_FILE"] = seen["DATABUILD_MESSAGES_FILE"];
        expected["TRACEPARENT"] = seen["TRACEPARENT"];
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), seen.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Empty(result.Diagnostics);
    }

    [ContractFact]
    public async Task A_run_works_in_its_folder_with_an_empty_stdin_and_is_told_to_have_started()
    {
        var request = Shell("pwd; cat; echo made > \"$DATABUILD_OUTPUT_ROOT/file\"; umask");
        var result = await Run(request);
        var start = await Sink.WhenStarted(request.RunId);

        Assert.StartsWith(Folder + "\n", Output(result), StringComparison.Ordinal);
        Assert.Equal("made\n", File.ReadAllText(Path.Combine(request.OutputRoot, "file")));
        Assert.Equal(request.RunId, start.RunId);
        Assert.NotEqual("", start.Host);
        Assert.Equal(["started", "ended"], Sink.Order.Select(one => one.What));
        Assert.InRange(result.Started, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddSeconds(1));
        var mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Umask:", StringComparison.Ordinal)).Split('\t')[1];
        Assert.Equal(mask, Output(result).Split('\n')[1]);
    }

    [ContractFact]
    public async Task Refs_that_no_command_line_can_hold_are_in_the_partitions_file_alone()
    {
        var request = Shell("echo $#; wc -l < \"$DATABUILD_PARTITIONS_FILE\"") with { Refs = [.. Enumerable.Range(0, 20_000).Select(number => $"some/rather/long/name/of/a/ref/so/that/they/fill/more/than/a/megabyte/{number}")] };
        var result = await Run(request);

        Assert.Equal("0\n20000\n", Output(result));
        Assert.Equal(request.Command, result.CommandLine);
    }

    [ContractFact]
    public async Task What_cannot_start_is_told_by_the_code_of_its_reason()
    {
        WriteScript("no-interpreter", "#!/no/such/interpreter\n");
        WriteScript("windows", "#!/bin/sh\r\nexit 0\r\n");
        WriteScript("not-executable", "#!/bin/sh\n", executable: false);
        WriteScript("text", "hello\n");
        var gone = Shell("exit 0");
        Directory.Delete(gone.OutputRoot);
        (RunRequest Request, DiagnosticRule Rule)[] cases =
        [
            (Request("no-such-command-anywhere"), Rules.CommandNotFound),
            (Request("./missing"), Rules.CommandNotFound),
            (Request("./not-executable"), Rules.CommandNotExecutable),
            (Request(Folder), Rules.CommandNotExecutable),
            (Request("./no-interpreter"), Rules.InterpreterNotFound),
            (Request("./windows"), Rules.InterpreterNotFound),
            (Request("./text"), Rules.CommandFormat),
            (Shell("exit 0") with { WorkingDirectory = Path.Combine(Folder, "nowhere") }, Rules.WorkingDirectoryMissing),
            (Request("/bin/echo", "a\0b"), Rules.CommandUnusable),
            (gone, Rules.OutputRootGone),
        ];
        foreach (var (request, _) in cases)
        {
            Executor.Start(request);
        }

        foreach (var (request, rule) in cases)
        {
            var result = await Sink.WhenEnded(request.RunId);
            Assert.Equal((RunEnding.CannotStart, rule.Code), (result.Ending, Assert.Single(result.Diagnostics).Code));
            Assert.Null(result.ExitCode);
            Assert.Contains("täglich", result.Diagnostics[0].Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Sink.Order, one => one.What == "started");
    }

    [ContractFact]
    public async Task A_command_is_found_in_the_jobs_own_path_and_relative_to_its_folder()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "bin a"));
        WriteScript("bin a/own-tool", "#!/bin/sh\necho found \"$1\"\n");
        WriteScript("a=b", "#!/bin/sh\necho odd \"$1\"\n");
        var byPath = Request("own-tool", "one") with { Environment = [new("PATH", Path.Combine(Folder, "bin a") + ":/usr/bin:/bin")] };
        var byFolder = Request("bin a/own-tool", "two");
        var odd = Request("./a=b", "three");
        var unset = Request("/bin/true") with { PassEnvironment = ["CONTRACT_UNSET"] };
        foreach (var request in new[] { byPath, byFolder, odd, unset })
        {
            Executor.Start(request);
        }

        Assert.Equal("found one\n", Output(await Sink.WhenEnded(byPath.RunId)));
        Assert.Equal("found two\n", Output(await Sink.WhenEnded(byFolder.RunId)));
        Assert.Equal("odd three\n", Output(await Sink.WhenEnded(odd.RunId)));
        Assert.Equal(Rules.PassEnvironmentUnset.Code, Assert.Single((await Sink.WhenEnded(unset.RunId)).Diagnostics).Code);
    }

    [ContractFact]
    public async Task Of_many_at_once_each_runs_once()
    {
        var requests = Enumerable.Range(0, 40).Select(number => Shell($"echo {number} >> ran")).ToList();
        requests.ForEach(Executor.Start);
        foreach (var request in requests)
        {
            Assert.Equal(0, (await Sink.WhenEnded(request.RunId)).ExitCode);
        }

        Assert.Equal(Enumerable.Range(0, 40), File.ReadLines(Path.Combine(Folder, "ran")).Select(int.Parse).Order());
    }
}
