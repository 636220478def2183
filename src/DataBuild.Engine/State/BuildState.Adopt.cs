using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private void Apply(AdoptEventV1 adopt, in Applying context)
    {
        Require(Graph is not null, "an-adoption-has-a-graph", "files are adopted before a graph is registered");
        Require(Expiring is null, "nothing-is-made-while-files-are-removed", "files are adopted while expired ones are removed");
        Require(adopt.Partitions.Count > 0, "an-adoption-adopts-something", "nothing is adopted");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var partition in adopt.Partitions)
        {
            Require(
                Graph!.Find(partition.Ref) is { IsSource: false },
                "only-partitions-are-adopted",
                $"{partition.Ref} is adopted and is no partition of the graph");
            Require(seen.Add(partition.Ref), "a-ref-is-adopted-once", $"{partition.Ref} is adopted twice");
            Require(!Fingerprint.From(partition.ContentFingerprint).IsNone, "an-adopted-ref-has-content", $"{partition.Ref} is adopted without content");
            var fact = Refs.TryGet(partition.Ref, out int id) ? this[id] : default;
            Require(!fact.IsLive, "only-what-is-not-live-is-adopted", $"{partition.Ref} is adopted and is live");
            Require(!fact.IsBuilding, "only-what-is-not-built-is-adopted", $"{partition.Ref} is adopted while a run is building it");
            Require(
                partition.Reads.All(read => read.RunId.Length == 0 || Guid.TryParse(read.RunId, out _)),
                "a-read-names-a-run",
                $"{partition.Ref} is adopted with a read of what is no run's");
        }

        foreach (var partition in adopt.Partitions)
        {
            Adopt(Touch(partition.Ref, context), partition, context.Offset);
        }
    }

    /// <summary>As if its job, as it is now, had just made it from what its family needs.</summary>
    private void Adopt(int id, AdoptedPartition partition, ulong offset)
    {
        ref var fact = ref FactsOf(id);
        LiveCount++;
        fact.Content = Fingerprint.From(partition.ContentFingerprint);
        fact.Stamp = partition.Stamp;
        fact.LiveRun = Guid.Empty;
        fact.Offset = offset;
        fact.Published = 0;
        fact.JobVersion = currentJobs[Graph!.Find(partition.Ref)!.Job!.Label].Index;

        // The one empty array: equal states are equal snapshots.
        ReadFact[] reads = partition.Reads.Count == 0 ? [] : [.. partition.Reads.Select(ToFact)];
        FactsOf(id).Reads = reads;
        FactsOf(id).Flags = RefFlags.Live;
        fileReads.Remove(id);
        changes.Remove(id);
        ClearTrouble(id);
    }
}
