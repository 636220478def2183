using System.Globalization;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Simulation.Tests;

/// <summary>
/// What a seed decides: a project, what its jobs find out at run time, and what happens when. Each part is drawn from a generator of its
/// own, so that leaving one happening out changes no other: a failing scenario can be made smaller.
/// </summary>
internal sealed class Scenario
{
    public const int Refs = 3;

    private readonly int families;
    private readonly Dictionary<string, string[]> discovered = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Ref, string Version), string[]> discoveredBy = [];
    private readonly string[] versions;
    private GraphLookup? graph;
    private int edits;

    /// <param name="seed">Decides everything.</param>
    /// <param name="without">Happenings to leave out, by their number.</param>
    public Scenario(int seed, IReadOnlySet<int>? without = null)
    {
        Seed = seed;
        var random = new Random(seed);
        families = random.Next(2, 6);
        versions = [.. Enumerable.Range(0, families).Select(_ => "1")];
        Slots = random.Next(1, 5);
        Sessions = random.Next(1, 5);
        IsCoarse = [.. Enumerable.Range(0, families).Select(_ => random.Next(3) == 0)];
        HasCycle = random.Next(10) == 0;
        Project = MakeProject(random);
        var placing = new Random(seed + 3_000_003);
        HasCluster = placing.Next(2) == 0;
        ClusterSlots = placing.Next(1, 5);
        Sessions = HasCluster && seed % 2 == 1 ? Math.Max(Sessions, 3) : Sessions;
        foreach (var job in Project.Document.Jobs.Where(_ => HasCluster && placing.Next(3) > 0))
        {
            job.Executor = "slurm";
        }

        HasRetention = new Random(seed + 2_000_003).Next(2) == 0;
        foreach (var family in Project.Document.Partitions.Where(_ => HasRetention))
        {
            family.Retention = "30m";
        }

        var timing = new Random(seed + 1_000_003);
        int at = 0;
        int count = timing.Next(12);
        // Early in every fourth life, when much is still to be done; at the end of another fourth.
        bool isEarly = Seed % 4 == 1;
        var early = isEarly ? AtAdoption(new Random(seed + 3_000_003), count, 5 + (seed % 31)) : [];
        Happenings = [.. early.Concat(Enumerable.Range(0, count)
            .Select(number => (number, new Planned(at += timing.Next(1, 60), Weighted(timing), timing.Next(), Aim(timing)))))
            .Concat(AtExpiry(timing, count, at))
            .Concat(isEarly ? [] : AtAdoption(timing, count, at))
            .Where(one => without?.Contains(one.Item1) != true)
            .Select(one => one.Item2)];
        Count = Happenings.Count + (without?.Count ?? 0);
    }

    /// <param name="At">Not before this effect.</param>
    /// <param name="What">What happens.</param>
    /// <param name="Salt">Decides what it happens to.</param>
    /// <param name="Aim">At the first effect of this kind from there on; at whichever is next where null.</param>
    internal readonly record struct Planned(int At, Happening What, int Salt, Effect? Aim);

    public int Seed { get; }

    public int Slots { get; }

    public int Sessions { get; }

    /// <summary>How many happenings there were before any was left out.</summary>
    public int Count { get; }

    /// <summary>By effect number, none before the one it is at.</summary>
    public IReadOnlyList<Planned> Happenings { get; }

    public bool[] IsCoarse { get; }

    public bool HasCycle { get; }

    /// <summary>Some of its jobs run on a cluster.</summary>
    public bool HasCluster { get; }

    /// <summary>Most runs that the cluster has at one time.</summary>
    public int ClusterSlots { get; }

    /// <summary>What no want covers is removed some time after it was made.</summary>
    public bool HasRetention { get; }

    public Project Project { get; private set; }

    public GraphLookup Graph => graph ??= GraphCompiler.Compile(Project.Document).Graph!;

    public string VersionOf(string job) => Project.Document.Jobs.Single(one => one.Label == job).Version;

    public JobFingerprint FingerprintOf(JobDefinition job, bool blind)
    {
        byte[] version = Content.Fingerprint(blind ? job.Label : $"{job.Label} {job.Version}").ToByteString().ToByteArray();
        return new JobFingerprint
        {
            Job = job.Label,
            Fingerprint = ByteString.CopyFrom([1, .. version]),
            Parts = { new FingerprintPart { Name = "version", Fingerprint = ByteString.CopyFrom(version) } },
        };
    }

    /// <summary>What a version of a job takes: declared, and what it finds out that it needs.</summary>
    public IEnumerable<string> Inputs(string @ref, string version) =>
        Graph.Find(@ref)!.Needs(@ref).Concat(discoveredBy.GetValueOrDefault((@ref, version)) ?? discovered[@ref]).Distinct();

    public string CurrentVersion(string @ref) => versions[FamilyOf(@ref)];

    public static int FamilyOf(string @ref) => @ref[1] - '0';

    public string AnyRef(int salt) => $"f{salt % families}/{1 + (salt / 7 % Refs)}";

    /// <summary>Somebody edits the project.</summary>
    public void Edit(Happening what, int salt)
    {
        int family = salt % families;
        switch (what)
        {
            case Happening.JobEdited:
                // It may well return to a version that it had.
                Edit(family, (1 + (salt / 11 % 3)).ToString(CultureInfo.InvariantCulture));
                break;
            case Happening.JobNeedsOther:
                string version = string.Create(CultureInfo.InvariantCulture, $"n{++edits}");
                string @ref = AnyRef(salt);
                discoveredBy[(@ref, version)] = Discovered(new Random(salt), FamilyOf(@ref));
                Edit(FamilyOf(@ref), version);
                break;
            case Happening.WantsEdited:
                Project = Project.With(document =>
                {
                    document.Wants.Clear();
                    document.Wants.Add(new WantDefinition { Partitions = $"f{families - 1}/{{1..{Refs}}}", Priority = "1" });
                    document.Wants.Add(new WantDefinition { Partitions = AnyRef(salt) });
                });
                break;
        }

        graph = null;
    }

    private void Edit(int family, string version)
    {
        versions[family] = version;
        Project = Project.WithVersion($"f{family}", version);
    }

    /// <summary>Faults of the machine are half of what happens, so that each meets every moment of a build often enough.</summary>
    private static Happening Weighted(Random random)
    {
        var all = Enum.GetValues<Happening>();
        return random.Next(2) == 0 ? (Happening)random.Next(4) : all[random.Next(all.Length)];
    }

    /// <summary>Some effects are rare: left to chance, little would ever strike them.</summary>
    private static Effect? Aim(Random random)
    {
        var all = Enum.GetValues<Effect>();
        return random.Next(3) == 0 ? all[random.Next(all.Length)] : null;
    }

    /// <summary>Little is removed in a life, and what strikes then is to be met often enough.</summary>
    private IEnumerable<(int Number, Planned What)> AtExpiry(Random random, int number, int at)
    {
        var all = Enum.GetValues<Happening>();
        return HasRetention && Seed % 2 == 0 ? [(number, new Planned(at, all[Seed / 2 % all.Length], random.Next(), Effect.Expire))] : [];
    }

    /// <summary>An engine dies when it has started a run, at times on the cluster, and something strikes while the next one takes back what it left.</summary>
    private IEnumerable<(int Number, Planned What)> AtAdoption(Random random, int number, int at)
    {
        var all = Enum.GetValues<Happening>();
        return HasCluster && Seed % 2 == 1
            ? [(number, new Planned(at, Happening.CrashAfter, random.Next(), Effect.Start)), (number + 1, new Planned(at, all[Seed / 4 % all.Length], random.Next(), Effect.Adopt))]
            : [];
    }

    private Project MakeProject(Random random)
    {
        var project = new Project().Source("s/{n:int}").Pool("pool", 2);
        for (int i = 0; i < families; i++)
        {
            var needs = new List<string>();
            for (int count = random.Next(3); count > 0; count--)
            {
                string input = i == 0 ? "s" : $"f{random.Next(i)}";
                needs.Add(random.Next(5) switch
                {
                    0 => $"{input}/{{1..{Refs}}}",
                    1 when input == "s" => "s/{n-1}",
                    2 when input == "s" => "s/{n-1..n}",
                    _ => $"{input}/{{n}}",
                });
            }

            project.Job($"f{i}", batch: random.Next(1, 5), retries: random.Next(3), maxConcurrency: random.Next(3), pools: random.Next(3) == 0 ? "pool:1" : "");
            project.Document.Jobs[^1].QuarantineAfter = "0";
            project.Partition($"f{i}/{{n:int}}", $"f{i}", string.Join(';', needs.Distinct()));
            for (int n = 1; n <= Refs; n++)
            {
                discovered[$"f{i}/{n}"] = Discovered(random, i);
            }
        }

        project.Want($"f{families - 1}/{{1..{Refs}}}", priority: random.Next(3));
        if (random.Next(2) == 0)
        {
            project.Want($"f{random.Next(families - 1)}/{{1..2}}", sla: "1h");
        }

        return project;
    }

    /// <summary>What the job of a family asks for at run time: an earlier family or a source, but in a scenario with a cycle, where it may be any.</summary>
    private string[] Discovered(Random random, int family) => [.. Enumerable.Range(0, random.Next(3))
        .Select(_ => $"{(!(HasCycle && random.Next(4) == 0) && (family == 0 || random.Next(3) == 0) ? "s" : $"f{random.Next(HasCycle && random.Next(4) == 0 ? families : Math.Max(family, 1))}")}/{random.Next(1, Refs + 1)}")
        .Where(input => HasCycle || input[0] == 's' || FamilyOf(input) < family)
        .Distinct()];
}
