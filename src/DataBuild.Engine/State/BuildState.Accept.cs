using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private void Apply(AcceptEventV1 accept, in Applying context)
    {
        Require(Graph is not null, "an-accept-has-a-graph", "data is accepted before a graph is registered");
        var accepted = LiveRefsOf(accept.Partitions, "an-accept-names-partitions", "accept").ToList();
        Require(accepted.Count > 0, "an-accept-finds-something-live", "what is accepted has no live instance");
        var files = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
        foreach (var read in accept.FileReads)
        {
            Require(files.TryAdd(read.Path, Fingerprint.From(read.ContentFingerprint)), "an-accept-names-a-file-once", $"file {read.Path} is accepted twice");
        }

        // Its own content first: others of the set may have read it.
        foreach (int id in accepted)
        {
            AcceptContent(id, context.Offset);
        }

        var renewed = new Dictionary<ReadFact[], ReadFact[]>(ReferenceEqualityComparer.Instance);
        foreach (int id in accepted)
        {
            ref var fact = ref FactsOf(id);
            if (Graph!.Find(Refs[id])?.Job is { } job && CurrentJob(job.Label) is { } current)
            {
                fact.JobVersion = current.Index;
            }

            fact.Reads = Renewed(fact.Reads, renewed);
            fact.Offset = context.Offset;
            if (fact.IsTainted)
            {
                ForgetTaints(id);
                fact.Flags &= ~RefFlags.Tainted;
            }

            if (files.Count > 0 && fileReads.TryGetValue(id, out var read))
            {
                fileReads[id] = [.. read.Select(file => files.TryGetValue(file.Path, out var now) ? file with { Content = now } : file)];
            }

            context.Change.Refs.Add(id);
        }

        // What was to be rebuilt is not, and what only that required may be nobody's now.
        context.Change.WantsGone = true;
    }

    /// <summary>
    /// A live partition of which an accept would change something: its job, something it read or its own files are not as recorded, or
    /// it is tainted.
    /// </summary>
    public bool Differs(int id)
    {
        var fact = this[id];
        if (!fact.IsLive || fact.IsSource)
        {
            return false;
        }

        return fact.IsChanged || fact.IsTainted || HasOtherJob(id, fact)
            || (fact.Reads ?? []).Any(read => this[read.Ref] is { IsLive: true } now && now.Content != read.Content);
    }

    private bool HasOtherJob(int id, in RefFacts fact) =>
        Graph?.Find(Refs[id])?.Job is { } job && CurrentJob(job.Label) is { } current
        && current.Index != fact.JobVersion && JobVersionAt(fact.JobVersion).IsComparableTo(current);

    /// <summary>What was seen of its files is what counts from now on; a run under way has read what counted before.</summary>
    private void AcceptContent(int id, ulong offset)
    {
        if (changes.Remove(id, out var seen))
        {
            ref var fact = ref FactsOf(id);
            RememberDisplaced(id, fact, offset);
            fact.Content = Fingerprint.From(seen.ContentFingerprint);
            fact.Stamp = seen.Stamp;
            fact.Published = 0;
            fact.Flags &= ~RefFlags.Changed;
        }
    }

    /// <summary>The reads as their inputs are now; one array for all that shared one, and the one empty array stays that.</summary>
    private ReadFact[]? Renewed(ReadFact[]? reads, Dictionary<ReadFact[], ReadFact[]> renewed)
    {
        if (reads is null or [])
        {
            return reads;
        }

        if (!renewed.TryGetValue(reads, out var now))
        {
            now = Array.ConvertAll(reads, read => this[read.Ref] is { IsLive: true } input ? read with { Content = input.Content, Run = input.LiveRun } : read);
            renewed.Add(reads, now);
        }

        return now;
    }

    /// <summary>Live refs of a logged set; refused by the rule if the graph in force has no such partitions.</summary>
    private IEnumerable<int> LiveRefsOf(V1.PartitionSet? set, string rule, string what)
    {
        try
        {
            return LiveRefsOf(PartitionSet.Parse(set?.Expressions ?? [], Graph!, today: null));
        }
        catch (DataBuildException e)
        {
            throw new IllegalEventException(rule, $"{what}: {e.Message}");
        }
    }
}
