using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Tests.State;

/// <summary>A fold and the events that a test tells it: one ref, one run, one want, one taint.</summary>
internal sealed class Story
{
    public const string Ref = "a/1";
    private const string Other = "b/1";

    private bool isSource;

    public Story() => Register(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}").Source("s/{n:int}"));

    public BuildState State { get; } = new();

    public string RunId { get; private set; } = "00000000-0000-7000-8000-000000000001";

    public Story Apply(params BuildEvent[] events)
    {
        foreach (var e in events)
        {
            State.Apply(State.Offset + 1, e);
        }

        return this;
    }

    public void Register(Project project)
    {
        var registration = new GraphRegisterEventV1 { Graph = project.Document };
        registration.JobFingerprints.AddRange(project.Document.Jobs.Select(job => new JobFingerprint { Job = job.Label, Fingerprint = ByteString.CopyFrom([1]) }));
        Apply(new BuildEvent { GraphRegister = registration });
    }

    /// <summary>A run of the ref was queued and done; the next one has another id.</summary>
    public Story Publish()
    {
        Apply(Queue(), Succeed());
        RunId = "00000000-0000-7000-8000-000000000002";
        return this;
    }

    public void AsSource()
    {
        isSource = true;
        Apply(Observe(Presence.Present));
    }

    public BuildEvent Queue() => Queue(RunId, "a", isSource ? "s/1" : Ref);

    public BuildEvent QueueReader()
    {
        var e = Queue("00000000-0000-7000-8000-000000000009", "b", Other);
        e.JobRunQueue.Inputs.Add(new Read { Ref = Ref });
        return e;
    }

    public static BuildEvent Queue(string runId, string job, params string[] refs)
    {
        var queue = new JobRunQueueEventV1 { RunId = runId, Job = job, JobFingerprint = ByteString.CopyFrom([1]), WantIds = { "w" } };
        queue.Partitions.AddRange(refs.Select(@ref => new RunPartition { Ref = @ref, Attempt = 1 }));
        return new BuildEvent { JobRunQueue = queue };
    }

    public BuildEvent Heartbeat() => new() { JobRunHeartbeat = new JobRunHeartbeatEventV1 { RunId = RunId } };

    public BuildEvent Unknown() => new() { JobRunUnknown = new JobRunUnknownEventV1 { RunId = RunId, Cause = "nobody knows it" } };

    public BuildEvent Lose() => new()
    {
        JobRunLost = new JobRunLostEventV1
        {
            RunId = RunId, End = End(new PartitionOutcome { Ref = Ref, Failed = new PartitionFailed { FailureClass = FailureClass.Infrastructure } }),
        },
    };

    public BuildEvent Succeed() => new() { JobRunSuccess = new JobRunSuccessEventV1 { End = End(new PartitionOutcome { Ref = Ref, Done = Done("x") }) } };

    public BuildEvent Fail() => new()
    {
        JobRunFailure = new JobRunFailureEventV1 { FailureClass = FailureClass.User, End = End(new PartitionOutcome { Ref = Ref, Failed = new PartitionFailed { FailureClass = FailureClass.User } }) },
    };

    public BuildEvent Miss() => new()
    {
        JobRunMissingDeps = new JobRunMissingDepsEventV1 { End = End(new PartitionOutcome { Ref = Ref, Missed = new PartitionMissed { Refs = { Other } } }) },
    };

    public RunEnd End(params PartitionOutcome[] outcomes) => new() { RunId = RunId, Outcomes = { outcomes } };

    public static PartitionDone Done(string content) => new() { ContentFingerprint = Content.Fingerprint(content).ToByteString() };

    /// <summary>The end of a run that is under way already; the table's story queues it first.</summary>
    public BuildEvent Rebuilt()
    {
        Apply(Queue());
        return Succeed();
    }

    /// <summary>The end of one more run, which is under way already.</summary>
    public BuildEvent FailedAgain()
    {
        Apply(Queue());
        return Fail();
    }

    public static BuildEvent Quarantine(string job) => new() { JobQuarantine = new JobQuarantineEventV1 { Job = job, Failures = 1 } };

    public BuildEvent OtherVersion()
    {
        var registration = State.GraphRegistration!.Clone();
        registration.JobFingerprints.Single(job => job.Job == "a").Fingerprint = ByteString.CopyFrom([2]);
        return new BuildEvent { GraphRegister = registration };
    }

    /// <summary>A deadline passed: at an instant, and the event is written then.</summary>
    public static BuildEvent TimePassed(string want)
    {
        var instant = Timestamp.FromDateTime(new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        return new BuildEvent
        {
            Timestamp = instant,
            WantTime = new WantTimeEventV1 { WantId = want, UpTo = instant, DeadlineMissed = new PartitionSet { Expressions = { Ref } } },
        };
    }

    public BuildEvent Observe(Presence presence) => new()
    {
        Observe = new ObserveEventV1
        {
            Observations =
            {
                new Observation { Ref = isSource ? "s/1" : Ref, Presence = presence, ContentFingerprint = Content.Fingerprint($"seen {State.Offset}").ToByteString() },
            },
        },
    };

    public BuildEvent Taint(string id) => new()
    {
        TaintCreate = new TaintCreateEventV1 { TaintId = id, Partitions = new PartitionSet { Expressions = { isSource ? "s/1" : Ref } } },
    };

    public BuildEvent Accept() => new() { Accept = new AcceptEventV1 { Partitions = new PartitionSet { Expressions = { isSource ? "s/1" : Ref } } } };

    public BuildEvent Adopt() => new()
    {
        Adopt = new AdoptEventV1
        {
            Partitions = { new AdoptedPartition { Ref = isSource ? "s/1" : Ref, ContentFingerprint = Content.Fingerprint("adopted").ToByteString() } },
        },
    };

    public BuildEvent Rename(string id, string from = "a/{n:int}", string to = "renamed/{n:int}") =>
        new() { Rename = new RenameEventV1 { RenameId = id, From = from, To = to } };

    /// <summary>The live instance of the ref expires; one that no run left, if there is none.</summary>
    public BuildEvent Expire(string id)
    {
        var live = State[State.Refs.Intern(isSource ? "s/1" : Ref)];
        return new BuildEvent
        {
            RetentionExpire = new RetentionExpireEventV1
            {
                ExpiryId = id,
                Partitions = { new RetentionExpired { Ref = isSource ? "s/1" : Ref, ContentFingerprint = live.Content.ToByteString() } },
            },
        };
    }

    public static BuildEvent ExpireEnd(string id) => new() { RetentionExpireEnd = new RetentionExpireEndEventV1 { ExpiryId = id } };

    public BuildEvent Want(string id) => new() { WantCreate = new WantCreateEventV1 { Want = WantOf(id) } };

    public BuildEvent Standing(string id) => new() { WantRegister = new WantRegisterEventV1 { Wants = { WantOf(id) } } };

    public static Want WantOf(string id) => new() { WantId = id, RootWantId = id, Partitions = new PartitionSet { Expressions = { Ref } } };

    public string StateOf(string entity) => entity switch
    {
        "Run" => State.FindRun(RunId)?.State.ToString() ?? "ended",
        "Ref" => StateOfRef(),
        "Job" => State.IsQuarantined("a") ? "Quarantined"
            : State.StraightFailuresOf("a", State.CurrentJob("a")!.Index) > 0 ? "Failing"
            : "InUse",
        "Want" => State.FindWant("w") switch
        {
            null => "Unknown",
            { IsCanceled: true } => "Canceled",
            { IsActive: false } => "Ended",
            { IsStanding: true } => "Standing",
            _ => "Active",
        },
        "Expiry" => State.Expiring is null ? "None" : "UnderWay",
        "Rename" => State.Renaming is null ? "None" : "UnderWay",
        _ => State.Taints.Any() ? "InForce" : "None",
    };

    public byte[] Bytes()
    {
        using var stream = new MemoryStream();
        StateSnapshot.Write(State, stream, canonical: true);
        return stream.ToArray();
    }

    private string StateOfRef()
    {
        int id = State.Refs.Intern(isSource ? "s/1" : Ref);
        var fact = State[id];
        return fact switch
        {
            { IsBuilding: true } => "Building",
            { IsSource: true } => fact.IsLive ? "Source" : "Source, absent",
            { IsTainted: true } => "Tainted",
            { IsChanged: true } => "Changed",
            { IsLost: true } => "Lost",
            { IsExpired: true } => "Expired",
            _ when State.TroubleOf(id) is { HeldAt: > 0 } => "Held",
            _ when State.TroubleOf(id) is { } trouble => trouble.Failure is null ? "Missed" : fact.IsLive ? "Failed, live" : "Failed",
            { IsLive: true } => State.IsPinned(id) ? "Pinned" : "Live",
            _ => "Absent",
        };
    }
}
