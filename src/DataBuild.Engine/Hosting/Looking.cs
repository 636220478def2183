using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting;

/// <summary>Looks at files until a reconciler knows all that it asks about, and runs nothing.</summary>
internal static class Looking
{
    public static void Settle(Reconciler reconciler, Journal journal, Observer observer, Func<DateTimeOffset> clock)
    {
        while (reconciler.Decide(new Moment(clock()), mayRun: false) is { } decision && decision.Observe.Count + decision.Events.Count > 0)
        {
            foreach (var reply in observer.LookAt(decision.Observe, journal.State.Graph!))
            {
                reconciler.Observed(reply);
            }

            // Whoever else reads the journal's change has to see these events too: they are not taken out of it.
            var change = new StateChange();
            foreach (var e in decision.Events)
            {
                journal.Add(e, clock());
                change.Refs.AddRange((e.Observe?.Observations ?? []).Select(seen => journal.State.Refs.Intern(seen.Ref)));
            }

            reconciler.Changed(change);
        }
    }
}
