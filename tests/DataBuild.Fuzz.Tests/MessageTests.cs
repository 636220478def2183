using System.Text;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Execution.Messages;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Fuzz.Tests;

/// <summary>What jobs print and write: any bytes at all.</summary>
[Trait("Category", "Fuzz")]
public sealed class MessageTests(Xunit.Abstractions.ITestOutputHelper output) : IDisposable
{
    private const int LineLimit = 4096;
    private const int MessagesLimit = 16 << 10;

    private static readonly byte[][] files = [.. new[]
    {
        """{"for":["a/1"],"missing_deps":{"refs":["raw/{2001-01-01..2001-01-03}"]}}""" + "\n",
        """{"partitionDone":{"metadata":{"rows":"3"}},"for":["a/2"]}""" + "\n",
        """{"retryAfter":{"seconds":1.5,"reason":"quota"}}""",
        """{"readDeps":{"refs":["a","b/{1..2}"]}}""" + "\n\n" + """{"readFiles":{"paths":["x.txt","/etc/passwd"]}}""" + "\r\n",
        """{"progress":{"fraction":0.5,"text":"half"}}""" + "\n",
        """{"partitionFailed":{"reason":"bad \u0000 \ud800","class":"USER"}}""" + "\n",
        "\uFEFF" + """{"unknown":{"deep":[[[[{}]]]]},"missingDeps":{}}""" + "\n",
        string.Concat(Enumerable.Repeat("[", 3000)) + "\n",
        string.Concat(Enumerable.Repeat("{\"for\":", 3000)) + "\n",
        """{"progress":{"fraction":1e999}}""" + "\n" + """{"retryAfter":{"seconds":"NaN"}}""" + "\n" + """{"retryAfter":{"seconds":-0}}""",
    }.Select(Encoding.UTF8.GetBytes)];

    private static readonly byte[][] streams = [.. new[]
    {
        "databuild:missing-deps a/1  a/{x|y}\n", "databuild:read-deps b\r\n", "databuild:progress 0.5 by line\nplain\n", "databuild:\n", "databuild:progress\n", "databuild:nonsense x\n",
        "src/a.cs(3,14): error CS1002: ; expected\n", "lib/x.py:12:5: warning: unused\n", "C:\\x\\y.cs(1): warning: w\n", "error: no place\n", "a(1,2,3,4): fatal error X : y\n",
        "\u001b[31merror\u001b[0m x:1:1: error: coloured\n", new string('e', 5000) + ":1: error: long\n", "(((((((((((((((((((1): error a: b\n",
    }.Select(Encoding.UTF8.GetBytes)];

    private readonly string folder = Directory.CreateTempSubdirectory("databuild-fuzz-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_messages_file_of_any_bytes_gives_good_messages_and_a_bounded_number_of_errors()
    {
        string path = Path.Combine(folder, "messages");
        using var file = new MessageFile();
        new Fuzz(output).Bytes(8_000, files, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            var messages = Collector();
            file.Begin(path, MessagesLimit);
            file.End(messages);
            Check(messages);
            Assert.False(File.Exists(path));
        });
    }

    [Fact]
    public void Output_of_any_bytes_gives_good_messages_and_places_in_one_line_each()
    {
        string path = Path.Combine(folder, "output");
        using var capture = new OutputCapture("stdout");
        new Fuzz(output).Bytes(4_000, streams, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            var messages = Collector();
            var diagnostics = new List<Diagnostic>();
            capture.Begin(folder, limit: 1 << 20, messages, diagnostics);
            using (var read = File.OpenHandle(path))
            {
                while (capture.ReadFrom((int)read.DangerousGetHandle()))
                {
                    // To its end.
                }
            }

            capture.End(cut: bytes.Length % 2 == 0);
            Check(messages);
            Assert.All(diagnostics, diagnostic => Assert.True(diagnostic is { File.Length: > 0, Line: >= 0, Column: >= 0 } && !diagnostic.Text.Contains('\n', StringComparison.Ordinal)));
            Assert.Equal(bytes, File.Exists(Path.Combine(folder, "stdout.log")) ? File.ReadAllBytes(Path.Combine(folder, "stdout.log")) : []);
            File.Delete(Path.Combine(folder, "stdout.log"));
        });
    }

    private static MessageCollector Collector() => new(
        new RunRequest
        {
            RunId = "run", Job = "job", Command = ["x"], Refs = ["a/1", "a/2"], Attempt = 1, WorkingDirectory = "/", Environment = [], PassEnvironment = [],
            DataRoot = "/data", OutputRoot = "/out", LogDirectory = "/log", SourcesFile = "", Timeout = null,
        },
        new LocalExecutorOptions { Slots = 1, RunMarker = "m", ScratchDirectory = "/s", MessageLineLimit = LineLimit, MessagesLimit = MessagesLimit },
        progress => Assert.True(progress.Fraction is >= 0 and <= 1 && progress.Text.Length < 1000));

    private static void Check(MessageCollector messages)
    {
        var diagnostics = messages.End();
        Assert.InRange(diagnostics.Count, 0, 21);
        Assert.All(diagnostics, diagnostic => Assert.True(diagnostic.Code.StartsWith("DBLD", StringComparison.Ordinal) && !diagnostic.Text.Contains('\n', StringComparison.Ordinal), diagnostic.Text));
        foreach (var message in messages.Messages)
        {
            Assert.NotEqual(JobMessage.MessageOneofCase.None, message.MessageCase);
            Assert.All(message.For, @ref => Assert.Contains(@ref, new[] { "a/1", "a/2" }));
            foreach (string @ref in (IEnumerable<string>?)message.MissingDeps?.Refs ?? message.ReadDeps?.Refs ?? [])
            {
                Assert.Null(RefCheck.Problem(@ref));
            }

            // What is kept can be written into an event and read again.
            byte[] written = message.ToByteArray();
            Assert.Equal(written, JobMessage.Parser.ParseFrom(written).ToByteArray());
        }
    }
}
