using System.Text;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Execution;

public sealed class OutputTests : BenchTest
{
    [Fact]
    public async Task Each_stream_goes_to_its_own_file_as_it_came()
    {
        var result = await Bench.RunShell(@"printf 'one\r\n\033[31mtwo\033[0m'; printf '\377\000\376' >&2");

        Assert.Equal("one\r\n\x1b[31mtwo\x1b[0m", File.ReadAllText(Path.Combine(result.LogDirectory, "stdout.log")));
        Assert.Equal([0xff, 0, 0xfe], File.ReadAllBytes(Path.Combine(result.LogDirectory, "stderr.log")));
    }

    [Fact]
    public async Task The_last_words_are_those_of_stderr_or_else_of_stdout()
    {
        Assert.Equal("bad", (await Bench.RunShell("echo out; echo bad >&2")).Tail);
        Assert.Equal("out", (await Bench.RunShell("echo out; echo >&2")).Tail);
        Assert.Equal("out", (await Bench.RunShell("echo out; echo databuild:missing-deps a >&2; exit 75")).Tail);
    }

    [Fact]
    public async Task The_last_words_are_valid_text_of_at_most_2_KiB()
    {
        var result = await Bench.RunShell(@"head -c 5000 /dev/zero | tr '\0' 'x'; for i in 1 2 3; do printf '\360\237\230\200\377\033[1m\007 é'; done");

        Assert.InRange(Encoding.UTF8.GetByteCount(result.Tail), 2040, 2048);
        Assert.EndsWith("x😀\uFFFD é😀\uFFFD é😀\uFFFD é", result.Tail, StringComparison.Ordinal);
        Assert.Empty(result.Diagnostics);
    }

    [Fact]
    public async Task A_flood_of_short_lines_and_of_almost_errors_does_not_slow_to_a_crawl()
    {
        var result = await Bench.RunShell("yes | head -c 100000000; yes 'error' | head -c 30000000; echo 'databuild:missing-deps a/b'");

        Assert.Equal("a/b", Assert.Single(Assert.Single(result.Messages).MissingDeps.Refs));
        Assert.InRange(result.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_is_kept_of_a_stream_is_exact_at_the_limit_and_one_byte_above()
    {
        foreach (var (size, leftOut) in new[] { (20_000, 0L), (20_001, 1L), (19_999, 0L), (90_000, 70_000L) })
        {
            using var log = new LogFile($"{size}.log");
            var tail = new TailBuffer();
            log.Begin(Bench.Folder, 20_000);
            var bytes = new byte[size];
            Random.Shared.NextBytes(bytes);
            foreach (var chunk in bytes.Chunk(777))
            {
                log.Write(chunk);
                tail.Add(chunk);
            }

            log.End(tail);
            Assert.Equal(leftOut, log.LeftOut);
            var kept = File.ReadAllBytes(log.Path);
            if (leftOut == 0)
            {
                Assert.Equal(bytes, kept);
            }
            else
            {
                Assert.Equal(bytes[..(20_000 - TailBuffer.Capacity)], kept[..(20_000 - TailBuffer.Capacity)]);
                Assert.Equal(bytes[^TailBuffer.Capacity..], kept[^TailBuffer.Capacity..]);
            }
        }
    }

    [Fact]
    public async Task Output_that_cannot_be_written_is_a_warning_and_the_run_goes_on()
    {
        File.WriteAllText(Path.Combine(Bench.Folder, "file"), "");
        var request = Bench.Shell("seq 100000; echo last; exit 4") with { LogDirectory = Path.Combine(Bench.Folder, "file", "log") };
        var result = await Bench.Run(request);

        Assert.Equal(4, result.ExitCode);
        Assert.EndsWith("last", result.Tail, StringComparison.Ordinal);
        Assert.Equal("", result.LogDirectory);
        Assert.Equal(Rules.OutputNotKept.Code, Assert.Single(result.Diagnostics).Code);
    }

    [Fact]
    public async Task A_full_disk_is_a_warning_and_the_run_goes_on()
    {
        var request = Bench.Shell("echo lost; exit 4");
        Directory.CreateDirectory(request.LogDirectory);
        File.CreateSymbolicLink(Path.Combine(request.LogDirectory, "stdout.log"), "/dev/full");
        var result = await Bench.Run(request);

        Assert.Equal(4, result.ExitCode);
        var warning = Assert.Single(result.Diagnostics);
        Assert.Equal(Rules.OutputNotKept.Code, warning.Code);
        Assert.Contains("No space left", warning.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs/daily.py(7,3): warning X1: too cold", "jobs/daily.py", 7, 3, "X1", Severity.Warning, "too cold")]
    [InlineData("a b.cs(7): error CS0001: : odd", "a b.cs", 7, 0, "CS0001", Severity.Error, ": odd")]
    [InlineData("a.cs(7,3,8,4): error CS0001: text\r", "a.cs", 7, 3, "CS0001", Severity.Error, "text")]
    [InlineData("src/a.c:12:5: error: no such thing", "src/a.c", 12, 5, "", Severity.Error, "no such thing")]
    [InlineData("src/a.c:12: warning: unused", "src/a.c", 12, 0, "", Severity.Warning, "unused")]
    [InlineData("src/a.c:12:5: fatal error: stop", "src/a.c", 12, 5, "", Severity.Error, "stop")]
    public async Task A_compiler_style_line_points_at_its_file(string line, string file, int row, int column, string code, Severity severity, string text)
    {
        var result = await Bench.Run(Bench.Request("/usr/bin/printf", "before\n%s\nafter\n", line));

        var expected = new Diagnostic { File = file, Line = row, Column = column, Code = code, Severity = severity, Text = text };
        Assert.Equal(expected, Assert.Single(result.JobDiagnostics));
    }

    [Fact]
    public async Task Other_lines_with_the_words_error_and_warning_are_output_and_no_more()
    {
        var result = await Bench.RunShell("echo 'error: x'; echo '12:30:05 error: late'; echo 'a(b): warning X1: y'; echo '0 error(s): none'; echo 'http://h:80/x: error: y'");

        Assert.Empty(result.JobDiagnostics);
    }

    [Fact]
    public async Task At_most_a_hundred_compiler_style_lines_are_taken()
    {
        var result = await Bench.RunShell("for i in $(seq 150); do echo \"a.c:$i:1: warning: w\"; done");

        Assert.Equal(100, result.JobDiagnostics.Count);
        Assert.Equal(100, result.JobDiagnostics[^1].Line);
    }
}
