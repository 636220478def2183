using System.Globalization;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Bench;

/// <summary>The events of a project that was built once, one ref a run: an intent and a success each, in an order that the fold accepts.</summary>
internal static class LogStory
{
    private static readonly ByteString JobFingerprint = ByteString.CopyFrom([1]);

    public static GraphDocument Document { get; } = new()
    {
        Name = "bench",
        Jobs = { new JobDefinition { Label = "w", Command = "/bin/true" } },
        Partitions = { new PartitionDefinition { Pattern = "w/{n:int}", Job = "w" } },
    };

    /// <summary>So many events, the graph's registration and the want included.</summary>
    public static IEnumerable<BuildEvent> Events(int count)
    {
        int runs = (count - 2) / 2;
        yield return At(0, new BuildEvent
        {
            GraphRegister = new GraphRegisterEventV1 { Graph = Document, JobFingerprints = { new JobFingerprint { Job = "w", Fingerprint = JobFingerprint } } },
        });
        yield return At(0, new BuildEvent { WantRegister = new WantRegisterEventV1 { Wants = { Want(runs) } } });
        for (int run = 0; run < runs; run++)
        {
            yield return Queue(run);
            yield return Success(run);
        }
    }

    public static Want Want(int refs) => new() { WantId = "want-1", RootWantId = "want-1", Partitions = new PartitionSet { Expressions = { $"w/{{0..{Math.Max(0, refs - 1)}}}" } } };

    public static string Ref(int run) => "w/" + run.ToString(CultureInfo.InvariantCulture);

    private static BuildEvent Queue(int run) => At(run, new BuildEvent
    {
        JobRunQueue = new JobRunQueueEventV1
        {
            RunId = RunId(run), Job = "w", JobFingerprint = JobFingerprint, Term = 1, WantIds = { "want-1" },
            Partitions = { new RunPartition { Ref = Ref(run), Attempt = 1, Reason = new Reason { Kind = ReasonKind.Absent } } },
        },
    });

    private static BuildEvent Success(int run) => At(run, new BuildEvent
    {
        JobRunSuccess = new JobRunSuccessEventV1
        {
            End = new RunEnd
            {
                RunId = RunId(run), ExitCode = 0, Started = Time(run), Duration = new Duration { Nanos = 250_000 },
                Outcomes = { new PartitionOutcome { Ref = Ref(run), Done = new PartitionDone { ContentFingerprint = Content(run), Size = 17, Stamp = (ulong)run + 1 } } },
            },
        },
    });

    private static ByteString Content(int run)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, run + 1L);
        bytes[15] = 1;
        return ByteString.CopyFrom(bytes);
    }

    private static string RunId(int run) => string.Create(CultureInfo.InvariantCulture, $"01890000-0000-7000-8000-{run:x12}");

    private static BuildEvent At(int run, BuildEvent e)
    {
        e.Timestamp = Time(run);
        return e;
    }

    private static Timestamp Time(int run) => new() { Seconds = 1_700_000_000 + (run / 1000), Nanos = run % 1000 * 1_000_000 };
}
