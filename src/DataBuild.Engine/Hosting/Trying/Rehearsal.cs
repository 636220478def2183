using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Durability = DataBuild.Engine.Files.Durability;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>
/// A project as a build would find it now, for runs without effect. Log and data are read, no lease is taken, and what is learned or
/// done stays in memory: runs are judged by the rules that builds have, on a fold that nobody stores.
/// </summary>
internal sealed class Rehearsal : IDisposable
{
    private readonly SqliteBuildEventLog? log;
    private readonly DataRoot root;
    private readonly PartitionStore store;
    private readonly Journal journal;
    private readonly Func<DateTimeOffset> clock;

    public Rehearsal(EngineRequest request, GraphLookup graph, TimeProvider time)
    {
        Workspace = Workspace.Of(request);
        var zone = Zones.Of(graph);
        clock = () => TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone);
        log = File.Exists(Workspace.Log) ? SqliteBuildEventLog.OpenReader(Workspace.Log) : null;
        State = log is null ? new BuildState() : StateLoader.Load(log, new FileSnapshotStore(log), out _);
        root = DataRoot.Open(Workspace.DataRoot, log?.LogId ?? "", create: false, expectExisting: State.LiveCount > 0);
        store = new PartitionStore(root, 0, Durability.Full);
        journal = new Journal(null, State);
        Register(graph);
    }

    public Workspace Workspace { get; }

    public BuildState State { get; }

    public GraphLookup Graph => State.Graph!;

    public DateTime Today => clock().Date;

    /// <summary>Compiles the request's graph, saying what is wrong with it; null if it has errors.</summary>
    public static GraphLookup? Compile(EngineRequest request, Action<Diagnostic> say)
    {
        var compilation = GraphCompiler.Compile(request.Graph);
        foreach (var diagnostic in compilation.Diagnostics)
        {
            say(diagnostic);
        }

        return compilation.Graph;
    }

    /// <summary>
    /// Looks at refs and at what they need as a build that wants them would, and says where each stands. Once only: what is asked
    /// about is wanted from then on.
    /// </summary>
    public IReadOnlyDictionary<string, Verdict> Look(IReadOnlyCollection<string> refs)
    {
        const string WantId = "want-rehearsal";
        var want = new Want { WantId = WantId, RootWantId = WantId, Partitions = new V1.PartitionSet() };
        want.Partitions.Expressions.AddRange(refs.Where(@ref => Graph.Find(@ref) is { IsSource: false }));
        journal.Add(new BuildEvent { WantCreate = new WantCreateEventV1 { Want = want } }, clock());
        journal.Change.Clear();
        var options = new ReconcilerOptions { LogId = journal.LogId, SessionStart = State.Offset, WantIds = [WantId], Refs = [.. refs] };
        var reconciler = new Reconciler(State, options, new Moment(clock()));
        Looking.Settle(reconciler, journal, new Observer(store, Workspace.ProjectFolder), clock);
        return refs.Distinct(StringComparer.Ordinal).Zip(reconciler.VerdictsOf(refs.Distinct(StringComparer.Ordinal)))
            .ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>What a run of the ref is known to read: what it needs, what it read the last time and what it reported missing.</summary>
    public IReadOnlyList<string> InputsOf(string @ref)
    {
        var inputs = new HashSet<string>(Graph.Find(@ref)!.Needs(@ref), StringComparer.Ordinal);
        if (State.Refs.TryGet(@ref, out int id))
        {
            inputs.UnionWith((State[id].Reads ?? []).Select(read => State.Refs[read.Ref]));
            inputs.UnionWith((State.TroubleOf(id)?.Missed ?? []).Select(missed => State.Refs[missed]));
        }

        inputs.Remove(@ref);
        return [.. inputs.Where(input => Graph.Find(input) is not null)];
    }

    /// <summary>The intent that a build would log for a run of these refs of one job.</summary>
    public JobRunQueueEventV1 Intend(Job job, IReadOnlyList<string> refs)
    {
        var queue = new JobRunQueueEventV1
        {
            RunId = Guid.CreateVersion7().ToString("D"),
            Job = job.Label,
            JobFingerprint = State.CurrentJob(job.Label)!.Fingerprint.Fingerprint,
        };
        queue.Partitions.AddRange(refs.Select(@ref => new RunPartition { Ref = @ref, Attempt = 1 }));
        foreach (string input in refs.SelectMany(InputsOf).Distinct(StringComparer.Ordinal))
        {
            if (Find(input) is { IsLive: true } live)
            {
                queue.Inputs.Add(new Read { Ref = input, ContentFingerprint = live.Content.ToByteString(), RunId = live.IsSource ? "" : live.LiveRun.ToString("D") });
            }
        }

        return queue;
    }

    /// <summary>What a build would record of a run that ended; null for one that was told to end.</summary>
    public RunEnd? Judge(JobRunQueueEventV1 queue, RunReturn returned, StagedOutput staged)
    {
        journal.Add(new BuildEvent { JobRunQueue = queue.Clone() }, clock());
        var files = new Dictionary<string, FileReadFact>(StringComparer.Ordinal);
        var e = new OutcomeResolver(State).Resolve(returned, staged, files, "", clock()).Events[0];

        // It leaves no trace, not even here: the next run may be for the same refs.
        journal.Add(new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = queue.RunId, Cause = "rehearsed" } }, clock());
        journal.Change.Clear();
        return e.JobRunSuccess?.End ?? e.JobRunFailure?.End ?? e.JobRunMissingDeps?.End;
    }

    public RefFacts? Find(string @ref) => State.Refs.TryGet(@ref, out int id) ? State[id] : null;

    public void Dispose()
    {
        store.Dispose();
        root.Dispose();
        log?.Dispose();
    }

    private void Register(GraphLookup graph)
    {
        // Runs of an engine that works, or of one that died: either way not of this one.
        foreach (var run in State.ActiveRuns.ToList())
        {
            journal.Add(new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = run.IdText, Cause = "not of this engine" } }, clock());
        }

        var fingerprinter = new JobFingerprinter(Workspace.ProjectFolder);
        if (Registration.Graph(State, graph, graph.Jobs.Select(job => fingerprinter.Compute(job.Definition, job.Command))) is { } registration)
        {
            journal.Add(registration, clock());
        }
    }
}
