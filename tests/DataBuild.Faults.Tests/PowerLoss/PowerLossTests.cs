using System.Diagnostics;
using System.Globalization;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>
/// Power cuts, replayed: what real engines and their jobs asked of the file system is cut before and after each sync, and each image
/// that a disk may then hold is given to a real engine.
/// </summary>
[Trait("Category", "PowerLoss")]
public sealed class PowerLossTests(Xunit.Abstractions.ITestOutputHelper output) : IDisposable
{
    /// <summary>How many images; DATABUILD_IMAGES sets another number.</summary>
    private static readonly int images = int.Parse(Environment.GetEnvironmentVariable("DATABUILD_IMAGES") ?? "500", CultureInfo.InvariantCulture);

    private readonly string home = Directory.CreateDirectory(Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"databuild-power-{Guid.NewGuid():N}")).FullName;

    [StraceTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_power_cut_at_any_sync_the_engine_goes_on_from_all_that_was_acknowledged(bool twoDisks) =>
        RequireNone(Try(Record("Full", "Full"), images, twoDisks, mayForget: false));

    [StraceFact]
    public void A_log_that_is_not_synced_at_each_append_may_forget_what_was_acknowledged_and_nothing_else() =>
        RequireNone(Try(Record("Normal", "Full"), images / 4, twoDisks: false, mayForget: true));

    [StraceFact]
    public void Outputs_that_are_not_synced_are_not_what_the_log_says_so_these_tests_can_tell()
    {
        var wrong = Try(Record("Full", "None"), images / 4, twoDisks: false, mayForget: false);
        output.WriteLine($"{wrong.Count} images are not as promised for synced outputs, such as {wrong.FirstOrDefault()}");
        Assert.Contains(wrong, text => text.Contains(", not '", StringComparison.Ordinal));
        Assert.DoesNotContain(wrong, text => text.Contains($" {Survival.All} ", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(home, recursive: true);

    private Recorder Record(string log, string files)
    {
        var watch = Stopwatch.StartNew();
        string[] engine = (log, files) == ("Full", "Full")
            ? ["dotnet", Repository.Cli, "engine"]
            : ["dotnet", typeof(PowerLossTests).Assembly.Location, log, files];
        var recorder = new Recorder(home, engine);
        recorder.Record();
        output.WriteLine($"log {log}, files {files}: {recorder.Recording.Names.Count} changes of names, {recorder.Recording.Data.Values.Sum(ops => ops.Count)} writes, {recorder.Recording.Syncs.Count} syncs recorded in {watch.Elapsed.TotalSeconds:0.0} s");
        return recorder;
    }

    private static void RequireNone(IEnumerable<string> failures)
    {
        var all = failures.ToList();
        Assert.True(all.Count == 0, $"{all.Count} images:\n{string.Join('\n', all.Take(20))}");
    }

    /// <summary>What was wrong, image by image.</summary>
    private List<string> Try(Recorder recorder, int most, bool twoDisks, bool mayForget)
    {
        var failures = new List<string>();
        var watch = Stopwatch.StartNew();
        int seed = int.Parse(Environment.GetEnvironmentVariable("DATABUILD_SEED") ?? Environment.TickCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        output.WriteLine($"DATABUILD_SEED={seed} DATABUILD_IMAGES={most}");
        var recorded = Events(recorder.Project(3));
        var expected = Enumerable.Range(1, 3).ToDictionary(version => version, Undisturbed);
        var tried = new HashSet<(UInt128, int, long)>();
        int made = 0;
        foreach (var cut in Cuts(recorder, seed))
        {
            if (tried.Count >= most)
            {
                break;
            }

            made++;
            var phase = recorder.Phases.Last(phase => phase.Begin <= cut.Time);
            var image = new ImageMaker(recorder.Recording, cut, twoDisks).Make();
            var acknowledged = recorder.Phases.Where(phase => phase.Acknowledged <= cut.Time).Max(phase => phase.Result?.LogOffset) ?? 0;
            if (!tried.Add((image.Hash, phase.Version, (long)acknowledged)))
            {
                continue;
            }

            image.WriteTo(recorder.Folder, recorder.Recording.Inodes);
            var (recovery, wrong) = Recovery.Run(recorder.Project(phase.Version), recorded, phase.FirstOffset, expected[phase.Version]);
            if ((ulong)recovery.Kept < acknowledged && !mayForget)
            {
                wrong = [$"{acknowledged} events were acknowledged, {recovery.Kept} are there", .. wrong];
            }

            if (recovery.NotAsRecorded > 0)
            {
                wrong = [.. wrong, $"{recovery.NotAsRecorded} partitions were found lost or changed"];
            }

            if (wrong.Count > 0)
            {
                failures.Add($"{cut} in version {phase.Version}: {string.Join("; ", wrong.Take(8))}");
            }
        }

        output.WriteLine($"{recorder.Recording.Syncs.Count} syncs, {made} images, {tried.Count} different ones tried in {watch.Elapsed.TotalSeconds:0} s");
        return failures;
    }

    /// <summary>Before and after each sync and result: first what a sync is worth at its least, then at random, without end.</summary>
    private static IEnumerable<Cut> Cuts(Recorder recorder, int seed)
    {
        var times = recorder.Recording.Syncs.SelectMany(sync => new[] { sync.Begin, sync.End })
            .Concat(recorder.Phases.Select(phase => phase.Acknowledged).Where(time => time < long.MaxValue))
            .Append(recorder.Recording.Now).Where(time => time >= recorder.Phases[0].Begin).Distinct().Order().ToList();
        var random = new Random(seed);
        var plain = from survival in Enum.GetValues<Survival>() where survival != Survival.Random from time in times select new Cut(time, survival);
        return plain.Concat(Enumerable.Range(0, 1_000).SelectMany(_ => times.Select(time => new Cut(time, Survival.Random, random.Next()))));
    }

    private SortedDictionary<string, string> Undisturbed(int version)
    {
        string folder = Directory.CreateDirectory(Path.Combine(home, $"undisturbed-{version}")).FullName;
        var project = new PowerProject(folder, version, Path.Combine(home, "never"));
        project.Write();
        var (_, wrong) = Recovery.Run(project, [], 0, new Dictionary<string, string>());
        Assert.All(wrong, text => Assert.StartsWith("left over: ", text, StringComparison.Ordinal));
        return project.Published();
    }

    private static List<StoredEvent> Events(PowerProject project)
    {
        using var log = SqliteBuildEventLog.OpenReader(project.Log);
        return [.. log.Read(1)];
    }
}
