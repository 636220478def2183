using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Log;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>
/// The core without its shell: fold, reconciler and resolver with a log, files, jobs and a clock in memory. Whatever it does is
/// decided by what it is given, so that a test says the same each time.
/// </summary>
internal sealed class Simulator
{
    public static readonly DateTimeOffset Start = new(2001, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, Action<JobCall>> jobs = new(StringComparer.Ordinal);
    private readonly List<BuildEvent> uncommitted = [];
    private readonly List<Dictionary<string, string>> unpublished = [];
    private readonly StateChange change = new();
    private InMemoryBuildEventLog log = new();
    private Reconciler? reconciler;
    private OutcomeResolver? resolver;

    public Simulator(Project project) => Project = project;

    public Project Project { get; set; }

    public BuildState State { get; private set; } = new();

    public GraphLookup Graph => State.Graph!;

    public Reconciler Reconciler => reconciler ?? throw new InvalidOperationException("no session is open");

    public DateTimeOffset Now { get; set; } = Start;

    /// <summary>What is in the data root.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>What is neither partition nor source.</summary>
    public Dictionary<string, string> OtherFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs queued and not ended, oldest first.</summary>
    public List<JobRunQueueEventV1> UnderWay { get; } = [];

    /// <summary>Everything that runs of this session were, in order of their start.</summary>
    public List<JobRunQueueEventV1> Runs { get; } = [];

    public List<Diagnostic> Warnings { get; } = [];

    public int Slots { get; set; } = 4;

    public bool Observe { get; set; } = true;

    public long MaxRebuilds { get; set; } = -1;

    public bool EndsWants { get; set; }

    public IReadOnlyList<string> OnlyJobs { get; set; } = [];

    /// <summary>Which of the runs under way ends next.</summary>
    public Func<int, int> NextToEnd { get; set; } = _ => 0;

    /// <summary>Called with each run's intent, before it is applied.</summary>
    public Action<JobRunQueueEventV1>? Queueing { get; set; }

    public ulong SessionStart { get; private set; }

    public Decision? Last { get; private set; }

    public IEnumerable<StoredEvent> Events => log.Read(1);

    /// <summary>The newest event, stored or not.</summary>
    public BuildEvent Replayed() => uncommitted.LastOrDefault() ?? Events.Last().Event;

    public ulong LastOffset => log.LastOffset;

    /// <summary>What a job does; one that was not given makes its refs of their declared needs.</summary>
    public Simulator Does(string job, Action<JobCall> action)
    {
        jobs[job] = action;
        return this;
    }

    public Simulator Has(string source, string content)
    {
        Sources[source] = content;
        return this;
    }

    public string? ContentOf(string @ref) => Graph.Find(@ref) is { IsSource: true } ? Sources.GetValueOrDefault(@ref) : Files.GetValueOrDefault(@ref);

    /// <summary>Does something on the way.</summary>
    public Simulator Also(Action<Simulator> action)
    {
        action(this);
        return this;
    }

    /// <summary>A whole build: opens a session, converges, closes it.</summary>
    public BuildView Build()
    {
        Open();
        Converge();
        return Look();
    }

    /// <summary>What a build would do now; leaves nothing behind.</summary>
    public PlanReport Plan()
    {
        var kept = log;
        log = new InMemoryBuildEventLog(kept.LogId);
        log.Append([.. kept.Read(1).Select(stored => stored.Event)]);
        var plan = Open().Plan();
        (log, reconciler) = (kept, null);
        State = Replay();
        return plan;
    }

    /// <summary>Begins a session as a new engine does: from the log alone.</summary>
    public Reconciler Open()
    {
        log = log.Reopen();
        uncommitted.Clear();
        unpublished.Clear();
        UnderWay.Clear();
        Runs.Clear();
        Warnings.Clear();
        State = Replay();
        resolver = new OutcomeResolver(State);
        reconciler = null;
        foreach (var run in State.ActiveRuns.OrderBy(run => run.QueuedAt).ToList())
        {
            Add(new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = run.IdText, Cause = "its engine died" } });
        }

        Register();
        Commit();
        SessionStart = State.Offset;
        reconciler = NewReconciler(State);
        change.Clear();
        Decide(mayRun: false);
        Commit();
        return reconciler;
    }

    public Reconciler NewReconciler(BuildState state, bool? observe = null) => new(
        state,
        new ReconcilerOptions
        {
            LogId = log.LogId,
            Term = log.Term,
            MostActiveRuns = Slots,
            Observe = observe ?? Observe,
            SessionStart = SessionStart,
            MaxRebuilds = MaxRebuilds,
            EndsWants = EndsWants,
            Jobs = OnlyJobs,
        },
        new Moment(Now));

    /// <summary>Registers graph and standing wants as they are in the project now; also within a session.</summary>
    public void Register()
    {
        var compilation = GraphCompiler.Compile(Project.Document);
        Assert.DoesNotContain(compilation.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        if (Registration.Graph(State, compilation.Graph!, Project.Document.Jobs.Select(FingerprintOf)) is { } graph)
        {
            Add(graph);
        }

        if (Registration.Wants(State, Now.Date) is { } wants)
        {
            Add(wants);
        }
    }

    /// <summary>Goes on until nothing more can be done; time passes only while nothing is under way.</summary>
    public void Converge(TimeSpan? maxWait = null)
    {
        for (int steps = 0; Step(maxWait ?? TimeSpan.Zero); steps++)
        {
            Assert.True(steps < 200_000, "the build does not end");
        }
    }

    /// <summary>One turn of the loop; false if nothing more can be done.</summary>
    public bool Step(TimeSpan maxWait = default)
    {
        Begin();
        if (UnderWay.Count > 0)
        {
            End(UnderWay[NextToEnd(UnderWay.Count)].RunId);
            return true;
        }

        var decision = Last!;
        Assert.True(decision.IsQuiet || decision.TooManyRebuilds > 0, "nothing is under way and the decision says otherwise");
        var until = decision.RetryAt;
        if (decision.PostponedTo is { } postponed && postponed - Now <= maxWait && !(until < postponed))
        {
            until = postponed;
        }

        if (until is not { } instant || decision.TooManyRebuilds > 0)
        {
            return false;
        }

        Now = instant > Now ? instant : Now;
        return true;
    }

    /// <summary>Decides, stores and starts what may be started.</summary>
    public void Begin()
    {
        var planned = Decide(mayRun: true);
        Commit();
        foreach (var run in planned)
        {
            UnderWay.Add(run.Queue);
            Runs.Add(run.Queue);
        }
    }

    /// <summary>Decides and applies; nothing is stored yet.</summary>
    public List<PlannedRun> Decide(bool mayRun)
    {
        var planned = new List<PlannedRun>();
        while (true)
        {
            TellReconciler();
            var decision = Last = Reconciler.Decide(new Moment(Now), mayRun);
            foreach (var request in decision.Observe)
            {
                Reconciler.Observed(Reply(request));
            }

            foreach (var e in decision.Events)
            {
                if (e.JobRunQueue is { } queue)
                {
                    Queueing?.Invoke(queue);
                }

                Add(e);
            }

            TellReconciler();
            planned.AddRange(decision.Runs);
            if (decision.Observe.Count == 0 && (decision.Events.Count == 0 || decision.Runs.Count > 0))
            {
                return planned;
            }
        }
    }

    /// <summary>The job of a run under way does its work, and the run ends; its results are stored with the next decision.</summary>
    public void End(string runId)
    {
        var call = new JobCall(this, UnderWay.Single(run => run.RunId == runId));
        if (jobs.TryGetValue(call.Job, out var action))
        {
            action(call);
        }
        else
        {
            call.MakeFromNeeds();
        }

        End(call, call.Ending);
    }

    /// <summary>Removes what is due, as a build does at its end.</summary>
    public IReadOnlyList<string> Expire()
    {
        Commit();
        TellReconciler();
        var due = Reconciler.Due(new Moment(Now), out var next);
        NextDue = next;
        if (due.Count > 0)
        {
            var expiry = Reconciler.Expiry(due);
            Add(expiry);
            due.ForEach(partition => Files.Remove(partition.Ref));
            Add(new BuildEvent { RetentionExpireEnd = new RetentionExpireEndEventV1 { ExpiryId = expiry.RetentionExpire.ExpiryId } });
            TellReconciler();
            Commit();
        }

        return due.ConvertAll(partition => partition.Ref);
    }

    public DateTimeOffset? NextDue { get; private set; }

    public void Heartbeat(string runId) => Add(new BuildEvent { JobRunHeartbeat = new JobRunHeartbeatEventV1 { RunId = runId, Pid = 1, Host = "here" } });

    /// <param name="runId">The run.</param>
    /// <param name="hold">It was named: its refs wait until somebody asks.</param>
    public void Cancel(string runId, bool hold = false) => End(new JobCall(this, UnderWay.Single(run => run.RunId == runId)), RunEnding.Canceled, hold);

    private void End(JobCall call, RunEnding ending, bool hold = false)
    {
        UnderWay.RemoveAll(run => run.RunId == call.RunId);
        var returned = new RunReturn
        {
            RunId = call.RunId,
            Ending = ending,
            ExitCode = call.ExitCode,
            Signal = call.Signal,
            Started = Now,
            Duration = TimeSpan.FromSeconds(1),
            Messages = call.Messages,
            Tail = call.Tail,
            Diagnostics = call.Diagnostics,
            Untaken = call.Untaken,
        };
        var run = State.FindRun(call.RunId)!;
        var staged = new StagedOutput([.. run.Refs.Select(id => Content.Observe(call.Outputs.GetValueOrDefault(State.Refs[id])))], []);
        var result = resolver!.Resolve(returned, staged, call.Messages.SelectMany(message => message.ReadFiles?.Paths ?? []).Distinct().ToDictionary(path => path, FactOf), "", Now);
        Warnings.AddRange(result.Warnings);
        foreach (var e in result.Events)
        {
            if (hold && e.JobRunCancel is { } cancel)
            {
                cancel.Hold = true;
            }

            Add(e);
        }

        unpublished.Add(result.Publish.ToDictionary(@ref => @ref, @ref => call.Outputs[@ref], StringComparer.Ordinal));
        TellReconciler();
    }

    /// <summary>An event from outside the decider: a taint, a cancel, a want.</summary>
    public void Happens(BuildEvent e)
    {
        Add(e);
        TellReconciler();
    }

    public void Taint(string set, string comment = "wrong") => Happens(new BuildEvent
    {
        TaintCreate = new TaintCreateEventV1 { TaintId = $"taint-{State.Offset}", Partitions = new V1.PartitionSet { Expressions = { set } }, Comment = comment },
    });

    public Want Want(string set, int priority = 0, TimeSpan? sla = null, TimeSpan? ttl = null)
    {
        string id = $"asked-{State.Offset}";
        var want = new Want
        {
            WantId = id,
            RootWantId = id,
            Partitions = new V1.PartitionSet { Expressions = { set } },
            Priority = priority,
            Sla = sla is { } deadline ? Duration.FromTimeSpan(deadline) : null,
            Ttl = ttl is { } life ? Duration.FromTimeSpan(life) : null,
        };
        Happens(new BuildEvent { WantCreate = new WantCreateEventV1 { Want = want } });
        return want;
    }

    /// <summary>Somebody watches the files: what differs from the log becomes an event at once.</summary>
    public void Watch(string @ref)
    {
        string? content = ContentOf(@ref);
        Happens(new BuildEvent
        {
            Observe = new ObserveEventV1
            {
                Observations =
                {
                    new Observation
                    {
                        Ref = @ref,
                        Presence = content is null ? Presence.Absent : Presence.Present,
                        ContentFingerprint = content is null ? ByteString.Empty : Content.Fingerprint(content).ToByteString(),
                    },
                },
            },
        });
    }

    /// <summary>The engine dies: what was not committed is gone, and so are its runs. What was committed is published by recovery.</summary>
    public void Crash()
    {
        uncommitted.Clear();
        unpublished.Clear();
        UnderWay.Clear();
        reconciler = null;
    }

    public void Commit()
    {
        log.Append(uncommitted);
        uncommitted.Clear();
        foreach (var (@ref, content) in unpublished.SelectMany(outputs => outputs))
        {
            Files[@ref] = content;
        }

        unpublished.Clear();
    }

    public BuildState Replay(ulong? upTo = null)
    {
        var state = new BuildState();
        foreach (var (offset, e) in log.Read(1).TakeWhile(stored => stored.Offset <= (upTo ?? ulong.MaxValue)))
        {
            state.Apply(offset, e);
        }

        return state;
    }

    public BuildView Look() => new(this);

    private void Add(BuildEvent e)
    {
        e.Timestamp ??= Timestamp.FromDateTimeOffset(Now);
        State.Apply(State.Offset + 1, e, change);
        uncommitted.Add(e);
    }

    private void TellReconciler()
    {
        if (!change.IsEmpty)
        {
            reconciler?.Changed(change);
            change.Clear();
        }
    }

    private FileReadFact FactOf(string path) =>
        new(path, OtherFiles.TryGetValue(path, out string? content) ? Content.Fingerprint(content) : Fingerprint.None);

    private ObservationReply Reply(ObservationRequest request)
    {
        string? changed = request.FileReads.FirstOrDefault(file => FactOf(file.Path) != file).Path;
        string? content = request.IsSource ? Sources.GetValueOrDefault(request.Ref) : Files.GetValueOrDefault(request.Ref);
        return content is null
            ? new ObservationReply(request.Ref, false, 0, Fingerprint.None, 0, changed)
            : new ObservationReply(request.Ref, true, Content.Stamp(content), Content.Fingerprint(content), content.Length, changed);
    }

    private static JobFingerprint FingerprintOf(JobDefinition job)
    {
        byte[] version = Content.Fingerprint($"{job.Label} {job.Version}").ToByteString().ToByteArray();
        return new JobFingerprint
        {
            Job = job.Label,
            Fingerprint = ByteString.CopyFrom([1, .. version]),
            Parts = { new FingerprintPart { Name = "version", Fingerprint = ByteString.CopyFrom(version) } },
        };
    }
}
