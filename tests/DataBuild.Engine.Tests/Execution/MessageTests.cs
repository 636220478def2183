using System.Text;
using CsCheck;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Execution.Messages;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution;

public sealed class MessageTests : BenchTest
{
    [Fact]
    public async Task Messages_of_the_file_are_read_in_order_in_either_spelling()
    {
        var request = Bench.Shell("""
            echo '{"for":["a/1"],"missing_deps":{"refs":["raw/{2001-01-01..2001-01-03}"]}}' >> $DATABUILD_MESSAGES_FILE
            echo '' >> $DATABUILD_MESSAGES_FILE
            echo '{"partitionDone":{"metadata":{"rows":"3"}},"for":["a/2"]}' >> $DATABUILD_MESSAGES_FILE
            printf '{"retryAfter":{"seconds":1.5,"reason":"quota"}}' >> $DATABUILD_MESSAGES_FILE
            """) with { Refs = ["a/1", "a/2"] };
        var result = await Bench.Run(request);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            [
                new JobMessage { For = { "a/1" }, MissingDeps = new MissingDeps { Refs = { "raw/{2001-01-01..2001-01-03}" } } },
                new JobMessage { For = { "a/2" }, PartitionDone = new PartitionDoneMessage { Metadata = { ["rows"] = "3" } } },
                new JobMessage { RetryAfter = new RetryAfter { Seconds = 1.5, Reason = "quota" } },
            ],
            result.Messages);
        Assert.Empty(Directory.GetFiles(Path.Combine(Bench.Folder, "scratch"), "*.messages"));
    }

    [Fact]
    public async Task Lines_of_stdout_and_stderr_say_the_same()
    {
        var result = await Bench.RunShell("echo 'databuild:missing-deps a/1  a/{x|y}'; echo databuild:read-deps b >&2; printf 'databuild:read-deps c\r\n'; echo ' databuild:read-deps not-at-the-start'; printf 'databuild:read-deps last'");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(["a/1", "a/{x|y}"], result.Messages.Single(message => message.MissingDeps is not null).MissingDeps.Refs);
        Assert.Equal(["b", "c", "last"], result.Messages.Where(message => message.ReadDeps is not null).SelectMany(message => message.ReadDeps.Refs).Order());
    }

    [Fact]
    public async Task Progress_is_passed_on_while_the_job_runs_and_is_no_message()
    {
        await using var bench = new Bench(configure: options => options with { ProgressInterval = TimeSpan.FromMilliseconds(10) });
        var request = bench.Shell("""
            echo '{"progress":{"fraction":0.25,"text":"file"}}' >> $DATABUILD_MESSAGES_FILE
            while [ ! -e seen ]; do sleep 0.01; done
            echo 'databuild:progress 0.5 by line'; echo 'databuild:progress 0.75'; echo 'databuild:progress 1 all done'
            """);
        bench.Executor.Start(request);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (bench.Sink.Progress.IsEmpty)
        {
            await Task.Delay(5, patience.Token);
        }

        File.WriteAllText(Path.Combine(bench.Folder, "seen"), "");
        var result = await bench.Sink.WhenEnded(request.RunId);

        Assert.Empty(result.Messages);
        Assert.Empty(result.Diagnostics);
        Assert.Equal(new Progress { Fraction = 0.25, Text = "file" }, bench.Sink.Progress.First());
        Assert.Equal(new Progress { Fraction = 1, Text = "all done" }, bench.Sink.Progress.Last());
        Assert.Equal("ended", bench.Sink.Order.Last().What);
    }

    [Theory]
    [InlineData("not json", "DBLD5020")]
    [InlineData("[1]", "DBLD5021")]
    [InlineData("{\"read_deps\":{\"refs\":[\"a\"]}} {}", "DBLD5020")]
    [InlineData("{\"teleport\":{}}", "DBLD5021")]
    [InlineData("{}", "DBLD5021")]
    [InlineData("{\"read_deps\":{\"refs\":[\"a\"]},\"missing_deps\":{\"refs\":[\"b\"]}}", "DBLD5021")]
    [InlineData("{\"read_deps\":{\"refs\":[\"\xff\"]}}", "DBLD5022")]
    [InlineData("{\"for\":[\"other\"],\"read_deps\":{\"refs\":[\"a\"]}}", "DBLD5026")]
    [InlineData("{\"missing_deps\":{\"refs\":[\"../escape\"]}}", "DBLD5027")]
    [InlineData("{\"missing_deps\":{\"refs\":[]}}", "DBLD5028")]
    [InlineData("{\"read_files\":{\"paths\":[\"\"]}}", "DBLD5028")]
    [InlineData("{\"progress\":{\"fraction\":\"NaN\"}}", "DBLD5028")]
    [InlineData("{\"retry_after\":{\"seconds\":-1}}", "DBLD5028")]
    public async Task A_bad_message_is_a_coded_error_and_costs_no_other(string line, string code)
    {
        var good = "{\"read_deps\":{\"refs\":[\"good\"]}}\n"u8.ToArray();
        var script = Path.Combine(Bench.Folder, "said");
        File.WriteAllBytes(script, [.. good, .. Encoding.Latin1.GetBytes(line), (byte)'\n', .. good]);
        var result = await Bench.Run(Bench.Shell("cat said >> $DATABUILD_MESSAGES_FILE") with { Refs = ["mine"] });

        Assert.Equal(2, result.Messages.Count);
        Assert.All(result.Messages, message => Assert.Equal("good", message.ReadDeps.Refs.Single()));
        var error = Assert.Single(result.Diagnostics);
        Assert.Equal(code, error.Code);
        Assert.Equal(Severity.Error, error.Severity);
        Assert.DoesNotContain('\n', error.Text);
    }

    [Theory]
    [InlineData("databuild:teleport a", "DBLD5021")]
    [InlineData("databuild:", "DBLD5021")]
    [InlineData("databuild:missing-deps", "DBLD5028")]
    [InlineData("databuild:progress soon", "DBLD5028")]
    [InlineData("databuild:progress 7", "DBLD5028")]
    [InlineData("databuild:read-deps /etc/passwd", "DBLD5027")]
    [InlineData("databuild:read-deps \xff", "DBLD5022")]
    public async Task A_bad_line_is_a_coded_error_and_costs_no_other(string line, string code)
    {
        File.WriteAllBytes(Path.Combine(Bench.Folder, "said"), [.. Encoding.Latin1.GetBytes(line), .. "\ndatabuild:read-deps good\n"u8]);
        var result = await Bench.RunShell("cat said");

        Assert.Equal("good", Assert.Single(result.Messages).ReadDeps.Refs.Single());
        Assert.Equal(code, Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public async Task Of_a_message_only_the_bad_refs_are_left_out()
    {
        var result = await Bench.Run(Bench.Shell("""
            echo '{"for":["mine","other"],"read_deps":{"refs":["a","a//b"]}}' >> $DATABUILD_MESSAGES_FILE
            """) with { Refs = ["mine"] });

        Assert.Equal(new JobMessage { For = { "mine" }, ReadDeps = new ReadDeps { Refs = { "a" } } }, Assert.Single(result.Messages));
        Assert.Equal([Rules.ForeignRef.Code, Rules.BadRefInMessage.Code], result.Diagnostics.Select(diagnostic => diagnostic.Code));
    }

    [Fact]
    public async Task A_message_that_breaks_off_is_told_as_that()
    {
        var file = await Bench.RunShell("""printf '{"read_deps":{"refs":["a' >> $DATABUILD_MESSAGES_FILE""");
        Assert.Equal(Rules.TruncatedMessage.Code, Assert.Single(file.Diagnostics).Code);

        var killed = await Bench.RunShell("printf 'databuild:missing-deps daily/2001-0'; kill -KILL $$");
        Assert.Empty(killed.Messages);
        Assert.Equal(Rules.TruncatedMessage.Code, Assert.Single(killed.Diagnostics).Code);
    }

    [Fact]
    public async Task A_line_of_more_than_1_MiB_is_an_error_and_the_next_one_counts()
    {
        var result = await Bench.RunShell("""
            long() { printf '%s' "$1"; head -c 1500000 /dev/zero | tr '\0' x; echo; }
            long 'databuild:read-deps '; echo 'databuild:read-deps by-line'
            long '{"read_deps":{"refs":["' >> $DATABUILD_MESSAGES_FILE; echo '{"read_deps":{"refs":["by-file"]}}' >> $DATABUILD_MESSAGES_FILE
            """);

        Assert.Equal(["by-file", "by-line"], result.Messages.Select(message => message.ReadDeps.Refs.Single()).Order());
        Assert.Equal([Rules.MessageTooLong.Code, Rules.MessageTooLong.Code], result.Diagnostics.Select(diagnostic => diagnostic.Code));
    }

    [Fact]
    public async Task A_line_of_almost_1_MiB_is_read()
    {
        var result = await Bench.RunShell("printf 'databuild:read-deps'; i=0; while [ $i -lt 10000 ]; do printf ' some/ref/that/is/rather/long/%s/so-that-few-fill-it-up-to-the-limit-of-a-line-of-messages' $i; i=$((i+1)); done; echo");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(10_000, Assert.Single(result.Messages).ReadDeps.Refs.Count);
    }

    [Fact]
    public async Task Messages_without_end_are_cut_with_an_error_and_none_before_is_lost()
    {
        await using var bench = new Bench(configure: options => options with { MessagesLimit = 10_000 });
        var byFile = await bench.RunShell("yes '{\"read_deps\":{\"refs\":[\"a\"]}}' | head -c 5000000 >> $DATABUILD_MESSAGES_FILE");
        var byLine = await bench.RunShell("yes 'databuild:read-deps a' | head -c 5000000");

        Assert.Equal(Rules.TooManyMessages.Code, Assert.Single(byFile.Diagnostics).Code);
        Assert.Equal(Rules.TooManyMessages.Code, Assert.Single(byLine.Diagnostics).Code);
        Assert.Equal(10_000 / "databuild:read-deps a".Length, byLine.Messages.Count);
    }

    [Fact]
    public async Task More_than_twenty_errors_are_counted_and_not_shown()
    {
        var result = await Bench.RunShell("for i in $(seq 30); do echo databuild:teleport; done; echo databuild:read-deps good");

        Assert.Equal(21, result.Diagnostics.Count);
        Assert.Equal(Rules.MoreMessageErrors.Code, result.Diagnostics[^1].Code);
        Assert.Contains("10 more", result.Diagnostics[^1].Text, StringComparison.Ordinal);
        Assert.Single(result.Messages);
    }

    [Theory]
    [InlineData("mkdir $DATABUILD_MESSAGES_FILE")]
    [InlineData("ln -s $DATABUILD_MESSAGES_FILE $DATABUILD_MESSAGES_FILE")]
    public async Task A_messages_file_that_is_none_is_an_error(string script)
    {
        var result = await Bench.RunShell(script);

        Assert.Equal(Rules.MessagesUnreadable.Code, Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public async Task A_named_pipe_in_place_of_the_messages_file_does_not_hang_the_run()
    {
        Assert.Empty((await Bench.RunShell("mkfifo $DATABUILD_MESSAGES_FILE")).Messages);
    }

    [Fact]
    public async Task Messages_of_a_run_that_is_ended_are_kept()
    {
        var result = await Bench.Run(Bench.Shell("echo '{\"read_deps\":{\"refs\":[\"a\"]}}' >> $DATABUILD_MESSAGES_FILE; sleep 60") with { Timeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(RunEnding.TimedOut, result.Ending);
        Assert.Single(result.Messages);
    }

    [Fact]
    public void Whatever_a_job_writes_never_throws_and_never_loses_a_good_message()
    {
        var request = Bench.Shell("") with { Refs = ["mine"] };
        var options = new LocalExecutorOptions { Slots = 1, RunMarker = "m", ScratchDirectory = "/s" };
        var seeds = new[]
        {
            "{\"for\":[\"mine\"],\"missing_deps\":{\"refs\":[\"a/b\"]}}", "{\"progress\":{\"fraction\":0.5,\"text\":\"\\ud83d\\ude00\"}}",
            "{\"partition_failed\":{\"reason\":\"x\",\"retryable\":false}}", "{\"retry_after\":{\"seconds\":1e3}}", "{\"partition_done\":{\"metadata\":{\"a\":\"b\"}}}",
            "databuild:progress 0.5 x", "databuild:missing-deps a b", new string('[', 300) + "{\"for\":",
        };
        var good = "{\"read_deps\":{\"refs\":[\"good\"]}}"u8.ToArray();
        Gen.Select(Gen.Int[0, seeds.Length - 1].Select(index => seeds[index]), Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[0, 6]).Sample((seed, changes) =>
        {
            var line = Encoding.UTF8.GetBytes(seed);
            foreach (var (at, value) in changes)
            {
                line[at % line.Length] = value;
            }

            var collector = new MessageCollector(request, options, _ => { });
            collector.AddJson(line, cut: false);
            collector.AddLine("stdout", [.. MessageLine.Prefix, .. line], cut: false);
            collector.AddJson(good, cut: false);
            foreach (var diagnostic in collector.End())
            {
                Assert.StartsWith("DBLD50", diagnostic.Code, StringComparison.Ordinal);
                Assert.DoesNotContain(diagnostic.Text, char.IsControl);
                Google.Protobuf.MessageExtensions.ToByteArray(diagnostic);
            }

            return collector.Messages[^1].ReadDeps?.Refs.Single() == "good";
        }, iter: 20_000);
    }

    [Fact]
    public void Every_way_to_split_the_output_into_chunks_gives_the_same_messages()
    {
        var text = Encoding.UTF8.GetBytes("databuild:read-deps a\nxdatabuild:read-deps no\n\ndatabuild:read-deps b\r\na.c:1:2: error: e\n" + new string('y', 40_000) + " databuild:\ndatabuild:read-deps c");
        Gen.Int[1, 50_000].Array[0, 8].Sample(cuts =>
        {
            var path = Path.Combine(Bench.Folder, "chunks");
            var collector = new MessageCollector(Bench.Shell(""), new LocalExecutorOptions { Slots = 1, RunMarker = "m", ScratchDirectory = "/s" }, _ => { });
            var diagnostics = new List<Diagnostic>();
            using var capture = new DataBuild.Engine.Execution.Output.OutputCapture("chunks");
            capture.Begin(Bench.Folder, 1 << 20, collector, diagnostics);
            var start = 0;
            foreach (var end in cuts.Where(cut => cut < text.Length).Order().Append(text.Length))
            {
                File.WriteAllBytes(path, text[start..end]);
                using var file = File.OpenHandle(path);
                while (capture.ReadFrom((int)file.DangerousGetHandle()))
                {
                }

                start = end;
            }

            capture.End(cut: false);
            return collector.End().Count == 0 && diagnostics.Count == 1
                && collector.Messages.Select(message => message.ReadDeps.Refs.Single()).SequenceEqual(["a", "b", "c"]);
        }, iter: 200, threads: 1);
    }
}
