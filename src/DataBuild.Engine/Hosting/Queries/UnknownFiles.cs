using DataBuild.Engine.Files;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Partitions that are there as files and that the log has no live instance of: built after the backup that was restored, or put
/// there by somebody. They are neither trusted nor removed; the next build makes those anew that it wants, unless they are adopted.
/// </summary>
internal static class UnknownFiles
{
    private const int MostNamed = 20;

    /// <summary>Counting stops after so many.</summary>
    private const int MostLookedAt = 5_000_000;

    public static (long Count, List<string> First) In(string dataRoot, BuildState state)
    {
        long count = 0;
        var first = new List<string>();
        if (state.Graph is not { } graph)
        {
            return (count, first);
        }

        foreach (string @ref in DataRootWalk.Refs(dataRoot, graph).Take(MostLookedAt).Where(@ref => !(state.Refs.TryGet(@ref, out int id) && state[id].IsLive)))
        {
            count++;
            if (first.Count < MostNamed)
            {
                first.Add(@ref);
            }
        }

        return (count, first);
    }
}
