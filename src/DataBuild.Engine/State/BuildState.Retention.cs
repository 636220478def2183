using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    /// <summary>The expiry whose files may still be in the data root; nothing may be made before its end.</summary>
    public RetentionExpireEventV1? Expiring { get; private set; }

    /// <summary>
    /// What nobody needs any more is not live from here on; what it was made from is remembered, as of one that is lost.
    /// </summary>
    private void Apply(RetentionExpireEventV1 expire, in Applying context)
    {
        Require(expire.ExpiryId.Length > 0, "an-expiry-has-an-id", "an expiry without an id is made");
        if (expire.Resumes.Length > 0)
        {
            Require(Expiring?.ExpiryId == expire.Resumes, "only-an-expiry-under-way-goes-on", $"expiry {expire.ExpiryId} goes on with {expire.Resumes}, which is not under way");
            Require(expire.Partitions.Count == 0, "an-expiry-that-goes-on-has-its-partitions", $"expiry {expire.ExpiryId} goes on with {expire.Resumes} and names partitions");
            Expiring = new RetentionExpireEventV1(Expiring) { ExpiryId = expire.ExpiryId };
            return;
        }

        Require(Expiring is null, "one-expiry-at-a-time", $"expiry {expire.ExpiryId} begins while {Expiring?.ExpiryId} is under way");
        Require(Renaming is null, "nothing-expires-during-a-rename", $"expiry {expire.ExpiryId} begins while a rename is under way");
        Require(expire.Partitions.Count > 0, "an-expiry-removes-something", $"expiry {expire.ExpiryId} is of no partition");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var partition in expire.Partitions)
        {
            Require(seen.Add(partition.Ref), "a-ref-expires-once", $"{partition.Ref} expires twice in one event");
            var fact = Refs.TryGet(partition.Ref, out int id) ? this[id] : default;
            Require(fact is { IsLive: true, IsSource: false }, "only-live-partitions-expire", $"{partition.Ref} expires and has no live instance");
            Require(
                fact is { Published: > 0, IsChanged: false },
                "only-what-a-run-left-expires",
                $"{partition.Ref} expires and is not as a run left it");
            Require(
                Fingerprint.From(partition.ContentFingerprint) == fact.Content,
                "an-expiry-names-the-instance",
                $"{partition.Ref} expires with other content than it has");
            Require(!fact.IsBuilding, "what-is-built-does-not-expire", $"{partition.Ref} expires while a run is building it");
            Require(!IsPinned(id), "a-pinned-instance-does-not-expire", $"{partition.Ref} expires while a run under way reads it");
        }

        foreach (var partition in expire.Partitions)
        {
            Leave(Touch(partition.Ref, context), RefFlags.Expired, context.Offset);
        }

        Expiring = expire;
    }

    private void Apply(RetentionExpireEndEventV1 end)
    {
        Require(
            Expiring is not null && Expiring.ExpiryId == end.ExpiryId,
            "only-an-expiry-under-way-ends",
            $"expiry {end.ExpiryId} is not under way");
        Expiring = null;
    }

    private static uint SecondsOf(DateTimeOffset time) => (uint)Math.Clamp(time.ToUnixTimeSeconds(), 1, uint.MaxValue);
}
