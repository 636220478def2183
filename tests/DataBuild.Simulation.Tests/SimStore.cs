using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>The data root as one engine has it: like the real one it renames, and finds no source where another term has taken it.</summary>
internal sealed class SimStore(World world, SimEngine? engine, ulong term) : IPartitionStore
{
    private SimDisk Disk => world.Disk;

    public string Stage(string runId, IReadOnlyList<string>? refs = null)
    {
        Do(Effect.Stage, () => Disk.Runs[runId] = new SimDisk.RunDirectory());
        return $"/staging/{runId}";
    }

    public string StageOutliving(string runId, IReadOnlyList<string> refs)
    {
        Do(Effect.Stage, () => Disk.Runs.TryAdd(runId, new SimDisk.RunDirectory()));
        return $"/remote/{runId}";
    }

    public Diagnostic? Obstacle(string @ref, bool isLive) => null;

    public StagedOutput Inspect(string runId, IReadOnlyList<string> refs)
    {
        StagedOutput? staged = null;
        Do(Effect.Inspect, () =>
        {
            var outputs = Disk.Runs.GetValueOrDefault(runId)?.Outputs;
            staged = new StagedOutput([.. refs.Select(@ref => Content.Observe(outputs?.GetValueOrDefault(@ref)))], []);
        });
        return staged!;
    }

    /// <summary>To a folder of its own term, which whoever takes over has renamed.</summary>
    public void Prepare(string runId) => Do(Effect.Prepare, () => (IsDeposed ? Own(runId, ulong.MaxValue) : Own(runId, 0)).PublishTerm = world.Bug == Bug.PublishesUnderAnyTerm ? 0 : term);

    public void Sync() => Do(Effect.Sync, () =>
    {
        foreach (var (@ref, content) in Disk.Runs.Values.Where(run => world.Bug == Bug.PublishesBeforeCommit && run.PublishTerm == term).SelectMany(run => run.Outputs).ToList())
        {
            Disk.Partitions[@ref] = content;
            world.Published(@ref, engine!);
        }
    });

    public void Publish(string runId, IReadOnlyList<string> refs)
    {
        foreach (string @ref in refs)
        {
            Do(Effect.Publish, () =>
            {
                var run = Own(runId, term);
                if (run.Outputs.Remove(@ref, out string? content))
                {
                    Disk.Partitions[@ref] = content;
                    world.Published(@ref, engine!, runId);
                }
            });
        }

        Discard(runId);
    }

    public void Discard(string runId) => Do(Effect.Discard, () =>
    {
        bool isOfCluster = world.Cluster.Find(runId) is not null;
        if (!(isOfCluster && (IsDeposed || world.Bug is Bug.RevokesNothing or Bug.PublishesRevoked)))
        {
            Disk.Runs.Remove(runId);
        }
    });

    public void BeginExpiry(string expiryId) => Do(Effect.Expire, () => Disk.Runs[expiryId] = new SimDisk.RunDirectory { PublishTerm = term });

    public void Expire(string expiryId, IReadOnlyList<string> refs)
    {
        foreach (string @ref in refs)
        {
            Do(Effect.Expire, () =>
            {
                if (world.Bug != Bug.RemovesUnderAnyTerm)
                {
                    Own(expiryId, term);
                }

                if (Disk.Partitions.Remove(@ref))
                {
                    world.Removed(@ref, engine!);
                }
            });
        }

        Discard(expiryId);
    }

    public void Recover(Func<string, IReadOnlyList<string>> committed, Func<string, bool>? outliving = null)
    {
        Do(Effect.Recover, () =>
        {
            if (Disk.Runs.Values.Any(run => run.PublishTerm > term) && world.Bug != Bug.PublishesUnderAnyTerm)
            {
                throw new DataBuildException(Rules.DataRootTakenOver, "a later term is at work here");
            }

            foreach (var run in Disk.Runs.Values.Where(run => run.PublishTerm > 0))
            {
                run.PublishTerm = term;
            }

            world.TakenOver(term);
        });
        foreach (string runId in Disk.Runs.Keys.Order(StringComparer.Ordinal).ToList())
        {
            // Another engine may have been here in between.
            if (!Disk.Runs.TryGetValue(runId, out var run) || run.PublishTerm > term)
            {
                continue;
            }

            if (outliving?.Invoke(runId) == true && !(world.Bug == Bug.GivesNothingBack && run.PublishTerm == term))
            {
                if (run.PublishTerm == term)
                {
                    // Out of a folder that is this term's, as long as nobody has renamed that.
                    Do(Effect.Recover, () => Own(runId, term).PublishTerm = 0);
                }
            }
            else if (world.Bug == Bug.PublishesRevoked && world.Cluster.Find(runId) is { IsRevoked: true })
            {
                run.PublishTerm = term;
                Publish(runId, [.. run.Outputs.Keys]);
            }
            else if (run.PublishTerm == term && world.Bug != Bug.ForgetsToPublishAfterCrash)
            {
                Publish(runId, world.Bug == Bug.PublishesUncommitted ? [.. run.Outputs.Keys] : committed(runId));
            }
            else
            {
                Discard(runId);
            }
        }
    }

    public FileObservation Observe(string @ref, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint)
    {
        string? content = null;
        Do(Effect.Observe, () => content = Disk.Partitions.GetValueOrDefault(@ref));
        return Content.Observe(content);
    }

    public FileObservation ObservePath(string path, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint)
    {
        string? content = null;
        Do(Effect.Observe, () => content = Disk.Sources.GetValueOrDefault(path));
        return world.Bug == Bug.TrustsOldHashes && content is not null && knownFingerprint.Length > 0
            ? new FileObservation(true, false, knownFingerprint.ToArray(), knownStamp, content.Length)
            : Content.Observe(content);
    }

    public IReadOnlyList<FileObservation> ObserveMany(IReadOnlyList<(string Ref, ulong Stamp)> refs) =>
        [.. refs.Select(one => Observe(one.Ref, one.Stamp, []))];

    private bool IsDeposed => term < world.TakenOverBy && world.Bug != Bug.PublishesUnderAnyTerm;

    /// <summary>The run's directory where this term may have it: a rename of what another term has taken finds no source.</summary>
    private SimDisk.RunDirectory Own(string runId, ulong at) =>
        Disk.Runs.TryGetValue(runId, out var run) && (run.PublishTerm == at || world.Bug == Bug.PublishesUnderAnyTerm)
            ? run
            : throw new DataBuildException(Rules.DataRootTakenOver, $"the directory of run {runId} is gone; nothing of it can be published");

    /// <summary>Outside an engine nothing strikes.</summary>
    private void Do(Effect effect, Action act)
    {
        if (engine is null)
        {
            act();
        }
        else
        {
            engine.Do(effect, act);
        }
    }
}
