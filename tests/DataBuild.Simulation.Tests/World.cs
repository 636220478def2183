using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Log;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>
/// Everything outside the engines, deterministic: what is decided by chance is drawn from the scenario's seed. It strikes effects with
/// what the scenario holds, and checks after each what must always hold.
/// </summary>
internal sealed partial class World
{
    /// <summary>Most effects of one scenario: far more than any needs.</summary>
    private const int MostEffects = 50_000;

    private readonly Scenario scenario;
    private readonly Random random;
    private readonly List<string> trace = [];
    private int number;
    private int next;
    private int depth;
    private bool doubled;
    private bool faults = true;

    public World(Scenario scenario, Bug bug = Bug.None, Coverage? coverage = null)
    {
        this.scenario = scenario;
        Bug = bug;
        Coverage = coverage ?? new Coverage();
        random = new Random(scenario.Seed ^ 0x5EED);
        Jobs = new SimJobs(scenario, this);
        Cluster = new SimCluster(this);
        for (int n = 0; n <= Scenario.Refs; n++)
        {
            Disk.Sources[$"/p/s/{n}"] = $"s{n}.0";
        }
    }

    public Bug Bug { get; }

    public Coverage Coverage { get; }

    public SimDisk Disk { get; } = new();

    public SimJobs Jobs { get; }

    public SimCluster Cluster { get; }

    public InMemoryBuildEventLog Log { get; set; } = new();

    public (ulong Offset, byte[] Bytes)? Snapshot { get; set; }

    public DateTimeOffset Now { get; private set; } = new(2001, 6, 15, 12, 0, 0, TimeSpan.Zero);

    public List<SimProcess> Processes { get; } = [];

    public int Slots => scenario.Slots;

    public bool HasFaults => faults;

    /// <summary>The last of what happened, for whoever has to understand a failure.</summary>
    public IEnumerable<string> Trace => trace;

    public bool Chance(int oneIn) => random.Next(oneIn) == 0;

    public bool TakeDoubled()
    {
        bool taken = doubled;
        doubled = false;
        return taken;
    }

    public GraphLookup CompiledGraph()
    {
        var document = scenario.Project.Document.Clone();
        foreach (var job in document.Jobs.Where(_ => Bug == Bug.IgnoresLimits))
        {
            job.MaxConcurrency = "";
            job.Pools = "";
        }

        foreach (var family in document.Partitions.Where(_ => Bug == Bug.IgnoresNeeds))
        {
            family.Needs = "";
        }

        var compilation = GraphCompiler.Compile(document);
        Assert.DoesNotContain(compilation.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        return compilation.Graph!;
    }

    public IEnumerable<JobFingerprint> JobFingerprints() => scenario.Project.Document.Jobs.Select(job => scenario.FingerprintOf(job, Bug == Bug.TrustsOldJobs));

    public Reconciler NewReconciler(BuildState state, IBuildEventLog log) => new(
        state,
        new ReconcilerOptions { LogId = log.LogId, Term = log.Term, MostActiveRuns = Slots + 2, MostOutlivingRuns = Bug == Bug.FloodsCluster ? 100 : scenario.ClusterSlots, SessionStart = state.Offset },
        new Moment(Now));

    /// <summary>An effect of an engine: what the scenario holds for this moment happens before, instead or after.</summary>
    public void Strike(SimEngine engine, Effect effect, Action act)
    {
        Assert.True(++number < MostEffects, "the engine does not come to an end");
        Now += TimeSpan.FromMilliseconds(1);
        Happening? struck = null;
        if (faults && next < scenario.Happenings.Count && scenario.Happenings[next] is var planned && planned.At <= number && (planned.Aim ?? effect) == effect)
        {
            struck = planned.What;
            next++;
            Coverage.Count(struck.Value, effect);
        }

        Note(engine, effect, struck);
        if (struck is { } what)
        {
            Strike(what, engine, effect);
        }

        act();
        if (struck == Happening.CrashAfter)
        {
            throw new EngineDiedException();
        }
    }

    /// <summary>What has been told again and again goes on from here without it.</summary>
    public void Calm()
    {
        faults = false;
        for (int n = 0; n <= Scenario.Refs; n++)
        {
            Disk.Sources.TryAdd($"/p/s/{n}", $"s{n}.again");
        }
    }

    /// <summary>While the loop waits, a process ends or time passes.</summary>
    public void Pass(SimEngine engine, SimExecutor executor, TimeSpan atMost)
    {
        bool isTimed = atMost != Timeout.InfiniteTimeSpan;
        bool isClusterBusy = engine.Cluster is { IsBusy: true };
        if (engine.IsLeader)
        {
            CheckAdopted(engine);
        }

        Cluster.WriteLate(engine, all: false);
        if ((executor.IsBusy || isClusterBusy) && !(isTimed && Chance(4)))
        {
            if (isClusterBusy && (!executor.IsBusy || Chance(2)))
            {
                engine.Cluster!.Step(random.Next(1 << 20));
            }
            else
            {
                executor.EndOne(random.Next(1 << 20));
            }
        }
        else if (isTimed)
        {
            Now += atMost;
        }
        else
        {
            Assert.Fail($"the engine of term {engine.Term} waits for what never comes; under way: {string.Join(", ", engine.State!.ActiveRuns.Select(run => run.IdText))}");
        }
    }

    /// <summary>Where the process of a run writes. One of the cluster does that by its path, and makes it anew where it is gone.</summary>
    public Dictionary<string, string>? OutputsOf(string runId)
    {
        if (Cluster.Find(runId) is not null)
        {
            Disk.Runs.TryAdd(runId, new SimDisk.RunDirectory());
        }

        return Disk.Runs.GetValueOrDefault(runId)?.Outputs;
    }

    public SimProcess Started(RunRequest request, SimEngine engine)
    {
        if (engine.IsLeader)
        {
            foreach (var other in Processes.Where(other => !other.IsKilled))
            {
                Assert.False(other.Request.Refs.Intersect(request.Refs).Any(), $"{string.Join(' ', request.Refs)} is built by runs {other.Request.RunId} and {request.RunId} at one time");
            }

            CheckLimits(request);
        }

        var process = new SimProcess(request, engine, scenario.VersionOf(request.Job));
        Processes.Add(process);
        return process;
    }

    /// <summary>Ends what other engines left running, as a new engine does.</summary>
    public void KillOthers(SimEngine engine)
    {
        foreach (var process in Processes.Where(process => process.Engine != engine).ToList())
        {
            process.IsKilled = true;
            Processes.Remove(process);
        }
    }

    private void CheckLimits(RunRequest request)
    {
        var running = Processes.Where(process => !process.IsKilled).Select(process => process.Request.Job).Append(request.Job).ToList();
        Assert.True(running.Count <= Slots, $"{running.Count} runs at one time on {Slots} slots");
        CheckJobLimits(running);
    }

    /// <summary>Limits of jobs hold over all executors.</summary>
    private void CheckJobLimits(SimEngine engine) => CheckJobLimits([.. engine.State!.ActiveRuns.Select(run => run.Job)]);

    private void CheckJobLimits(List<string> running)
    {
        var document = scenario.Project.Document;
        foreach (var job in document.Jobs.Where(job => job.MaxConcurrency.Length > 0))
        {
            int most = Number(job.MaxConcurrency);
            Assert.True(running.Count(label => label == job.Label) <= most, $"more than {most} runs of {job.Label} at one time");
        }

        foreach (var pool in document.Pools)
        {
            int taken = running.Count(label => document.Jobs.Single(job => job.Label == label).Pools.Length > 0);
            Assert.True(taken <= Number(pool.Slots), $"{taken} slots of pool {pool.Name} are taken, it has {pool.Slots}");
        }
    }

    private void Note(SimEngine engine, Effect effect, Happening? struck)
    {
        if (struck is not null || effect is not (Effect.Observe or Effect.Wait))
        {
            trace.Add($"{number} term {engine.Term} {effect}{(struck is { } what ? $" *** {what}" : "")}");
            if (trace.Count > 400)
            {
                trace.RemoveRange(0, 200);
            }
        }
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
