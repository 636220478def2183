using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private void Apply(ObserveEventV1 observe, in Applying context)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var observation in observe.Observations)
        {
            Require(seen.Add(observation.Ref), "a-ref-is-observed-once", $"{observation.Ref} was observed twice in one event");
            var family = Graph?.Find(observation.Ref);
            Require(
                observation.Presence is Presence.Present or Presence.Absent,
                "an-observation-says-something",
                $"{observation.Ref} was observed to be nothing");
            Require(family is not null, "only-the-graphs-refs-are-observed", $"{observation.Ref} was observed and is no ref of the graph");
            Require(
                family!.IsSource || (Refs.TryGet(observation.Ref, out int known) && this[known].IsLive),
                "only-live-partitions-are-observed",
                $"{observation.Ref} was observed and has no live instance");
        }

        foreach (var observation in observe.Observations)
        {
            int id = Touch(observation.Ref, context);
            if (Graph!.Find(observation.Ref)!.IsSource)
            {
                See(id, observation, context.Offset);
            }
            else if (observation.Presence == Presence.Absent)
            {
                Leave(id, RefFlags.Lost, context.Offset);
            }
            else
            {
                NoteChange(id, observation);
            }
        }
    }

    private void See(int id, Observation observation, ulong offset)
    {
        ref var fact = ref FactsOf(id);
        RememberDisplaced(id, fact, offset);
        fact.Flags = RefFlags.Source | (observation.Presence == Presence.Present ? RefFlags.Live : RefFlags.Lost);
        fact.Content = Fingerprint.From(observation.ContentFingerprint);
        fact.Stamp = observation.Stamp;
        fact.Offset = offset;
    }

    /// <summary>It is not live any more. Reads are kept: when it is built again, what it will read is known.</summary>
    private void Leave(int id, RefFlags how, ulong offset)
    {
        ref var fact = ref FactsOf(id);
        RememberDisplaced(id, fact, offset);
        if (fact.IsTainted)
        {
            ForgetTaints(id);
        }

        fact.Flags = how;
        fact.Offset = offset;
        LiveCount--;
        changes.Remove(id);
    }

    /// <summary>
    /// What was recorded stays what readers are compared with; what was seen is kept beside it until it is accepted, tainted or
    /// found to be as recorded again.
    /// </summary>
    private void NoteChange(int id, Observation observation)
    {
        ref var fact = ref FactsOf(id);
        fact.Stamp = observation.Stamp;
        if (Fingerprint.From(observation.ContentFingerprint) == fact.Content)
        {
            fact.Flags &= ~RefFlags.Changed;
            changes.Remove(id);
        }
        else
        {
            fact.Flags |= RefFlags.Changed;
            changes[id] = observation;
        }
    }

    private void Apply(RetryRequestEventV1 retry, in Applying context)
    {
        foreach (string job in retry.Jobs)
        {
            Require(jobs.GetValueOrDefault(job) is { QuarantinedAt: > 0 }, "only-a-quarantined-job-is-freed", $"job {job} is not quarantined");
        }

        foreach (string @ref in retry.Refs)
        {
            Require(
                Refs.TryGet(@ref, out int id) && troubles.ContainsKey(id),
                "only-failed-refs-are-retried",
                $"{@ref} neither failed nor lacks anything");
        }

        foreach (string @ref in retry.Refs)
        {
            ClearTrouble(Touch(@ref, context));
        }

        foreach (string job in retry.Jobs)
        {
            LiftQuarantine(job, context);
        }
    }
}
