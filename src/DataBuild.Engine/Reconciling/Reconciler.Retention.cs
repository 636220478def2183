using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Retention. It counts from the end of the interval that a ref names or from its publishing, whichever is later: nothing is removed
/// sooner than that after it was made. What a want covers stays, and so does what a run that has to run needs, whatever its age.
/// </summary>
public sealed partial class Reconciler
{
    /// <summary>
    /// Live partitions that nobody needs and whose retention has passed, in the order in which the log first named them. A graph without
    /// Retention costs nothing; of another one, each live partition is looked at.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="next">No other one falls due before this instant by the passing of time alone; null for never.</param>
    internal List<DuePartition> Due(Moment now, out DateTimeOffset? next)
    {
        Settle();
        next = null;
        var due = new List<DuePartition>();
        var retentions = Graph.Families.Where(family => family.Retention is not null).Select(family => family.Retention!.Value).ToList();
        if (retentions.Count == 0)
        {
            return due;
        }

        var shortest = retentions.Min();
        var wants = state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null }).ToList();
        for (int id = 0; id < state.Refs.Count; id++)
        {
            var fact = state[id];
            if (fact is not { IsLive: true, IsSource: false, IsChanged: false, IsBuilding: false, Published: > 0 } || state.IsPinned(id))
            {
                continue;
            }

            // The graph is asked only about those that may be due by the shortest retention there is.
            var published = DateTimeOffset.FromUnixTimeSeconds(fact.Published);
            var until = Moment.Later(published, shortest);
            if (until <= now.Now)
            {
                string @ref = state.Refs[id];
                if (Graph.Find(@ref) is not { Retention: { } retention } family)
                {
                    continue;
                }

                var since = family.IntervalEnd(@ref) is { } end && InstantOf(end) is var ended && ended > published ? ended : published;
                until = Moment.Later(since, retention);
                if (until <= now.Now)
                {
                    if (!IsNeeded(id, @ref, wants))
                    {
                        due.Add(new DuePartition(@ref, fact.Stamp, fact.Content, since, retention));
                    }

                    continue;
                }
            }

            next = next < until ? next : until;
        }

        return due;
    }

    /// <summary>The event by which they expire.</summary>
    internal BuildEvent Expiry(IReadOnlyCollection<DuePartition> partitions)
    {
        var expire = new RetentionExpireEventV1 { ExpiryId = RunIds.Next(options.LogId, state.Offset, 0, moment.Now).ToString("D") };
        expire.Partitions.AddRange(partitions.Select(partition => new RetentionExpired
        {
            Ref = partition.Ref,
            ContentFingerprint = partition.Content.ToByteString(),
            Since = Timestamp.FromDateTimeOffset(partition.Since),
            Retention = Duration.FromTimeSpan(partition.Retention),
        }));
        return NewEvent(new BuildEvent { RetentionExpire = expire });
    }

    /// <summary>An active want covers it still, be it another session's, or something that has to run reads it.</summary>
    private bool IsNeeded(int id, string @ref, List<WantFacts> wants) =>
        (NodeAt(id) is { } node && (node.IsWanted || node.Dependents.Exists(HasToRun))) || wants.Exists(want => want.Set!.Contains(@ref) && RankOf(want, @ref) is not null);

    private static Reason Expired(in RefFacts fact, Family family) => Reasons.Of(
        ReasonKind.Expired, detail: family.Retention is { } retention ? $"Retention={Durations.Format(retention)}" : "", offset: fact.Offset);
}
