using DataBuild.V1;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>
/// Kills one engine. Aimed at a phase, it freezes the engine at the first sign of that phase, in what it says or does to files, looks
/// what it is at, and lets it go on in small steps until it is where it is to die. Without an aim the moment is random.
/// </summary>
internal sealed class KillAim : IDisposable
{
    private const int MostLooks = 200;
    private const int MostSteps = 20_000;

    private readonly TestProject project;
    private readonly KillPhase? wanted;
    private readonly ulong since;
    private readonly ManualResetEventSlim sign = new();
    private readonly FileSystemWatcher? watcher;

    /// <param name="project">What is being built.</param>
    /// <param name="wanted">Where to hit; null for anywhere.</param>
    /// <param name="since">An offset that is in the log by now.</param>
    public KillAim(TestProject project, KillPhase? wanted, ulong since = 0)
    {
        this.project = project;
        this.since = since;
        this.wanted = wanted;
        if (wanted is KillPhase.Recovering or KillPhase.Running or KillPhase.Prepared or KillPhase.Publishing or KillPhase.Exchanging or KillPhase.Snapshot)
        {
            watcher = new FileSystemWatcher(project.Folder) { IncludeSubdirectories = true };
            watcher.Created += (_, e) => Saw(e.FullPath);
            watcher.Changed += (_, e) => Saw(e.FullPath);
            watcher.Renamed += (_, e) => Saw(e.FullPath);
            watcher.EnableRaisingEvents = true;
        }
    }

    /// <summary>For <see cref="EngineRun.Start"/> of the engine that is to die.</summary>
    public void Heard(EngineMessage message)
    {
        bool isSign = wanted switch
        {
            KillPhase.Waiting => message.Line?.Text.Contains("waiting for", StringComparison.Ordinal) == true,
            KillPhase.Deciding => message.Ready is not null,
            _ => false,
        };

        // Its last word: no other sign will come.
        if (isSign || message.Result is not null)
        {
            sign.Set();
        }
    }

    /// <summary>Returns what it was at; null if it had ended before it could be killed.</summary>
    public KillPhase? Kill(EngineRun engine, Random random, TimeSpan length)
    {
        var phase = Freeze(engine, random, length);
        engine.Kill();
        return phase;
    }

    /// <summary>The same, and leaves it stopped where it is.</summary>
    public KillPhase? Freeze(EngineRun engine, Random random, TimeSpan length)
    {
        if (wanted is null or KillPhase.Starting)
        {
            // From before the engine's first instruction on. Not to its last: what it has done is not there to be killed a second time.
            sign.Wait(length * (random.NextDouble() * (wanted is null ? 0.5 : 0.2)));
        }
        else
        {
            Assert.True(sign.Wait(TimeSpan.FromMinutes(2)), $"the engine came to no sign of {wanted}");
        }

        string? before = null;
        int looks = 0;
        for (int steps = 1; engine.Freeze(); steps++)
        {
            // Looking takes much longer than stepping, and only what it does to files can have brought it into another phase.
            string now = Trace(engine);
            if (now != before || steps == MostSteps)
            {
                before = now;
                looks++;
                var phase = PhaseReader.Look(project, engine, since);
                if (wanted is null || phase == wanted || looks == MostLooks || steps == MostSteps || phase == KillPhase.Ending)
                {
                    return phase;
                }
            }

            engine.Thaw();
            Thread.SpinWait(random.Next(wanted is KillPhase.Publishing or KillPhase.Exchanging ? 2_000 : 20_000));
        }

        return null;
    }

    public void Dispose()
    {
        watcher?.Dispose();
        sign.Dispose();
    }

    /// <summary>What changes whenever it comes into another phase.</summary>
    private string Trace(EngineRun engine)
    {
        var wal = new FileInfo(project.Log + "-wal");
        string said = $"{(wal.Exists ? wal.LastWriteTimeUtc.Ticks : 0)} {File.Exists(project.Log + ".snapshot.new")} {engine.Messages.Count} ";
        try
        {
            var publishing = Directory.EnumerateDirectories(Path.Combine(project.DataRoot, ".databuild"), "publish-*").SelectMany(Directory.EnumerateDirectories);
            return said + string.Join(' ', publishing.Select(run => $"{run} {Directory.Exists(Path.Combine(run, ".databuild"))}"));
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing was ever run here, or another engine is at work while this one waits.
            return said;
        }
    }

    private void Saw(string path)
    {
        string relative = Path.GetRelativePath(project.Folder, path);
        bool inPublish = relative.StartsWith("data/.databuild/publish-", StringComparison.Ordinal);
        if (wanted switch
        {
            KillPhase.Recovering => relative is ".databuild/log.db.lease" || relative.StartsWith(".databuild/log.db-", StringComparison.Ordinal),
            KillPhase.Running => relative is "witness",
            KillPhase.Prepared or KillPhase.Publishing or KillPhase.Exchanging => inPublish,
            KillPhase.Snapshot => relative.EndsWith(".snapshot.new", StringComparison.Ordinal),
            _ => false,
        })
        {
            sign.Set();
        }
    }
}
