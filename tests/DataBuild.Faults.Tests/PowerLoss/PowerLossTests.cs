using System.Diagnostics;
using System.Globalization;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>
/// Power cuts, replayed: what real engines and their jobs asked of the file system is cut before and after each sync, and each image
/// that a disk may then hold is given to a real engine.
/// </summary>
[Trait("Category", "PowerLoss")]
public sealed class PowerLossTests(Recordings recordings, Xunit.Abstractions.ITestOutputHelper output) : IClassFixture<Recordings>
{
    /// <summary>How many images; DATABUILD_IMAGES sets another number.</summary>
    private static readonly int images = int.Parse(Environment.GetEnvironmentVariable("DATABUILD_IMAGES") ?? "400", CultureInfo.InvariantCulture);

    [StraceTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_power_cut_at_any_sync_the_engine_goes_on_from_all_that_was_acknowledged(bool twoDisks) =>
        RequireNone(Try("Full", "Full", twoDisks ? images / 2 : images, twoDisks));

    [StraceFact]
    public void A_log_that_is_not_synced_at_each_append_may_forget_its_end_and_says_nothing_false() =>
        RequireNone(Try("Normal", "Full", images / 4));

    [StraceFact]
    public void Outputs_that_are_not_synced_are_not_what_the_log_says_so_these_tests_can_tell()
    {
        var wrong = Try("Full", "None", images / 4);
        output.WriteLine($"{wrong.Count} images are not as promised for synced outputs, such as {wrong.FirstOrDefault()}");
        Assert.Contains(wrong, text => text.Contains(", not '", StringComparison.Ordinal));
        Assert.DoesNotContain(wrong, text => text.Contains($" {Survival.All} ", StringComparison.Ordinal));
    }

    private static void RequireNone(IEnumerable<string> failures)
    {
        var all = failures.ToList();
        Assert.True(all.Count == 0, $"{all.Count} images:\n{string.Join('\n', all.Take(20))}");
    }

    /// <summary>What was wrong, image by image.</summary>
    private List<string> Try(string log, string files, int most, bool twoDisks = false)
    {
        var watch = Stopwatch.StartNew();
        var recorder = recordings.Of(log, files);
        output.WriteLine($"log {log}, outputs {files}: {recorder.Recording.Names.Count} changes of names, {recorder.Recording.Data.Values.Sum(ops => ops.Count)} writes, {recorder.Recording.Syncs.Count} syncs recorded in {watch.Elapsed.TotalSeconds:0.0} s");
        watch.Restart();
        var failures = new List<string>();
        int seed = int.Parse(Environment.GetEnvironmentVariable("DATABUILD_SEED") ?? Environment.TickCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        output.WriteLine($"DATABUILD_SEED={seed} DATABUILD_IMAGES={most}");
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
            var (recovery, wrong) = Recovery.Run(recorder.Project(phase.Version), recorder.Events, phase.FirstOffset, expected[phase.Version]);
            if (log == "Full")
            {
                wrong = wrong.Count == 0 && (ulong)recovery.Kept < acknowledged ? [$"{acknowledged} events were acknowledged, {recovery.Kept} are there"] : wrong;
                wrong = recovery.NotAsRecorded > 0 ? [.. wrong, $"{recovery.NotAsRecorded} partitions were found lost or changed"] : wrong;
            }
            else
            {
                // What was published by an append that is forgotten is found changed, and said; or it stands where nothing was before, and
                // is not replaced until somebody says that it may be.
                bool isRefused = wrong.Any(text => text.StartsWith("DBLD5053", StringComparison.Ordinal));
                wrong = isRefused ? [] : [.. wrong.Where(text => !text.StartsWith("DBLD4018", StringComparison.Ordinal))];
            }

            if (wrong.Count > 0)
            {
                Keep(image, recorder, $"{log}-{files}-{failures.Count}");
                failures.Add($"{cut} in version {phase.Version}: {string.Join("; ", wrong.Take(8))}");
            }
        }

        output.WriteLine($"{recorder.Recording.Syncs.Count} syncs, {made} images, {tried.Count} different ones tried in {watch.Elapsed.TotalSeconds:0} s");
        return failures;
    }

    /// <summary>Schedules differ from one recording to the next: where DATABUILD_KEEP_IMAGES names a folder, bad images are kept there.</summary>
    private static void Keep(Image image, Recorder recorder, string name)
    {
        if (Environment.GetEnvironmentVariable("DATABUILD_KEEP_IMAGES") is { Length: > 0 } folder)
        {
            image.WriteTo(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, recorder.Recording.Inodes);
        }
    }

    /// <summary>Before and after each sync and result, all that is certain once, in any order, and at random without end.</summary>
    private static IEnumerable<Cut> Cuts(Recorder recorder, int seed)
    {
        var times = recorder.Recording.Syncs.SelectMany(sync => new[] { sync.Begin, sync.End })
            .Concat(recorder.Phases.Select(phase => phase.Acknowledged).Where(time => time < long.MaxValue))
            .Append(recorder.Recording.Now).Where(time => time >= recorder.Phases[0].Begin).Distinct().ToArray();
        var random = new Random(seed);
        var certain = (from survival in Enum.GetValues<Survival>() where survival != Survival.Random from time in times select new Cut(time, survival)).ToArray();
        random.Shuffle(certain);
        for (int i = 0; i < 100 * certain.Length; i++)
        {
            if (i < certain.Length)
            {
                yield return certain[i];
            }

            if (i % 3 == 0 || i >= certain.Length)
            {
                yield return new Cut(times[random.Next(times.Length)], Survival.Random, random.Next());
            }
        }
    }

    private SortedDictionary<string, string> Undisturbed(int version)
    {
        string folder = Directory.CreateDirectory(Path.Combine(recordings.Home, $"undisturbed-{Guid.NewGuid():N}")).FullName;
        var project = new PowerProject(folder, version, Path.Combine(recordings.Home, "never"));
        project.Write();
        var (_, wrong) = Recovery.Run(project, [], 0, new Dictionary<string, string>());
        Assert.All(wrong, text => Assert.StartsWith("left over: ", text, StringComparison.Ordinal));
        return project.Published();
    }
}
