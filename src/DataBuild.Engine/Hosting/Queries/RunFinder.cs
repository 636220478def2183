using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>From what somebody wrote of a run's id, its beginning or its end, to the one run that is meant.</summary>
internal static class RunFinder
{
    private const int WholeLength = 36;
    private const int MostNamed = 10;

    public static RunEvents Find(LogView view, string written)
    {
        var found = new List<RunEvents>();
        int more = 0;
        foreach (var run in RunEvents.Newest(Backwards.Read(view.Log, view.Log.LastOffset)).Where(run => IsMeant(run.Queue.RunId, written)))
        {
            if (written.Length == WholeLength)
            {
                return run;
            }

            if (found.Count < MostNamed)
            {
                found.Add(run);
            }
            else
            {
                more++;
            }
        }

        return found switch
        {
            [] => throw new DataBuildException(
                Rules.NoSuchRun, $"no run in '{view.Place.Show(view.Place.Log)}' has an id that begins or ends with '{written}'; see `databuild runs`"),
            [var one] => one,
            _ => throw new DataBuildException(
                Rules.AmbiguousRun,
                $"{found.Count + more} runs have ids that begin or end with '{written}': {string.Join(", ", found.Select(run => $"{run.Queue.RunId} ({run.Queue.Job})"))}{(more > 0 ? $" and {more} more" : "")}; give more of the id"),
        };
    }

    private static bool IsMeant(string id, string written) =>
        written.Length > 0 && (id.StartsWith(written, StringComparison.OrdinalIgnoreCase) || id.EndsWith(written, StringComparison.OrdinalIgnoreCase));
}
