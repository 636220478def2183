using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Removes partitions whose retention has passed: the event first, then the files, then the event that says so. Whoever opens the log
/// next goes on where a dead engine stopped; one that was deposed meanwhile can neither append nor remove.
/// </summary>
internal static class Expiry
{
    /// <summary>Most partitions of one event.</summary>
    private const int MostAtOnce = 10_000;

    /// <summary>Removes what is due and left as its run left it; what somebody changed or put in the way stays.</summary>
    /// <returns>How many partitions.</returns>
    public static int Run(Journal journal, Reconciler reconciler, IPartitionStore store, Func<DateTimeOffset> now)
    {
        int removed = 0;
        foreach (var due in reconciler.Due(new Moment(now()), out _).Chunk(MostAtOnce))
        {
            var unchanged = Unchanged(store, due);
            if (unchanged.Count > 0)
            {
                var expiry = reconciler.Expiry(unchanged);
                store.BeginExpiry(expiry.RetentionExpire.ExpiryId);
                journal.Add(expiry, now());
                journal.Commit();
                Remove(journal, store, now);
                removed += unchanged.Count;
            }
        }

        return removed;
    }

    /// <summary>What people are told.</summary>
    public static string Words(int removed) => removed == 1
        ? "1 partition removed: retention has passed and nothing wants it"
        : $"{removed} partitions removed: retention has passed and nothing wants them";

    /// <summary>
    /// Goes on where a dead engine stopped. Said in the log first, under an id of its own: one that is deposed by now can make its folder
    /// and not append, and so removes nothing that its successors made since.
    /// </summary>
    public static void Finish(Journal journal, IPartitionStore store, Func<DateTimeOffset> now)
    {
        if (journal.State.Expiring is { } expiring)
        {
            var resumed = new RetentionExpireEventV1 { ExpiryId = RunIds.Next(journal.LogId, journal.State.Offset, 0, now()).ToString("D"), Resumes = expiring.ExpiryId };
            store.BeginExpiry(resumed.ExpiryId);
            journal.Add(new BuildEvent { RetentionExpire = resumed }, now());
            journal.Commit();
            Remove(journal, store, now);
        }
    }

    /// <summary>Removes the files of the expiry that is in the log, unless they are another content by now.</summary>
    private static void Remove(Journal journal, IPartitionStore store, Func<DateTimeOffset> now)
    {
        var expiring = journal.State.Expiring!;
        var known = expiring.Partitions.Select(partition => new DuePartition(
            partition.Ref,
            journal.State.Refs.TryGet(partition.Ref, out int id) ? journal.State[id].Stamp : 0,
            Fingerprint.From(partition.ContentFingerprint),
            default,
            default));
        var refs = Unchanged(store, [.. known]).ConvertAll(partition => partition.Ref);
        store.Expire(expiring.ExpiryId, refs);

        // That they are gone must be on the disk before the log says so: a file that came back would be nobody's.
        store.Sync();
        journal.Add(new BuildEvent { RetentionExpireEnd = new RetentionExpireEndEventV1 { ExpiryId = expiring.ExpiryId } }, now());
        journal.Commit();
    }

    /// <summary>Those whose files are gone, or are what their runs published.</summary>
    private static List<DuePartition> Unchanged(IPartitionStore store, DuePartition[] partitions)
    {
        var seen = store.ObserveMany([.. partitions.Select(partition => (partition.Ref, partition.Stamp))]);
        return [.. partitions.Where((partition, i) => !seen[i].Exists || seen[i].Fingerprint.Length == 0 || Fingerprint.From(seen[i].Fingerprint) == partition.Content)];
    }
}
