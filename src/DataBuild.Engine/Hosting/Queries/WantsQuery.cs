using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Wants and where they stand. Active ones are in the fold; ended ones are looked up in the log.</summary>
public sealed class WantsQuery(LogView view)
{
    private readonly BuildState state = view.Load();

    private IEnumerable<WantFacts> Listed => state.Wants.Where(want => want.IsActive || (want is { IsStanding: true, IsCanceled: true }));

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

        var rows = new WantCounter(view, state, [.. Listed]).Rows();
        rows = (ended ? Ended(view).Concat(rows) : rows).Where(row => Passes(row, states));
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

    /// <summary>So many of the wants after a place in the order of creation, of which those are listed that are in one of the states.</summary>
    /// <returns>The wants, and the place of the last one looked at; null if it is the last of all.</returns>
    public (WantsReport Report, int? Next) ActivePage(IReadOnlyCollection<string> states, int after, int size)
    {
        var report = new WantsReport { Offset = state.Offset };
        var page = state.Graph is null ? [] : Listed.Where(want => want.Ordinal > after).Take(size + 1).ToList();
        bool isLast = page.Count <= size;
        page = page.Take(size).ToList();
        report.Wants.AddRange(new WantCounter(view, state, page).Rows().Where(row => Passes(row, states)));
        return (report, isLast ? null : page[^1].Ordinal);
    }

    /// <summary>A want that the fold has; null if it ended or never was.</summary>
    public WantStatus? Active(string id) => state.Graph is not null && state.FindWant(id) is { } want ? new WantCounter(view, state, [want]).Rows().Single() : null;

    /// <summary>So many of the wants that ended after an event.</summary>
    /// <returns>The wants, and the event that ended the last one; null if there are no more.</returns>
    public static (WantsReport Report, ulong? Next) EndedPage(LogView view, IReadOnlyCollection<string> states, ulong after, int size)
    {
        var report = new WantsReport { Offset = view.Log.LastOffset };
        ulong last = 0;
        foreach (var (row, ended) in EndedWithPlace(view).Where(one => one.EndedAt > after && Passes(one.Row, states)))
        {
            if (report.Wants.Count == size)
            {
                return (report, last);
            }

            report.Wants.Add(row);
            last = ended;
        }

        return (report, null);
    }

    /// <summary>A want that ended; null if it did not, or never was.</summary>
    public static WantStatus? EndedWant(LogView view, string id) => Ended(view).LastOrDefault(want => want.WantId == id);

    private static bool Passes(WantStatus row, IReadOnlyCollection<string> states) => states.Count == 0 || states.Contains(row.State, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<WantStatus> Ended(LogView view) => EndedWithPlace(view).Select(one => one.Row);

    /// <summary>A child want ends with the last ref that waits for it, which no event says: those are told by the fold alone.</summary>
    private static IEnumerable<(WantStatus Row, ulong EndedAt)> EndedWithPlace(LogView view)
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
                    yield return (Row(made, "Canceled", e), stored.Offset);
                    break;
                case BuildEvent.EventOneofCase.WantEnd when open.Remove(e.WantEnd.WantId, out var made):
                    yield return (Row(made, e.WantEnd.State.ToString(), e), stored.Offset);
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
