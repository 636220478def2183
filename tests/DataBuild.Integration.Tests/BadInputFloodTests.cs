using System.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>Too much of everything: the engine's memory and disk stay bounded, and the build goes on.</summary>
public sealed class BadInputFloodTests
{
    /// <summary>An engine that does nothing much holds about 80 MB; a flood of a gigabyte may add buffers, and nothing that grows with it.</summary>
    private const long MostMemory = 200L << 20;

    private const long MostLog = (64L << 20) + 1000;

    private static readonly TimeSpan longest = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("yes 'a line of output that says very little, a hundred times over' | head -c 1073741824")]
    [InlineData("head -c 1073741824 /dev/zero | tr '\\0' x")]
    public void A_gigabyte_on_stdout_is_a_warning(string flood)
    {
        using var project = new TestProject();
        project.Script("a", $"{flood}; echo x > \"$out\"").Partition("a", "a").Want("a");

        var diagnostics = Build(project, BuildOutcome.Built);

        Assert.Contains("bytes in the middle of", Assert.Single(diagnostics, diagnostic => diagnostic.Code == "DBLD5042").Text, StringComparison.Ordinal);
        string log = Assert.Single(Directory.EnumerateFiles(project.StateDirectory, "stdout.log", SearchOption.AllDirectories));
        Assert.InRange(new FileInfo(log).Length, 1 << 20, MostLog);
    }

    [Theory]
    [InlineData("printf 'databuild:missing-deps '; head -c 100000000 /dev/zero | tr '\\0' x; echo", "DBLD5024")]
    [InlineData("head -c 50000000 /dev/zero | tr '\\0' x >> \"$DATABUILD_MESSAGES_FILE\"", "DBLD5024")]
    [InlineData("head -c 100000000 /dev/zero | tr '\\0' x >> \"$DATABUILD_MESSAGES_FILE\"", "DBLD5024")]
    public void A_message_of_a_hundred_megabytes_without_a_line_end_fails_the_run(string flood, string code)
    {
        using var project = new TestProject();
        project.Script("a", $"{flood}; echo x > \"$out\"").Partition("a", "a").Want("a");

        var error = Assert.Single(Build(project, BuildOutcome.Failed), diagnostic => diagnostic.Severity == Severity.Error);

        Assert.Equal(code, error.Code);
        Assert.Contains("message too long", error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void More_refs_than_a_command_line_holds_are_in_the_partitions_file()
    {
        const int Refs = 60_000;
        using var project = new TestProject();
        project.Write("a.sh", """
            echo $# > arguments
            cd "$DATABUILD_OUTPUT_ROOT"
            xargs touch < "$DATABUILD_PARTITIONS_FILE"
            """);
        project.Job("a", "/bin/sh a.sh", job => job.BatchSize = "100000").Partition("a/some-longer-name-{n:int}", "a").Want($"a/some-longer-name-{{1..{Refs}}}");

        var result = project.Build();

        Assert.Equal((BuildOutcome.Built, (long)Refs, 1L), (result.Outcome, result.Built, result.Runs));
        Assert.Equal("0\n", File.ReadAllText(Path.Combine(project.Folder, "arguments")));
    }

    private static List<Diagnostic> Build(TestProject project, BuildOutcome expected)
    {
        var watch = Stopwatch.StartNew();
        using var engine = EngineRun.Start(project.Request());
        Assert.Equal(expected, engine.WaitForResult().Outcome);
        Assert.InRange(engine.PeakMemory, 1, MostMemory);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, longest);
        return [.. engine.Diagnostics];
    }
}
