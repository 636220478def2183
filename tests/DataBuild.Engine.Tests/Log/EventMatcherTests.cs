using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Tests.Log;

public sealed class EventMatcherTests
{
    private static readonly BuildEvent[] _story =
    [
        new() { GraphRegister = new() { Graph = new() { Jobs = { new JobDefinition { Label = "daily" }, new JobDefinition { Label = "report" } } } } },
        new() { WantCreate = new() { Want = new() { WantId = "w1", RootWantId = "w1", Partitions = new() { Expressions = { "report/{2001-01..2001-03}" } } } } },
        new() { JobRunQueue = new() { RunId = "r1", Job = "report", Partitions = { new RunPartition { Ref = "report/2001-02" } }, WantIds = { "w1" }, Inputs = { new Read { Ref = "csv/2001-02" } } } },
        new() { JobRunHeartbeat = new() { RunId = "r1", Pid = 7 } },
        new() { JobRunMissingDeps = new() { End = new() { RunId = "r1", Outcomes = { new PartitionOutcome { Ref = "report/2001-02", Missed = new() { Refs = { "daily/2001-02-01" } } } } } } },
        new() { WantCreate = new() { Want = new() { WantId = "w2", ParentWantId = "w1", RootWantId = "w1", RunId = "r1", Partitions = new() { Expressions = { "daily/2001-02-01" } }, Waiting = { "report/2001-02" } } } },
        new() { JobRunQueue = new() { RunId = "r2", Job = "daily", Partitions = { new RunPartition { Ref = "daily/2001-02-01" } }, WantIds = { "w2" } } },
        new() { JobRunLost = new() { RunId = "r2", Cause = "gone" } },
        new() { RetryRequest = new() { Refs = { "daily/2001-02-01" } } },
        new() { WantEnd = new() { WantId = "w2" } },
        new() { WantTime = new() { WantId = "w1", DeadlineMissed = new() { Expressions = { "report/{2001-01|2001-03}" } } } },
        new() { TaintCreate = new() { TaintId = "t1", Partitions = new() { Expressions = { "daily/{2001-01-31..2001-02-03}" } } } },
        new() { TaintCancel = new() { TaintId = "t1" } },
        new() { Observe = new() { Observations = { new Observation { Ref = "csv/2001-02" } } } },
        new() { WantRegister = new() { Wants = { new Want { WantId = "s1", Partitions = new() { Expressions = { "report/2002-01" } } } } } },
        new() { JobRunCancel = new() { RunId = "r9" } },
        new() { WantCancel = new() { WantId = "w1" } },
        new() { JobRunQueue = new() { RunId = "r3", Job = "cluster", Executor = "slurm", Partitions = { new RunPartition { Ref = "far/1" } } } },
        new() { JobRunUnknown = new() { RunId = "r3", Cause = "squeue does not know it" } },
        new() { JobRunCancel = new() { RunId = "r3", Asked = true } },
        new() { JobRunLost = new() { RunId = "r3", End = new() { RunId = "r3", Outcomes = { new PartitionOutcome { Ref = "far/1", Failed = new() } } } } },
    ];

    public static TheoryData<EventFilter, int[]> Cases => new()
    {
        { new() { Jobs = ["report"] }, [1, 3, 4, 5] },
        { new() { Jobs = ["daily"] }, [1, 7, 8] },
        { new() { RunIds = ["r1"] }, [3, 4, 5, 6, 10] },
        { new() { RunIds = ["r9"] }, [16] },
        { new() { WantIds = ["w1"] }, [2, 3, 4, 5, 6, 10, 11, 17] },
        { new() { WantIds = ["w2"] }, [6, 7, 8, 10] },
        { new() { WantIds = ["s1"] }, [15] },
        { new() { Refs = ["daily/2001-02-01"] }, [5, 6, 7, 8, 9, 10, 12, 13] },
        { new() { Refs = ["report/2001-02"] }, [2, 3, 4, 5, 6, 10, 11, 17] },
        { new() { Refs = ["report/2001-03"] }, [2, 11, 17] },
        { new() { Refs = ["report/2002-01"] }, [15] },
        { new() { Refs = ["csv/**"] }, [14] },
        { new() { Refs = ["daily/2001-02-*"], Jobs = ["daily"] }, [7, 8] },
        { new() { Refs = ["*/2001-02"], RunIds = ["r1", "r2"] }, [3, 4, 5, 6, 10] },
        { new() { Refs = ["far/1"] }, [18, 19, 20, 21] },
        { new() { Jobs = ["cluster"] }, [18, 19, 20, 21] },
        { new() { RunIds = ["r3"] }, [18, 19, 20, 21] },
        { new() { Refs = ["nothing"] }, [] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_event_passes_if_it_is_about_what_was_asked(EventFilter filter, int[] offsets) =>
        Assert.Equal(offsets, Offsets(filter));

    [Fact]
    public void Every_kind_of_event_is_about_something_known()
    {
        foreach (var field in BuildEvent.Descriptor.Oneofs[0].Fields)
        {
            var one = new BuildEvent();
            field.Accessor.SetValue(one, field.MessageType.Parser.ParseFrom(ByteString.Empty));
            Assert.Empty(new EventMatcher(new() { Jobs = ["x"] }).Select([new(1, one)], 1, 1));
        }
    }

    private static int[] Offsets(EventFilter filter) =>
        [.. new EventMatcher(filter).Select(_story.Select((one, i) => new StoredEvent((ulong)i + 1, one)), 1, int.MaxValue).Select(one => (int)one.Offset)];
}
