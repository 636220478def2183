using System.Globalization;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>
/// A random project and a random life of it, both decided by one seed: builds with failing jobs, edits, taints, losses and
/// crashes, with what must hold at each step checked on the way. Jobs are pure, so what must come out in the end is known.
/// </summary>
internal sealed class Scenario
{
    private const int Refs = 4;

    private readonly Random random;
    private readonly int families;
    private readonly bool[] isCoarse;
    private readonly string[] versions;
    private readonly Dictionary<string, string[]> discovered = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Ref, string Version), string[]> discoveredBy = [];
    private readonly Dictionary<string, string> versionOfRun = new(StringComparer.Ordinal);
    private readonly HashSet<string> accepted = new(StringComparer.Ordinal);
    private int edits;
    private bool faults = true;

    public Scenario(int seed)
    {
        random = new Random(seed);
        families = random.Next(2, 6);
        isCoarse = [.. Enumerable.Range(0, families).Select(_ => random.Next(3) == 0)];
        versions = [.. Enumerable.Range(0, families).Select(_ => "1")];
        Project = MakeProject();
        Simulator = new Simulator(Project)
        {
            Slots = random.Next(1, 5),
            NextToEnd = random.Next,
            Queueing = Check,
        };
        for (int n = 0; n <= Refs; n++)
        {
            Simulator.Has($"s/{n}", $"s{n}.0");
        }

        for (int i = 0; i < families; i++)
        {
            int family = i;
            Simulator.Does($"f{i}", run => Run(run, family));
        }
    }

    public Simulator Simulator { get; }

    private Project Project { get; set; }

    /// <summary>Builds that fail, stop, crash and are meddled with.</summary>
    public void Live()
    {
        for (int session = random.Next(1, 5); session > 0; session--)
        {
            Simulator.Open();
            for (int step = random.Next(40); step > 0; step--)
            {
                if (random.Next(4) == 0)
                {
                    Meddle();
                }

                if (!Simulator.Step(TimeSpan.FromDays(1)))
                {
                    break;
                }
            }

            switch (random.Next(4))
            {
                case 0:
                    // Decided and applied, not stored.
                    Simulator.Decide(mayRun: true);
                    Simulator.Crash();
                    break;
                case 1:
                    // Stored, and dead before anything more is done about it.
                    Simulator.Begin();
                    Simulator.Crash();
                    break;
                default:
                    Simulator.Commit();
                    break;
            }

            CheckLog();
        }
    }

    /// <summary>With faults stopped, each want is satisfied by one build, or a failed leaf explains why not; a second does nothing.</summary>
    public void Settle()
    {
        faults = false;
        foreach (int n in Enumerable.Range(0, Refs + 1).Where(_ => random.Next(8) > 0))
        {
            Simulator.Sources.TryAdd($"s/{n}", $"s{n}.again");
        }

        Simulator.Open();
        Simulator.Converge(TimeSpan.FromDays(1));
        var plan = Simulator.Reconciler.Plan();
        Assert.Equal(0, plan.WillRun + plan.MayRun);
        foreach (string @ref in Wanted())
        {
            var verdict = Simulator.Reconciler.VerdictOf(@ref);
            if (Made(@ref) is { } content && IsWhole(@ref))
            {
                Assert.Equal((@ref, RefState.Live), (@ref, verdict.State));
                Assert.Equal((@ref, content), (@ref, Simulator.Files[@ref]));
            }
            else if (verdict.State != RefState.Live)
            {
                // One that was built before an input went stays: what is absent is no difference.
                Assert.Equal((@ref, RefState.UpstreamFailed), (@ref, verdict.State));
                Assert.False(Simulator.Sources.ContainsKey(verdict.Reason.Ref), $"{@ref} is said to wait for {verdict.Reason.Ref}, which is there");
            }
        }

        ulong end = Simulator.LastOffset;
        CheckLog();
        bool isSuccessful = Simulator.Look().IsSuccessful;
        var second = Simulator.Build();
        Assert.Empty(second.Ran);
        Assert.Equal(isSuccessful, second.IsSuccessful);
        Assert.Equal(end, Simulator.LastOffset);
    }

    /// <summary>The plan of a build without faults, and what it then runs.</summary>
    public void PlanAndBuild()
    {
        faults = false;
        for (int n = 0; n <= Refs; n++)
        {
            Simulator.Sources.TryAdd($"s/{n}", $"s{n}.again");
        }

        Simulator.Open();
        Simulator.Converge(TimeSpan.FromDays(1));
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            // Not with versions that find out more: no plan can know that.
            MeddleAtRest(kinds: 4);
        }

        Simulator.Commit();
        var plan = Simulator.Plan();
        var build = Simulator.Build();
        var ran = build.Ran;
        var will = plan.Verdicts.Where(verdict => verdict.WillRun).Select(verdict => verdict.Ref).ToHashSet();
        var may = plan.Verdicts.Where(verdict => verdict.MayRun).Select(verdict => verdict.Ref).ToHashSet();
        Assert.Equal(plan.WillRun, will.Count);
        Assert.Equal(ran.Count, ran.Distinct().Count());
        Assert.Empty(will.Except(ran));
        var unplanned = build.Runs.SelectMany(run => run.Partitions).Where(partition => !will.Contains(partition.Ref) && !may.Contains(partition.Ref)).ToList();
        Assert.True(unplanned.Count == 0, $"not in the plan: {string.Join("; ", unplanned.Select(partition => $"{partition.Ref} ran, {partition.Reason.ToText()}, for {ReadersOf(partition.Ref)}"))}");
    }

    /// <summary>What reads it, for whoever has to understand a failure.</summary>
    private string ReadersOf(string @ref) => string.Join(", ", Simulator.Runs.Where(run => run.Inputs.Any(input => input.Ref == @ref)).SelectMany(run => run.Partitions).Select(partition => $"{partition.Ref} ({partition.Reason.ToText()})"));

    private Project MakeProject()
    {
        var project = new Project().Source("s/{n:int}");
        for (int i = 0; i < families; i++)
        {
            var needs = new List<string>();
            for (int count = random.Next(3); count > 0; count--)
            {
                string input = i == 0 ? "s" : $"f{random.Next(i)}";
                needs.Add(random.Next(4) switch
                {
                    0 => $"{input}/{{1..{Refs}}}",
                    1 when input == "s" => "s/{n-1}",
                    _ => $"{input}/{{n}}",
                });
            }

            project
                .Job($"f{i}", batch: random.Next(1, 5), retries: random.Next(3), maxConcurrency: random.Next(3))
                .Partition($"f{i}/{{n:int}}", $"f{i}", string.Join(';', needs.Distinct()));
            for (int n = 1; n <= Refs; n++)
            {
                discovered[$"f{i}/{n}"] = Discovered(i);
            }
        }

        project.Want($"f{families - 1}/{{1..{Refs}}}", priority: random.Next(3));
        if (random.Next(2) == 0)
        {
            project.Want($"f{random.Next(families - 1)}/{{1..2}}", sla: "1h");
        }

        return project;
    }

    /// <summary>What the job of a family asks for at run time: never the same family or a later one, so that there is no cycle.</summary>
    private string[] Discovered(int family) =>
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"{(family == 0 || random.Next(3) == 0 ? "s" : $"f{random.Next(family)}")}/{random.Next(1, Refs + 1)}").Distinct()];

    /// <summary>What a version of a job takes: declared, and what it finds out that it needs.</summary>
    private IEnumerable<string> Inputs(string @ref, string version) =>
        Simulator.Graph.Find(@ref)!.Needs(@ref).Concat(discoveredBy.GetValueOrDefault((@ref, version)) ?? discovered[@ref]).Distinct();

    private IEnumerable<string> Wanted() => Simulator.State.Wants.Where(want => want.IsActive && !want.IsChild).SelectMany(want => want.Set!.Enumerate()).Distinct();

    private string Make(string @ref, IEnumerable<string> inputs, string version)
    {
        int family = @ref[1] - '0';
        var content = Content.Fingerprint(string.Join('\n', inputs.Prepend(isCoarse[family] ? "" : @ref)));
        return isCoarse[family] ? $"{@ref} {content.Low % 2} v{version}" : $"{content} v{version}";
    }

    /// <summary>What must come out: the same without an engine; null if a source that it takes is not there.</summary>
    private string? Made(string @ref)
    {
        if (@ref[0] == 's')
        {
            return Simulator.Sources.GetValueOrDefault(@ref);
        }

        string version = versions[@ref[1] - '0'];
        var inputs = Inputs(@ref, version).Select(Made).ToList();
        return inputs.Contains(null) ? null : Make(@ref, inputs!, version);
    }

    /// <summary>Nothing that it is made of is lost, so that it is compared with all of it.</summary>
    /// <remarks>What was accepted, or made from it, is good as it is: nobody knows what it should hold.</remarks>
    private bool IsWhole(string @ref) => !accepted.Contains(@ref) && Inputs(@ref, versions[@ref[1] - '0'])
        .Where(input => input[0] != 's')
        .All(input => Simulator.State.Refs.TryGet(input, out int id) && Simulator.State[id].IsLive && IsWhole(input));

    private void Run(JobCall run, int family)
    {
        string version = versionOfRun[run.RunId];
        int fault = faults ? random.Next(16) : -1;
        switch (fault)
        {
            case 0: run.Exit(1); return;
            case 1: run.EndBySignal(9); return;
            case 2: run.TimeOut(); return;
            case 3: run.Later(random.Next(100)); run.Exit(75); return;
            case 4: return;
            case 5: run.Fail(run.Refs[0], retryable: random.Next(2) == 0); run.Exit(1); break;
            case 6: run.CannotStart(); return;
            case 7: run.Miss("nobody/1", run.Refs[0]); break;
        }

        var missing = new List<string>();
        foreach (string @ref in run.Refs)
        {
            var inputs = Inputs(@ref, version).ToList();
            var lacking = inputs.Where(input => run.Read(input) is null).ToList();
            if (lacking.Count == 0)
            {
                run.ReportReads(inputs, @ref);
                run.Write(@ref, Make(@ref, inputs.Select(input => run.Read(input)!), version));
                if (fault == 8)
                {
                    run.Done(@ref);
                    run.Exit(1);
                }
            }
            else
            {
                missing.AddRange(lacking);
                run.Exit(75);
                if (family % 2 == 0)
                {
                    run.Miss(lacking, @ref);
                }
            }
        }

        if (missing.Count > 0 && family % 2 == 1)
        {
            // It says for the whole run what it lacks, having said what is done.
            run.Done([.. run.Outputs.Keys.Where(@ref => fault != 5 || @ref != run.Refs[0]).DefaultIfEmpty("none")]);
            run.Miss(missing.Distinct());
        }
    }

    /// <summary>Something happens while runs may be under way.</summary>
    private void Meddle()
    {
        switch (random.Next(13))
        {
            case 9 when Simulator.UnderWay.Count > 0:
                Simulator.Cancel(Simulator.UnderWay[random.Next(Simulator.UnderWay.Count)].RunId, hold: true);
                break;
            case 10 when Simulator.State.Troubles.Count > 0:
                var troubled = Simulator.State.Troubles.Keys.Order().ToList();
                Simulator.Happens(new BuildEvent { RetryRequest = new RetryRequestEventV1 { Refs = { Simulator.State.Refs[troubled[random.Next(troubled.Count)]] } } });
                break;
            case 11 when Simulator.State.Taints.FirstOrDefault() is { } taint:
                var lifted = new TaintCancelEventV1 { TaintId = taint.Taint.TaintId };
                if (random.Next(2) == 0)
                {
                    lifted.Partitions = new V1.PartitionSet { Expressions = { Simulator.State.Refs[taint.Refs.Min()] } };
                }

                Simulator.Happens(new BuildEvent { TaintCancel = lifted });
                break;
            case 12:
                Accept($"f{random.Next(families)}/{{1..{random.Next(1, Refs + 1)}}}");
                break;
            case 0 when Simulator.UnderWay.Count > 0:
                Simulator.Cancel(Simulator.UnderWay[random.Next(Simulator.UnderWay.Count)].RunId);
                break;
            case 1 when Simulator.UnderWay.Count > 0:
                string run = Simulator.UnderWay[random.Next(Simulator.UnderWay.Count)].RunId;
                if (Simulator.State.FindRun(run)!.State == RunState.Queued)
                {
                    Simulator.Heartbeat(run);
                }

                break;
            case 2:
                Simulator.Sources.Remove($"s/{random.Next(Refs + 1)}");
                break;
            case 3:
                var want = Simulator.Want($"f{random.Next(families)}/{random.Next(1, Refs + 1)}", priority: random.Next(-1, 9));
                if (random.Next(2) == 0)
                {
                    Simulator.Happens(new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = want.WantId } });
                }

                break;
            case 4:
                Project = Project.With(document => document.Wants[0].Priority = random.Next(5).ToString(CultureInfo.InvariantCulture));
                Simulator.Project = Project;
                Simulator.Register();
                break;
            default:
                MeddleAtRest();
                break;
        }
    }

    private void Accept(string set)
    {
        var live = Simulator.State.LiveRefsOf(PartitionSet.Parse([set], Simulator.Graph, today: null)).ToList();
        if (live.Count > 0)
        {
            accepted.UnionWith(live.Select(id => Simulator.State.Refs[id]));
            Simulator.Happens(new BuildEvent { Accept = new AcceptEventV1 { Partitions = new V1.PartitionSet { Expressions = { set } }, Comment = "good" } });
            Assert.All(live, id => Assert.False(Simulator.State.Differs(id)));
        }
    }

    private void MeddleAtRest(int kinds = 5)
    {
        var live = Enumerable.Range(0, Simulator.State.Refs.Count).Where(id => Simulator.State[id] is { IsLive: true, IsSource: false }).Select(id => Simulator.State.Refs[id]).ToList();
        string? partition = live.Count > 0 ? live[random.Next(live.Count)] : null;
        string source = $"s/{random.Next(Refs + 1)}";
        switch (random.Next(kinds))
        {
            case 0 when partition is not null:
                Simulator.Taint(partition);
                break;
            case 1:
                Simulator.Sources[source] = $"{source}.{++edits}";
                if (random.Next(2) == 0)
                {
                    Simulator.Watch(source);
                }

                break;
            case 2:
                // It may well return to a version that it had.
                Edit(random.Next(families), random.Next(1, 4).ToString(CultureInfo.InvariantCulture));
                break;
            case 3 when partition is not null && Simulator.Files.Remove(partition) && random.Next(2) == 0:
                Simulator.Watch(partition);
                break;
            case 4:
                // A new version, which finds out that it needs something else.
                string @ref = $"f{random.Next(families)}/{random.Next(1, Refs + 1)}";
                string version = $"n{++edits}";
                discoveredBy[(@ref, version)] = Discovered(@ref[1] - '0');
                Edit(@ref[1] - '0', version);
                break;
        }
    }

    private void Edit(int family, string version)
    {
        versions[family] = version;
        Simulator.Project = Project = Project.WithVersion($"f{family}", version);
        if (random.Next(2) == 0)
        {
            Simulator.Register();
        }
    }

    /// <summary>What must hold of a run that is about to be queued.</summary>
    private void Check(JobRunQueueEventV1 queue)
    {
        var state = Simulator.State;
        versionOfRun[queue.RunId] = Simulator.Graph.FindJob(queue.Job)!.Definition.Version;
        var fresh = new Dictionary<int, bool>();
        var again = Simulator.NewReconciler(state, observe: false);
        foreach (var partition in queue.Partitions)
        {
            Assert.DoesNotContain(Simulator.UnderWay, run => run.Partitions.Any(other => other.Ref == partition.Ref));
            foreach (string need in Simulator.Graph.Find(partition.Ref)!.Needs(partition.Ref))
            {
                Assert.True(state.Refs.TryGet(need, out int id) && state[id].IsLive, $"{partition.Ref} starts before its need {need} is live");
            }

            // Recorded are the reason and what was compared; whoever asks later at this offset is told the same.
            // Only whether it is still required may be answered otherwise: what a session once required of others, it may make
            // although what required it came to do without.
            var reason = again.VerdictOf(partition.Ref).Reason;
            if (reason.Kind != ReasonKind.NotWanted)
            {
                Assert.Equal((partition.Ref, partition.Reason), (partition.Ref, reason));
            }
        }

        foreach (var input in queue.Inputs)
        {
            Assert.True(IsFresh(state.Refs.Intern(input.Ref), fresh), $"{queue.Partitions[0].Ref} starts while its input {input.Ref} is not fresh");
        }
    }

    /// <summary>As the words say it, from the fold alone.</summary>
    private bool IsFresh(int id, Dictionary<int, bool> known)
    {
        if (!known.TryGetValue(id, out bool isFresh))
        {
            var state = Simulator.State;
            var fact = state[id];
            isFresh = fact is { IsLive: true, IsTainted: false, IsBuilding: false };
            if (isFresh && !fact.IsSource)
            {
                isFresh = state.CurrentJob(Simulator.Graph.Find(state.Refs[id])!.Job!.Label)!.Index == fact.JobVersion
                    && fact.Reads!.All(read => !state[read.Ref].IsLive || (state[read.Ref].Content == read.Content && IsFresh(read.Ref, known)));
            }

            known[id] = isFresh;
        }

        return isFresh;
    }

    /// <summary>Replay is what was applied as it happened, and so is a snapshot with the events after it.</summary>
    private void CheckLog()
    {
        byte[] replayed = Bytes(Simulator.Replay());
        if (Simulator.State.Offset == Simulator.LastOffset)
        {
            Assert.Equal(replayed, Bytes(Simulator.State));
        }

        ulong cut = (ulong)random.NextInt64((long)Simulator.LastOffset + 1);
        using var stream = new MemoryStream();
        StateSnapshot.Write(Simulator.Replay(cut), stream);
        stream.Position = 0;
        var state = StateSnapshot.Read(stream);
        foreach (var (offset, e) in Simulator.Events.Where(stored => stored.Offset > cut))
        {
            state.Apply(offset, e);
        }

        Assert.Equal(replayed, Bytes(state));
        Assert.Equal(Simulator.Replay().LiveCount, state.LiveCount);
    }

    private static byte[] Bytes(BuildState state)
    {
        using var stream = new MemoryStream();
        StateSnapshot.Write(state, stream, canonical: true);
        return stream.ToArray();
    }
}
