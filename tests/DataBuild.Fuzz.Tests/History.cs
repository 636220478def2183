using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Fuzz.Tests;

/// <summary>The life of a small project in events, every kind of them and every field of each.</summary>
internal static class History
{
    /// <summary>When it begins; each event comes a second after the one before it.</summary>
    public static readonly Timestamp Time = new() { Seconds = 1_700_000_000 };

    private static readonly ByteString some = ByteString.CopyFrom([.. Enumerable.Range(1, 16).Select(i => (byte)i)]);
    private static readonly List<BuildEvent> all = Events();

    /// <summary>Each is legal after those before it.</summary>
    public static List<BuildEvent> Events()
    {
        List<BuildEvent> events =
        [
            Registered(),
            new() { WantRegister = new() { Wants = { Want("w", "n/{1..3}") } } },
            Queued(1, "n/1", "n/2"),
            new() { JobRunHeartbeat = new() { RunId = Run(1), Pid = 7, PidStart = 8, Host = "host" } },
            new() { JobRunSuccess = new() { End = Ended(1, Done("n/1"), Done("n/2")) } },
            new() { Observe = new() { Observations = { new Observation { Ref = "n/1", Presence = Presence.Absent }, new Observation { Ref = "in/1", Presence = Presence.Present, ContentFingerprint = some, Stamp = 1, Size = 2 } } } },
            new() { TaintCreate = new() { TaintId = "t", Partitions = Set("n/2"), Comment = "bad", Downstream = true } },
            new() { TaintCancel = new() { TaintId = "t", Partitions = Set("n/2"), Comment = "good" } },
            new() { WantCreate = new() { Want = Want("x", "day/2001-01-01") } },
            new() { WantCancel = new() { WantId = "x", Comment = "no more" } },
            Queued(2, "n/1"),
            new() { JobRunCancel = new() { RunId = Run(2), Cause = "asked", Hold = true } },
            Queued(3, "n/3"),
            new() { JobRunLost = new() { RunId = Run(3), Cause = "died" } },
            Queued(4, "s/x", "s/y"),
            new() { JobRunMissingDeps = new() { End = Ended(4, Missed("s/x", "n/3"), Done("s/y")) } },
            new() { WantCreate = new() { Want = Child("c", 4, "n/3", "s/x") } },
            new() { WantTime = new() { WantId = "w", DeadlineMissed = Set("n/3"), Expired = Set("n/3"), UpTo = new Timestamp { Seconds = Time.Seconds + 9 } } },
            new() { WantEnd = new() { WantId = "c", State = WantEndState.Failed } },
            Queued(5, "n/1"),
            new() { JobRunFailure = new() { FailureClass = FailureClass.User, StderrTail = "no luck", End = Ended(5, Failed("n/1")) } },
            new() { JobQuarantine = new() { Job = "make", Failures = 1, RunId = Run(5) } },
            new() { RetryRequest = new() { Refs = { "n/1" }, Source = "test", Jobs = { "make" } } },
            Queued(6, "n/1").On("slurm"),
            new() { JobRunHeartbeat = new() { RunId = Run(6), Pid = 7, Host = "n1", ExecutorRun = "slurm job 17_3" } },
            new() { JobRunUnknown = new() { RunId = Run(6), Cause = "squeue does not know it" } },
            new() { JobRunCancel = new() { RunId = Run(6), Cause = "asked", Hold = true, Asked = true } },
            new() { JobRunLost = new() { RunId = Run(6), Cause = "its node died", End = Ended(6, Failed("n/1")) } },
            new() { Adopt = new() { Comment = "old", Partitions = { new AdoptedPartition { Ref = "n/9", ContentFingerprint = some, Size = 1, Stamp = 2, Folder = true, Reads = { ReadOf("s/y") } } } } },
            new() { Accept = new() { Comment = "good", Partitions = Set("n/2", "s/y"), FileReads = { new FileRead { Path = "x", ContentFingerprint = some } } } },
            new() { Rename = new() { RenameId = "r", From = "n/{n:int}", To = "m/{n:int}", Comment = "nicer" } },
            new() { Rename = new() { RenameId = "q", Resumes = "r" } },
            new() { RenameEnd = new() { RenameId = "q" } },
            new()
            {
                RetentionExpire = new()
                {
                    ExpiryId = "e",
                    Partitions = { new RetentionExpired { Ref = "m/2", ContentFingerprint = some, Since = Time, Retention = new Duration { Seconds = 9 } } },
                },
            },
            new() { RetentionExpire = new() { ExpiryId = "f", Resumes = "e" } },
            new() { RetentionExpireEnd = new() { ExpiryId = "f" } },
        ];
        foreach (var (i, e) in events.Index())
        {
            e.Timestamp = new Timestamp { Seconds = Time.Seconds + i };
        }

        return events;
    }

    /// <summary>The fold after so many of them.</summary>
    public static BuildState After(int events)
    {
        var state = new BuildState();
        foreach (var e in all.Take(events))
        {
            state.Apply(state.Offset + 1, e);
        }

        return state;
    }

    public static byte[] Canonical(BuildState state)
    {
        using var stream = new MemoryStream();
        StateSnapshot.Write(state, stream, canonical: true);
        return stream.ToArray();
    }

    private static BuildEvent Registered()
    {
        var registration = new GraphRegisterEventV1 { Graph = Graph() };
        registration.JobFingerprints.AddRange(registration.Graph.Jobs.Select(job => new JobFingerprint
        {
            Job = job.Label, Fingerprint = some, Parts = { new FingerprintPart { Name = "command", Fingerprint = some } },
        }));
        return new BuildEvent { GraphRegister = registration };
    }

    private static GraphDocument Graph()
    {
        var graph = Projects.Document();
        var origin = new Origin { ItemType = "Job", Include = "full", Ordinal = 1, File = "x.dbproj", Project = "../other/other.dbproj" };
        graph.TimeZone = "Europe/Berlin";
        graph.Pools.Add(new PoolDefinition { Name = "gpu", Slots = "3", Origin = origin });
        graph.Jobs.Add(new JobDefinition
        {
            Label = "full",
            Origin = origin,
            Command = "python3 make.py",
            Arguments = "--fast",
            Environment = "A=1;B=2",
            PassEnvironment = "HOME",
            WorkingDirectory = "work",
            Sources = { "make.py" },
            Version = "7",
            BatchSize = "3",
            BatchBy = "n",
            MaxConcurrency = "2",
            Pools = "gpu:1",
            Timeout = "10m",
            Retries = "2",
            RetryDelay = "1s",
            RetryExitCodes = "1;75",
            Executor = "local",
            OnStale = "warn",
            Description = "makes",
            QuarantineAfter = "5",
            Folder = "../other",
            Cpus = "2",
            Memory = "4GB",
            SlurmPartition = "long",
            SlurmArguments = "-A research",
        });
        graph.Jobs.Add(new JobDefinition { Label = "program", Program = "bin/program.dll", ProgramFiles = { "bin/program.dll" } });
        graph.Partitions.Add(new PartitionDefinition { Pattern = "program/{n:int}", Job = "program" });
        graph.Partitions.Add(new PartitionDefinition
        {
            Pattern = "full/{n:int}", Origin = origin, Job = "full", Needs = "n/{n}", Early = "true", Retention = "90d", Description = "kept for a while",
        });
        graph.Sources[0].Origin = origin;
        graph.Wants.Add(new WantDefinition
        {
            Partitions = "full/{1..3}", Origin = origin, Ttl = "30d", Sla = "6h", Priority = "2", Comment = "for the meeting", Schedule = "0 6 * * *",
        });
        return graph;
    }

    private static Want Want(string id, string set) => new()
    {
        WantId = id,
        RootWantId = id,
        Partitions = Set(set),
        DataTimestamp = Time,
        Ttl = new Duration { Seconds = 1_000_000 },
        Sla = new Duration { Seconds = 1_000 },
        Priority = 3,
        Source = "project",
        Comment = "for the meeting",
        Origin = new Origin { ItemType = "Want", Include = set, Ordinal = 1, File = "x.dbproj", Project = "../other" },
    };

    private static Want Child(string id, int run, string set, string waiting) => new()
    {
        WantId = id, RootWantId = "w", ParentWantId = "w", Partitions = Set(set), RunId = Run(run), Waiting = { waiting }, Hops = 1, Source = "job run",
    };

    private static BuildEvent Queued(int run, params string[] refs)
    {
        var queue = new JobRunQueueEventV1 { RunId = Run(run), Job = "make", WantIds = { "w" }, JobFingerprint = some, Term = 1 };
        queue.Partitions.AddRange(refs.Select(@ref => new RunPartition
        {
            Ref = @ref,
            Attempt = 1,
            Reason = new Reason { Kind = ReasonKind.Lost, Ref = "n/1", Detail = "gone", Offset = 1, RunId = Run(1), More = 1, NotBefore = Time, Was = "a", Now = "b" },
        }));
        if (run > 3)
        {
            queue.Inputs.Add(ReadOf("n/2"));
        }

        return new BuildEvent { JobRunQueue = queue };
    }

    private static BuildEvent On(this BuildEvent queued, string executor)
    {
        queued.JobRunQueue.Executor = executor;
        return queued;
    }

    private static RunEnd Ended(int run, params PartitionOutcome[] outcomes) => new()
    {
        RunId = Run(run),
        ExitCode = 3,
        Signal = 9,
        Started = Time,
        Duration = new Duration { Seconds = 1 },
        Log = "logs/1",
        Outcomes = { outcomes },
        Reads = { ReadOf("n/2") },
        FileReads = { new FileRead { Path = "x", ContentFingerprint = some } },
        Unasked = { "y" },
    };

    private static PartitionOutcome Done(string @ref) => new()
    {
        Ref = @ref,
        Done = new() { ContentFingerprint = some, Size = 3, Stamp = 4, Metadata = { ["rows"] = "5" }, Folder = true },
        Reads = { new Read { Ref = "in/1", ContentFingerprint = some, Missed = true } },
        FileReads = { new FileRead { Path = "z", ContentFingerprint = some } },
    };

    private static PartitionOutcome Failed(string @ref) => new()
    {
        Ref = @ref,
        Failed = new() { FailureClass = FailureClass.User, Code = "DBLD5101", Message = "no", RetryAt = Time, BatchLimit = 1 },
    };

    private static PartitionOutcome Missed(string @ref, string lacks) => new() { Ref = @ref, Missed = new() { Refs = { lacks }, NotBefore = Time, BatchLimit = 1 } };

    private static Read ReadOf(string @ref) => new() { Ref = @ref, ContentFingerprint = some, RunId = Run(1), Missed = true };

    private static PartitionSet Set(params string[] expressions) => new() { Expressions = { expressions } };

    private static string Run(int number) => $"01890000-0000-7000-8000-00000000000{number}";
}
