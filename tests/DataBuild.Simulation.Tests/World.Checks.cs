using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>What must hold at every moment, held against the log as it is stored.</summary>
internal sealed partial class World
{
    private readonly Dictionary<string, Fingerprint> live = new(StringComparer.Ordinal);
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);
    private readonly HashSet<string> meddled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> versions = new(StringComparer.Ordinal);
    private ulong takenOver;

    /// <summary>The job as it was when the run was queued.</summary>
    public string VersionOfRun(string runId) => versions[runId];

    /// <summary>Events were stored.</summary>
    public void Stored(IReadOnlyList<BuildEvent> events, SimEngine engine)
    {
        Assert.True(engine.IsLeader || Bug != Bug.None, "a deposed engine appended");
        Assert.True(engine.IsLeader, "the log took events of a deposed engine");
        foreach (var e in events)
        {
            foreach (var outcome in EndOf(e)?.Outcomes ?? [])
            {
                if (outcome.Done is { } done)
                {
                    live[outcome.Ref] = Fingerprint.From(done.ContentFingerprint);
                    gone.Remove(outcome.Ref);
                }
            }

            foreach (var seen in e.Observe?.Observations ?? [])
            {
                if (seen.Presence == Presence.Absent)
                {
                    live.Remove(seen.Ref);
                }
            }

            foreach (var expired in e.RetentionExpire?.Partitions ?? [])
            {
                Assert.True(live.Remove(expired.Ref), $"{expired.Ref} expired and was not live");
                gone.Add(expired.Ref);
                Assert.False(
                    engine.State!.Wants.Any(want => want is { IsActive: true, IsChild: false, Set: not null } && want.Set!.Contains(expired.Ref)),
                    $"{expired.Ref} expired and is wanted");
                int id = engine.State!.Refs.Intern(expired.Ref);
                Assert.False(engine.State.ActiveRuns.Any(run => run.Inputs.Any(input => input.Ref == id) || run.Refs.Contains(id)), $"{expired.Ref} expired and a run reads or makes it");
            }

            if (e.JobRunQueue is { } queue)
            {
                versions[queue.RunId] = scenario.VersionOf(queue.Job);
                Check(queue, engine.State!);
            }

            CheckCluster(e);
        }
    }

    /// <summary>From here on nobody of an earlier term may put anything in place.</summary>
    public void TakenOver(ulong term) => takenOver = Math.Max(takenOver, term);

    public ulong TakenOverBy => takenOver;

    /// <summary>A reader of the data root sees new content from here on.</summary>
    public void Published(string @ref, SimEngine engine, string runId = "")
    {
        Assert.False(Cluster.Find(runId) is { IsRevoked: true }, $"{@ref} is published by run {runId}, which was lost or cancelled");
        // One whose successor has not taken over what it was publishing may still finish what is committed.
        Assert.True(engine.Term >= takenOver, $"a deposed engine published {@ref}");
        var content = Content.Fingerprint(Disk.Partitions[@ref]);
        Assert.True(live.TryGetValue(@ref, out var committed) && committed == content, $"{@ref} is in place and not in the log");
        meddled.Remove(@ref);
    }

    /// <summary>A reader of the data root sees it no more.</summary>
    public void Removed(string @ref, SimEngine engine)
    {
        Assert.True(engine.Term >= takenOver, $"a deposed engine removed {@ref}");
        Assert.False(live.ContainsKey(@ref), $"{@ref} is removed and live in the log");
    }

    /// <summary>What holds between sessions: the fold is the log, and what the log holds as live is in place.</summary>
    private void CheckRest(SimEngine engine, bool ended)
    {
        byte[] replayed = Bytes(Replay(Log.LastOffset));
        if (ended)
        {
            Assert.True(engine.State!.Offset == Log.LastOffset, $"the fold is at {engine.State.Offset}, the log at {Log.LastOffset}");
            Assert.True(replayed.AsSpan().SequenceEqual(Bytes(engine.State)), "the fold of a session differs from the replay of its log");
            Assert.True(engine.State.Expiring is null, "an expiry has no end");
            CheckRevoked();
            Assert.False(gone.Any(Disk.Partitions.ContainsKey), $"{gone.FirstOrDefault(Disk.Partitions.ContainsKey)} expired and its file is still there");
            foreach (var (@ref, content) in live.Where(one => !meddled.Contains(one.Key)))
            {
                Assert.True(Disk.Partitions.TryGetValue(@ref, out string? there), $"the log holds {@ref} as live and it is not there");
                Assert.True(Content.Fingerprint(there!) == content, $"the content of {@ref} is not what the log says");
            }
        }

        if (Snapshot is { } snapshot)
        {
            using var stream = new MemoryStream(snapshot.Bytes);
            var state = StateSnapshot.Read(stream);
            foreach (var (offset, e) in Log.Read(snapshot.Offset + 1))
            {
                state.Apply(offset, e);
            }

            Assert.True(replayed.AsSpan().SequenceEqual(Bytes(state)), "a snapshot with the events after it differs from the replay of the log");
        }
    }

    public BuildState Replay(ulong upTo)
    {
        var state = new BuildState();
        foreach (var (offset, e) in Log.Read(1).TakeWhile(stored => stored.Offset <= upTo))
        {
            state.Apply(offset, e);
        }

        return state;
    }

    private void Check(JobRunQueueEventV1 queue, BuildState state)
    {
        var graph = scenario.Graph;
        foreach (var partition in queue.Partitions)
        {
            foreach (string need in graph.Find(partition.Ref)?.Needs(partition.Ref) ?? [])
            {
                Assert.True(state.Refs.TryGet(need, out int id) && state[id].IsLive, $"{partition.Ref} starts before its need {need} is live");
            }

            Assert.True(
                partition.Reason.Kind != ReasonKind.Absent || !live.ContainsKey(partition.Ref),
                $"{partition.Ref} is said to be absent and is made a second time");
        }

        foreach (var input in queue.Inputs)
        {
            Assert.False(state.Refs.TryGet(input.Ref, out int id) && state[id].IsTainted, $"{queue.Partitions[0].Ref} starts while its input {input.Ref} is tainted");
        }
    }

    /// <summary>What was given to the cluster ends as the cluster said, or is given up for a reason.</summary>
    private void CheckCluster(BuildEvent e)
    {
        if (e.EndedRun() is not { } ended || Cluster.Find(ended) is not { } run)
        {
            return;
        }

        if (e.JobRunLost is not null)
        {
            Assert.True(run.WasDoubted, $"run {ended} of the cluster is recorded as lost and nobody said that it is");
        }

        run.IsRevoked |= e.JobRunLost is not null || e.JobRunCancel is not null;
        Assert.False(
            run.Return is { ExitCode: 0 } && e.JobRunFailure?.End.Outcomes.Any(outcome => outcome.Failed is { Code: "DBLD5103" } && run.Wrote.Contains(outcome.Ref)) == true,
            $"what run {ended} of the cluster left was thrown away");
    }

    /// <summary>A run of the cluster is given to it, or taken back.</summary>
    public void Given(SimClusterRun run, SimEngine engine)
    {
        if (engine.IsLeader)
        {
            int underWay = engine.State!.OutlivingRunCount;
            Assert.True(underWay <= scenario.ClusterSlots, $"the cluster has {underWay} runs, and may have {scenario.ClusterSlots}");
            CheckJobLimits(engine);
        }
    }

    /// <summary>Every run of the cluster that is under way is one that this engine started or took back.</summary>
    private static void CheckAdopted(SimEngine engine)
    {
        foreach (var run in engine.State!.OutlivingRuns)
        {
            Assert.True(engine.Cluster?.Knows(run.IdText) == true, $"run {run.IdText} of the cluster is under way and the engine of term {engine.Term} did not take it back");
        }
    }

    /// <summary>What was given up has no directory but one that it made itself since.</summary>
    private void CheckRevoked()
    {
        var left = Cluster.Runs.FirstOrDefault(run => run is { IsRevoked: true, WroteLate: false } && Disk.Runs.ContainsKey(run.Id));
        Assert.True(left is null, $"run {left?.Id} was lost or cancelled, and still has its directory");
    }

    private static RunEnd? EndOf(BuildEvent e) => e.JobRunSuccess?.End ?? e.JobRunMissingDeps?.End ?? e.JobRunFailure?.End;

    private static byte[] Bytes(BuildState state)
    {
        using var stream = new MemoryStream();
        StateSnapshot.Write(state, stream, canonical: true);
        return stream.ToArray();
    }
}
