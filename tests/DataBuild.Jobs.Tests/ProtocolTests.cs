using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Jobs.Tests;

public sealed class ProtocolTests : IDisposable
{
    private const string Awkward = "a \"quoted\" \\ ünï <b> 💾\u0001";

    private readonly TempFolder folder = new();

    [Fact]
    public void Every_message_that_the_contract_knows_is_read_back_as_it_was_meant()
    {
        List<JobMessage> meant =
        [
            new() { For = { "a/1" }, MissingDeps = new MissingDeps { Refs = { "b/1", Awkward } } },
            new() { For = { "a/1" }, ReadDeps = new ReadDeps { Refs = { "b/2" } } },
            new() { For = { "a/1" }, ReadFiles = new ReadFiles { Paths = { "/x/" + Awkward } } },
            new() { For = { "a/1" }, PartitionDone = new PartitionDoneMessage { Metadata = { ["rows"] = "3", ["note"] = Awkward } } },
            new() { For = { "a/1" }, PartitionDone = new PartitionDoneMessage() },
            new() { For = { Awkward }, PartitionFailed = new PartitionFailedMessage { Reason = Awkward, Retryable = false } },
            new() { For = { "a/1" }, PartitionFailed = new PartitionFailedMessage { Reason = "x" } },
            new() { For = { "a/1" }, Progress = new Progress { Fraction = 0.4, Text = "half" } },
            new() { For = { "a/1" }, RetryAfter = new RetryAfter { Seconds = 1.5, Reason = "limit" } },
        ];
        var messages = new JobMessages(folder["messages"], () => throw new InvalidOperationException("nothing is said on stderr"));

        messages.MissingDeps("a/1", ["b/1", Awkward]);
        messages.ReadDeps("a/1", ["b/2"]);
        messages.ReadFiles("a/1", ["/x/" + Awkward]);
        messages.PartitionDone("a/1", new Dictionary<string, string> { ["rows"] = "3", ["note"] = Awkward });
        messages.PartitionDone("a/1", new Dictionary<string, string>());
        messages.PartitionFailed(Awkward, Awkward, false);
        messages.PartitionFailed("a/1", "x", null);
        messages.Progress("a/1", 0.4, "half");
        messages.RetryAfter("a/1", 1.5, "limit");

        Assert.Equal(meant, File.ReadLines(folder["messages"]).Select(JsonParser.Default.Parse<JobMessage>));
        Assert.Equal(
            JobMessage.Descriptor.Oneofs.Single(oneof => oneof.Name == "message").Fields.Select(field => field.FieldNumber).Order(),
            meant.Select(message => (int)message.MessageCase).Distinct().Order());
    }

    [Fact]
    public void A_reason_of_several_lines_stays_one_message()
    {
        new JobMessages(folder["messages"], () => TextWriter.Null).PartitionFailed("a/1", "first\r\nsecond\n", null);

        string line = Assert.Single(File.ReadAllLines(folder["messages"]));
        Assert.Equal("first second", JsonParser.Default.Parse<JobMessage>(line).PartitionFailed.Reason);
    }

    [Fact]
    public void What_another_program_appends_in_between_is_kept()
    {
        var messages = new JobMessages(folder["messages"], () => TextWriter.Null);

        messages.Progress("a/1", 0.1, "");
        File.AppendAllText(folder["messages"], "{\"readDeps\":{\"refs\":[\"by/another\"]}}\n");
        messages.Progress("a/1", 0.2, "");

        Assert.Equal(
            [JobMessage.MessageOneofCase.Progress, JobMessage.MessageOneofCase.ReadDeps, JobMessage.MessageOneofCase.Progress],
            File.ReadLines(folder["messages"]).Select(line => JsonParser.Default.Parse<JobMessage>(line).MessageCase));
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(-1, 0)]
    [InlineData(2, 1)]
    public void Progress_out_of_range_is_brought_into_it(double said, double written)
    {
        new JobMessages(folder["messages"], () => TextWriter.Null).Progress("a/1", said, "");

        Assert.Equal(written, JsonParser.Default.Parse<JobMessage>(File.ReadAllText(folder["messages"])).Progress.Fraction);
    }

    public void Dispose() => folder.Dispose();
}
