using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Deadlines and times to live. An instant that passes is an event, once: the fold reads no clock, and a want remembers up to when
/// its instants are accounted for. One entry a want waits for its next instant, however many refs it has.
/// </summary>
public sealed partial class Reconciler
{
    private readonly PriorityQueue<WantFacts, long> times = new();

    /// <summary>Up to when this session accounted for a want's instants, where there was nothing to log.</summary>
    private readonly Dictionary<string, DateTimeOffset> accounted = new(StringComparer.Ordinal);

    /// <summary>The next instant at which a deadline or a time to live ends, if any.</summary>
    private DateTimeOffset? NextTime => times.TryPeek(out _, out long ticks) ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Times are per want and ref: from the end of the interval that the ref names, else from the want's creation.</summary>
    private WantTimes TimesOf(WantFacts want, string @ref)
    {
        if (want.Want is { Ttl: null, Sla: null })
        {
            return default;
        }

        var created = want.Created;
        var dataTime = want.Want.DataTimestamp?.ToDateTimeOffset()
            ?? (Graph.Find(@ref)?.IntervalEnd(@ref) is { } end ? InstantOf(end) : created);
        DateTimeOffset? expiry = want.Want.Ttl is { } ttl ? Moment.Later(dataTime > created ? dataTime : created, ttl.ToTimeSpan()) : null;
        DateTimeOffset? deadline = want.Want.Sla is { } sla ? Moment.Later(dataTime, sla.ToTimeSpan()) : null;
        return deadline < created ? new WantTimes(null, expiry, IsHistoric: true) : new WantTimes(deadline, expiry, IsHistoric: false);
    }

    /// <summary>Enters the want's next instant that is not accounted for.</summary>
    private void Await(WantFacts want)
    {
        // A session that answers from the log alone, or for some refs or jobs only, accounts for nothing.
        if (want is { IsActive: true, IsChild: false, Set: not null, Want: not { Ttl: null, Sla: null } } && options.Observe && options.Jobs.Count == 0
            && options.WantIds?.Contains(want.Id) != false)
        {
            Await(want, AccountedFor(want));
        }
    }

    private DateTimeOffset AccountedFor(WantFacts want) =>
        accounted.TryGetValue(want.Id, out var here) && here > want.TimesUpTo ? here : want.TimesUpTo;

    private void Await(WantFacts want, DateTimeOffset after)
    {
        long next = long.MaxValue;
        foreach (string @ref in want.Set!.Enumerate())
        {
            var (deadline, expiry, _) = TimesOf(want, @ref);
            next = Math.Min(next, Next(deadline));
            next = Math.Min(next, Next(expiry));
        }

        if (next < long.MaxValue)
        {
            times.Enqueue(want, next);
        }

        long Next(DateTimeOffset? instant) => instant is { } ticks && ticks >= after ? ticks.UtcTicks : long.MaxValue;
    }

    /// <summary>What passed since it was last accounted for, an event a want; nothing where nobody missed anything.</summary>
    private void AccountForTimes(List<BuildEvent> events)
    {
        while (times.TryPeek(out var want, out long ticks) && ticks < moment.Now.UtcTicks)
        {
            times.Dequeue();
            var time = new WantTimeEventV1 { WantId = want.Id, UpTo = Timestamp.FromDateTimeOffset(moment.Now) };
            Passed(want, time, out bool allExpired);
            accounted[want.Id] = moment.Now;
            Await(want, moment.Now);
            if (time is { DeadlineMissed: null, Expired: null })
            {
                continue;
            }

            events.Add(NewEvent(new BuildEvent { WantTime = time }));
            if (allExpired && !want.IsStanding)
            {
                events.Add(NewEvent(new BuildEvent { WantEnd = new WantEndEventV1 { WantId = want.Id, State = WantEndState.Expired } }));
            }
        }
    }

    private void Passed(WantFacts want, WantTimeEventV1 time, out bool allExpired)
    {
        var missed = new List<string>();
        var expired = new List<string>();
        var since = AccountedFor(want);
        allExpired = true;
        foreach (string @ref in want.Set!.Enumerate())
        {
            var (deadline, expiry, _) = TimesOf(want, @ref);
            allExpired &= expiry < moment.Now;
            if (HasPassed(deadline) && !WasThere(@ref))
            {
                missed.Add(@ref);
            }

            if (HasPassed(expiry))
            {
                expired.Add(@ref);
            }
        }

        time.DeadlineMissed = SetOf(missed, want);
        time.Expired = SetOf(expired, want);

        // One that is exactly now has not passed, and is the next account's first.
        bool HasPassed(DateTimeOffset? instant) => instant >= since && instant < moment.Now;
    }

    /// <summary>All refs of a want are named as the want names them, however many they are.</summary>
    private static PartitionSet? SetOf(List<string> refs, WantFacts want)
    {
        if (refs.Count == 0)
        {
            return null;
        }

        var set = new PartitionSet();
        set.Expressions.AddRange(refs.Count == want.Set!.Count ? want.Want.Partitions.Expressions : refs);
        return set;
    }

    /// <summary>It had a live instance when its deadline passed, whatever became of that since: instants are accounted for before anything runs.</summary>
    private bool WasThere(string @ref) =>
        state.Refs.TryGet(@ref, out int id) && (state[id] is { IsLive: true, IsTainted: false } || state[id].IsLost || state[id].IsExpired);
}
