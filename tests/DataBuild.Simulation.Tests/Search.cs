using System.Globalization;

namespace DataBuild.Simulation.Tests;

/// <summary>Looks for a seed that fails, and makes what it found smaller.</summary>
internal static class Search
{
    /// <summary>The lowest of the seeds that fails, shrunk; null if none does.</summary>
    public static Found? Failing(IEnumerable<int> seeds, Bug bug, Coverage coverage)
    {
        Found? first = null;
        var gate = new Lock();
        Parallel.ForEach(seeds, (seed, state) =>
        {
            if (Try(seed, [], bug, coverage) is { } error)
            {
                lock (gate)
                {
                    first = first is null || seed < first.Seed ? new Found(seed, [], error) : first;
                }

                state.Break();
            }
        });
        return first is null ? null : Shrunk(first, bug);
    }

    /// <summary>Leaves out what happens, one by one, as long as it fails all the same.</summary>
    private static Found Shrunk(Found found, Bug bug)
    {
        int count = new Scenario(found.Seed).Count;
        for (int number = count - 1; number >= 0; number--)
        {
            HashSet<int> without = [.. found.Without, number];
            if (Try(found.Seed, without, bug, new Coverage()) is { } error)
            {
                found = new Found(found.Seed, without, error);
            }
        }

        return found;
    }

    private static Exception? Try(int seed, HashSet<int> without, Bug bug, Coverage coverage)
    {
        var world = new World(new Scenario(seed, without), bug, coverage);
        try
        {
            world.Live();
            return null;
        }
        catch (Exception e)
        {
            e.Data["trace"] = string.Join('\n', world.Trace.TakeLast(25));
            return e;
        }
    }

    /// <summary>A scenario that fails, without what it fails without.</summary>
    internal sealed record Found(int Seed, HashSet<int> Without, Exception Error)
    {
        public string Report()
        {
            string left = string.Join('\n', new Scenario(Seed, Without).Happenings.Select(one => string.Create(CultureInfo.InvariantCulture, $"  from effect {one.At}: {one.What}")));
            string again = $"DATABUILD_SIMULATION={Seed}{(Without.Count > 0 ? $" DATABUILD_SIMULATION_WITHOUT={string.Join(',', Without.Order())}" : "")}";
            return $"{again}\n{Error}\nhappenings left:\n{left}\nlast effects:\n{Error.Data["trace"]}";
        }
    }
}
