using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private readonly Dictionary<string, WantFacts> wants = new(StringComparer.Ordinal);
    private int wantOrdinal;

    /// <summary>Wants in order of creation; ended ones are kept while a child want or a run under way may name them.</summary>
    public IEnumerable<WantFacts> Wants => wants.Values.OrderBy(want => want.Ordinal);

    public WantFacts? FindWant(string wantId) => wants.GetValueOrDefault(wantId);

    private void Apply(WantRegisterEventV1 registration, in Applying context)
    {
        Require(Graph is not null, "standing-wants-have-a-graph", "standing wants are registered before a graph");
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var want in registration.Wants)
        {
            Require(want.WantId.Length > 0 && ids.Add(want.WantId), "a-want-is-made-once", $"want '{want.WantId}' is registered twice");
            Require(
                FindWant(want.WantId) is null or { IsStanding: true },
                "a-want-is-made-once",
                $"want {want.WantId} is registered as a standing one and was made before");
            RequireWellFormed(want);
        }

        foreach (var old in wants.Values.Where(want => want.IsStanding && !ids.Contains(want.Id)).ToList())
        {
            wants.Remove(old.Id);
        }

        foreach (var want in registration.Wants)
        {
            var known = FindWant(want.WantId);
            var facts = Add(want, isStanding: true, known?.Created ?? context.Time, known?.Ordinal ?? wantOrdinal++, context.Offset);

            // A standing want may leave any state but this one; it is wanted again once the project dropped it and has it anew.
            facts.IsCanceled = known is { IsCanceled: true };

            // Another time to live or deadline is other instants, none of which has been accounted for.
            facts.TimesUpTo = known is not null && Equals(known.Want.Ttl, want.Ttl) && Equals(known.Want.Sla, want.Sla) ? known.TimesUpTo : facts.TimesUpTo;
        }

        context.Change.WantsGone = true;
    }

    private void Apply(WantCreateEventV1 create, in Applying context)
    {
        var want = create.Want;
        Require(want is { WantId.Length: > 0 }, "a-want-has-an-id", "a want without an id is made");
        Require(FindWant(want!.WantId) is null, "a-want-is-made-once", $"want {want.WantId} was made before");
        RequireWellFormed(want);
        if (want.ParentWantId.Length > 0)
        {
            Require(Guid.TryParse(want.RunId, out var run), "a-child-want-comes-from-a-run", $"child want {want.WantId} names no run");
            Require(
                want.Waiting.Count > 0 && want.Waiting.All(waiting => Refs.TryGet(waiting, out int id) && TroubleOf(id)?.Run == run),
                "a-child-want-is-waited-for",
                $"child want {want.WantId} is waited for by {string.Join(", ", want.Waiting)}, of which not each lacks something since run {want.RunId}");
        }
        else
        {
            Require(want.RootWantId == want.WantId, "a-root-want-is-its-own-root", $"want {want.WantId} has no parent and another root");
        }

        var facts = Add(want, isStanding: false, context.Time, wantOrdinal++, context.Offset);
        if (!facts.IsChild)
        {
            context.Change.NewWants.Add(want.WantId);
            return;
        }

        CountChild(facts, 1);
        foreach (string waiting in want.Waiting.Distinct(StringComparer.Ordinal))
        {
            var trouble = troubles[Touch(waiting, context)];
            ReleaseChildWant(trouble);
            trouble.ChildWant = want.WantId;
            facts.Waiting++;
        }
    }

    private void Apply(WantCancelEventV1 cancel, in Applying context)
    {
        var want = ActiveWant(cancel.WantId);
        want.IsCanceled = true;
        context.Change.WantsGone = true;
        DropEnded(want);
    }

    private void Apply(WantEndEventV1 end, in Applying context)
    {
        var want = ActiveWant(end.WantId);
        Require(!want.IsStanding, "a-standing-want-does-not-end", $"standing want {end.WantId} is said to have ended");
        Require(end.State != WantEndState.Unspecified, "an-end-says-how", $"want {end.WantId} ends without a state");
        want.End = end.State;
        context.Change.WantsGone = true;
        DropEnded(want);
    }

    private void Apply(WantTimeEventV1 time, in Applying context)
    {
        var want = ActiveWant(time.WantId);
        Require(
            time.DeadlineMissed is { Expressions.Count: > 0 } || time.Expired is { Expressions.Count: > 0 },
            "instants-pass-for-refs",
            $"instants are said to have passed for want {time.WantId}, and for no ref");
        var upTo = time.UpTo?.ToDateTimeOffset() ?? DateTimeOffset.MinValue;
        Require(
            upTo > want.TimesUpTo && upTo <= context.Time,
            "instants-pass-once",
            $"instants of want {time.WantId} up to {upTo:u} are accounted for a second time or too early");
        want.TimesUpTo = upTo;
        context.Change.WantsGone |= time.Expired is { Expressions.Count: > 0 };
    }

    /// <summary>A child want ends when nothing waits for it any more.</summary>
    private void ReleaseChildWant(Trouble trouble)
    {
        if (trouble.ChildWant.Length > 0 && wants.TryGetValue(trouble.ChildWant, out var child) && --child.Waiting == 0)
        {
            child.End = WantEndState.Successful;
            DropEnded(child);
        }

        trouble.ChildWant = "";
    }

    /// <summary>An ended want goes once nothing can name it as a parent any more, and may take its own parent with it.</summary>
    private void DropEnded(WantFacts? want)
    {
        while (want is { IsActive: false, IsStanding: false, Children: 0, Runs: 0 } && wants.Remove(want.Id))
        {
            want = CountChild(want, -1);
        }
    }

    private WantFacts? CountChild(WantFacts child, int by)
    {
        var parent = child.IsChild ? FindWant(child.Want.ParentWantId) : null;
        if (parent is not null)
        {
            parent.Children += by;
        }

        return parent;
    }

    /// <summary>What a run misses becomes a child of the oldest want that it serves.</summary>
    private void CountRun(RunFacts run, int by)
    {
        if (run.WantIds is [var oldest, ..] && FindWant(oldest) is { } want)
        {
            want.Runs += by;
            DropEnded(want);
        }
    }

    private void ClearTrouble(int id)
    {
        if (troubles.Remove(id, out var trouble))
        {
            ReleaseChildWant(trouble);
        }
    }

    private WantFacts ActiveWant(string wantId)
    {
        var want = FindWant(wantId);
        Require(want is { IsActive: true }, "only-an-active-want-goes-on", $"want {wantId} is not active");
        return want!;
    }

    private static void RequireWellFormed(Want want) => Require(
        want.Partitions is { Expressions.Count: > 0 },
        "a-want-wants-something",
        $"want {want.WantId} names no partitions");

    private WantFacts Add(Want want, bool isStanding, DateTimeOffset created, int ordinal, ulong offset)
    {
        var facts = new WantFacts { Want = want, IsStanding = isStanding, Created = created, Ordinal = ordinal, Offset = offset, TimesUpTo = created };
        Bind(facts);
        wants[want.WantId] = facts;
        return facts;
    }
}
