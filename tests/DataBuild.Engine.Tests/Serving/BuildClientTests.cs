using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>What a build that found a service is told, from events as the service adds them.</summary>
public sealed class BuildClientTests
{
    private static readonly DateTimeOffset now = new(2001, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ByteString fingerprint = ByteString.CopyFrom([1, .. new byte[15]]);

    private readonly Journal journal = new(null, new BuildState());
    private readonly List<EngineMessage> said = [];
    private readonly BuildClient client;
    private int runs;

    public BuildClientTests()
    {
        var document = new GraphDocument { Name = "p" };
        document.Sources.Add(new SourceDefinition { Pattern = "s", Path = "s.txt" });
        document.Sources.Add(new SourceDefinition { Pattern = "t", Path = "t.txt" });
        document.Jobs.Add(new JobDefinition { Label = "p", Command = "true" });
        document.Jobs.Add(new JobDefinition { Label = "q", Command = "true" });
        document.Partitions.Add(new PartitionDefinition { Pattern = "p/{n:int}", Job = "p", Needs = "s" });
        document.Partitions.Add(new PartitionDefinition { Pattern = "q/{n:int}", Job = "q", Needs = "t" });
        document.Wants.Add(new WantDefinition { Partitions = "p/1" });
        Registration.Bring(journal, GraphCompiler.Compile(document).Graph!, job => new JobFingerprint { Job = job.Label, Fingerprint = fingerprint }, now);
        journal.Change.Clear();
        var request = new EngineRequest { Graph = document, ProjectFile = "/p/p.dbproj", DataRoot = "/p/data", StateDirectory = "/p/.databuild", MaxRebuilds = -1 };
        client = new BuildClient(request, [], journal, new Observer(new EverythingIsThere(), "/p"), said.Add, () => now, wall => new DateTimeOffset(wall, TimeSpan.Zero));
    }

    [Fact]
    public void What_the_service_decides_last_in_a_turn_is_looked_at_before_anything_is_concluded()
    {
        LearnAll();
        string first = Queue("p/1", "p");
        LearnAll();
        Assert.Null(client.Result([], stopped: false));

        // The service adds this after the build has learned in this turn: that q/1 is wanted now, and with it a source that nobody has looked at.
        Add(new BuildEvent { JobRunMissingDeps = new JobRunMissingDepsEventV1 { End = End(first, new PartitionOutcome { Ref = "p/1", Missed = new PartitionMissed { Refs = { "q/1" } } }) } });
        client.Changed(journal.Change);
        journal.Change.Clear();
        Assert.Null(client.Result([], stopped: false));
        Assert.True(journal.State.Refs.TryGet("t", out int t) && journal.State[t].IsLive, "t was to be looked at, and was not");

        Make("q/1", "q");
        Make("p/1", "p");
        LearnAll();
        var result = client.Result([], stopped: false);
        Assert.NotNull(result);
        Assert.Equal(1, result.Wants.Single().Live);
        Assert.DoesNotContain(said, message => message.Diagnostic is not null);
    }

    private void LearnAll()
    {
        for (int i = 0; i < 10; i++)
        {
            client.Changed(journal.Change);
            journal.Change.Clear();
            if (!client.Learn())
            {
                return;
            }
        }

        Assert.Fail("it learns for ever");
    }

    private void Make(string @ref, string job)
    {
        string run = Queue(@ref, job);
        LearnAll();
        var done = new PartitionDone { ContentFingerprint = ByteString.CopyFrom([(byte)runs, .. new byte[15]]), Size = 1 };
        Add(new BuildEvent { JobRunSuccess = new JobRunSuccessEventV1 { End = End(run, new PartitionOutcome { Ref = @ref, Done = done }) } });
        LearnAll();
    }

    private string Queue(string @ref, string job)
    {
        string id = $"00000000-0000-7000-8000-{++runs:x12}";
        var queue = new JobRunQueueEventV1 { RunId = id, Job = job, JobFingerprint = fingerprint, Term = 1, Partitions = { new RunPartition { Ref = @ref, Attempt = 1, Reason = new Reason { Kind = ReasonKind.Absent } } } };
        Add(new BuildEvent { JobRunQueue = queue });
        return id;
    }

    private static RunEnd End(string run, PartitionOutcome outcome) => new() { RunId = run, ExitCode = 0, Outcomes = { outcome } };

    private void Add(BuildEvent e) => journal.Add(e, now);

    /// <summary>Every file is there, and as the log has it.</summary>
    private sealed class EverythingIsThere : IPartitionStore
    {
        public string Stage(string runId, IReadOnlyList<string>? refs = null) => throw new NotSupportedException();

        public string StageOutliving(string runId, IReadOnlyList<string> refs) => throw new NotSupportedException();

        public Diagnostic? Obstacle(string @ref, bool isLive) => null;

        public StagedOutput Inspect(string runId, IReadOnlyList<string> refs) => throw new NotSupportedException();

        public void Prepare(string runId) => throw new NotSupportedException();

        public void Sync() => throw new NotSupportedException();

        public void Publish(string runId, IReadOnlyList<string> refs) => throw new NotSupportedException();

        public void Discard(string runId) => throw new NotSupportedException();

        public void BeginExpiry(string expiryId) => throw new NotSupportedException();

        public void Expire(string expiryId, IReadOnlyList<string> refs) => throw new NotSupportedException();

        public void Recover(Func<string, IReadOnlyList<string>> committed, Func<string, bool>? outliving = null) => throw new NotSupportedException();

        public FileObservation Observe(string @ref, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint) => new(true, false, knownFingerprint.ToArray(), knownStamp, 1);

        public FileObservation ObservePath(string path, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint) => new(true, false, fingerprint.ToByteArray(), 1, 1);

        public IReadOnlyList<FileObservation> ObserveMany(IReadOnlyList<(string Ref, ulong Stamp)> refs) => throw new NotSupportedException();
    }
}
