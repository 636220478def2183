using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Wants and where they stand. Active ones are in the fold; ended ones are looked up in the log.</summary>
public sealed class WantsQuery(LogView view)
{
    private readonly BuildState state = view.Load();

    /// <param name="states">Only wants in one of these states; all where empty.</param>
    /// <param name="ended">Also wants that ended or were cancelled.</param>
    /// <param name="limit">At most so many.</param>
    public WantsReport Answer(IReadOnlyCollection<string> states, bool ended, int limit)
    {
        var report = new WantsReport { Offset = state.Offset };
        if (state.Graph is null)
        {
            return report;
        }

        var active = state.Wants.Where(want => want.IsActive || (want is { IsStanding: true, IsCanceled: true })).ToList();
        var rows = new WantCounter(view, state, active).Rows();
        rows = (ended ? Ended().Concat(rows) : rows).Where(row => states.Count == 0 || states.Contains(row.State, StringComparer.OrdinalIgnoreCase));
        foreach (var row in rows)
        {
            if (report.Wants.Count < limit)
            {
                report.Wants.Add(row);
            }
            else
            {
                report.LeftOff++;
            }
        }

        return report;
    }

    /// <summary>A child want ends with the last ref that waits for it, which no event says: those are told by the fold alone.</summary>
    private IEnumerable<WantStatus> Ended()
    {
        var open = new Dictionary<string, StoredEvent>(StringComparer.Ordinal);
        foreach (var stored in view.Log.Read(1))
        {
            var e = stored.Event;
            switch (e.EventCase)
            {
                case BuildEvent.EventOneofCase.WantCreate when e.WantCreate.Want.ParentWantId.Length == 0:
                    open[e.WantCreate.Want.WantId] = stored;
                    break;
                case BuildEvent.EventOneofCase.WantCancel when open.Remove(e.WantCancel.WantId, out var made):
                    yield return Row(made, "Canceled", e);
                    break;
                case BuildEvent.EventOneofCase.WantEnd when open.Remove(e.WantEnd.WantId, out var made):
                    yield return Row(made, e.WantEnd.State.ToString(), e);
                    break;
                default:
                    break;
            }
        }
    }

    private static WantStatus Row(StoredEvent made, string how, BuildEvent end)
    {
        var row = RunText.Of(made.Event.WantCreate.Want, made.Event.Timestamp, made.Offset);
        row.State = how;
        row.Refs = new RefCounts();
        row.Ended = end.Timestamp;
        return row;
    }
}
