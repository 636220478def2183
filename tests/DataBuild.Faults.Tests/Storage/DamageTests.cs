using DataBuild.Engine.Hosting;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Faults.Tests.Storage;

/// <summary>
/// Logs that are cut off or changed. The engine says so, with a code, and touches neither log nor data; put back, the log works on.
/// Here the engine runs within the test's own process: there are hundreds of damaged logs.
/// </summary>
[Trait("Category", "Faults")]
public sealed class DamageTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Stride = 512;
    private const int Flips = 150;
    private const int Wals = 8;
    private const int Snapshots = 20;

    private static readonly int seed = int.Parse(
        Environment.GetEnvironmentVariable("DATABUILD_SEED") ?? Environment.TickCount.ToString(System.Globalization.CultureInfo.InvariantCulture),
        System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_log_that_is_cut_off_at_any_length()
    {
        using var project = new FaultyProject();
        byte[] whole = File.ReadAllBytes(project.Project.Log);
        var random = new Random(seed);
        var lengths = Enumerable.Range(0, (whole.Length - 1) / Stride + 1).Select(i => i * Stride).Concat(Enumerable.Range(0, 40).Select(_ => random.Next(whole.Length)));
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (int length in lengths)
        {
            Assert.Equal(BuildOutcome.Failed, Damaged(project, whole[..length], seen, EngineMode.Build).Outcome);
        }

        Report(seen);
        File.WriteAllBytes(project.Project.Log, whole);
        project.RequireNormalWork();
    }

    [Fact]
    public void A_log_with_a_changed_byte_anywhere()
    {
        using var project = new FaultyProject();
        byte[] whole = File.ReadAllBytes(project.Project.Log);
        var random = new Random(seed);
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var events = project.Project.Events();
        for (int i = 0; i < Flips; i++)
        {
            byte[] changed = [.. whole];
            changed[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            if (Damaged(project, changed, seen, EngineMode.Plan).Outcome != BuildOutcome.Failed)
            {
                // A byte that holds nothing: then nothing of what was recorded is another.
                Assert.Equal(events, project.Project.Events());
            }
        }

        Report(seen);
        File.WriteAllBytes(project.Project.Log, whole);
        project.RequireNormalWork();
    }

    [Fact]
    public void A_log_of_a_newer_format()
    {
        using var project = new FaultyProject();
        byte[] whole = File.ReadAllBytes(project.Project.Log);

        // user_version, big-endian, at 60 in the database's header.
        byte[] newer = [.. whole];
        newer[63] = 1;
        File.WriteAllBytes(project.Project.Log, newer);
        Assert.Equal(["DBLD6003"], project.RunIntoFault());
        Assert.Equal(newer, File.ReadAllBytes(project.Project.Log));
        project.RequireNoFalseState();
        File.WriteAllBytes(project.Project.Log, whole);
        project.RequireNormalWork();
    }

    /// <summary>A part of the tail of events may be gone with it: what is left is a log of whole appends, and is gone on from.</summary>
    [Fact]
    public void A_wal_that_is_cut_off_or_changed_anywhere_after_a_kill()
    {
        byte[]? wal = null;
        var random = new Random(seed);
        for (int i = 0; i < Wals; i++)
        {
            using var project = new FaultyProject();
            wal = Killed(project);
            if (i % 2 == 0)
            {
                wal = wal[..random.Next(wal.Length)];
            }
            else
            {
                wal[random.Next(wal.Length)] ^= 0xff;
            }

            File.WriteAllBytes(project.Project.Log + "-wal", wal);
            project.RequireNoFalseState();
            project.RequireNormalWork(olderLog: true);
        }
    }

    [Fact]
    public void A_damaged_snapshot_is_not_used_and_made_anew()
    {
        using var project = new FaultyProject();
        project.Lengthen();
        project.RequireNormalWork();
        string snapshot = project.Project.Log + ".snapshot";
        byte[] whole = File.ReadAllBytes(snapshot);
        var random = new Random(seed);
        for (int i = 0; i < Snapshots; i++)
        {
            byte[] bad = [.. whole];
            bad[random.Next(bad.Length)] ^= 0x10;
            File.WriteAllBytes(snapshot, i % 2 == 0 ? whole[..random.Next(whole.Length)] : bad);
            var (result, codes) = Build(project);
            Assert.Equal((BuildOutcome.UpToDate, "DBLD6015"), (result.Outcome, Assert.Single(codes)));
            (result, codes) = Build(project);
            Assert.Equal(BuildOutcome.UpToDate, result.Outcome);
            Assert.Empty(codes);
        }
    }

    private void Report(SortedDictionary<string, int> seen) =>
        output.WriteLine($"DATABUILD_SEED={seed}: {string.Join(", ", seen.Select(one => $"{one.Key} {one.Value} times"))}");

    private static BuildResult Damaged(FaultyProject project, byte[] log, SortedDictionary<string, int> seen, EngineMode mode)
    {
        File.Delete(project.Project.Log + "-wal");
        File.Delete(project.Project.Log + "-shm");
        File.Delete(project.Project.Log + ".snapshot");
        File.WriteAllBytes(project.Project.Log, log);
        var data = project.Published();
        var (result, codes) = Build(project, mode);
        string said = codes.Count == 0 ? "read" : codes[0];
        seen[said] = seen.GetValueOrDefault(said) + 1;
        Assert.True(result.Outcome != BuildOutcome.Failed || codes.Count > 0, "failed without a code");
        Assert.Equal(data, project.Published());
        project.RequireNoFalseState();
        return result;
    }

    private static (BuildResult Result, List<string> Errors) Build(FaultyProject project, EngineMode mode = EngineMode.Build)
    {
        var request = project.Request();
        request.Mode = mode;
        var result = new BuildSession(request, _ => { }, TimeProvider.System).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        return (result, [.. result.Diagnostics.Select(said => said.Code)]);
    }

    private static byte[] Killed(FaultyProject project)
    {
        File.WriteAllText(project.Gate, "");
        using (var engine = project.Start())
        {
            engine.WaitFor(message => message.Ready is not null);
            Assert.True(SpinWait.SpinUntil(() => project.Published()["small/3"].StartsWith("small 2", StringComparison.Ordinal), TimeSpan.FromMinutes(2)));
            engine.Kill();
        }

        File.Delete(project.Gate);
        File.Delete(project.Project.Log + "-shm");
        return File.ReadAllBytes(project.Project.Log + "-wal");
    }
}
