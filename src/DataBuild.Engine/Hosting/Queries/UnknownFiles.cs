using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Partitions that are there as files and that the log has no live instance of: built after the backup that was restored, or put
/// there by somebody. They are neither trusted nor removed; the next build makes those anew that it wants, unless they are adopted.
/// </summary>
internal static class UnknownFiles
{
    private const int MostNamed = 20;

    /// <summary>Looking stops after so many files and folders.</summary>
    private const int MostLookedAt = 5_000_000;

    public static (long Count, List<string> First) In(string dataRoot, BuildState state)
    {
        long count = 0;
        var first = new List<string>();
        if (state.Graph is not { } graph || !Directory.Exists(dataRoot))
        {
            return (count, first);
        }

        foreach (string @ref in Refs(dataRoot, graph).Where(@ref => !(state.Refs.TryGet(@ref, out int id) && state[id].IsLive)))
        {
            count++;
            if (first.Count < MostNamed)
            {
                first.Add(@ref);
            }
        }

        return (count, first);
    }

    /// <summary>What is a partition, file or folder, is not looked into.</summary>
    private static IEnumerable<string> Refs(string dataRoot, GraphLookup graph)
    {
        int left = MostLookedAt;
        var folders = new Stack<string>([dataRoot]);
        while (folders.TryPop(out string? folder))
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
            {
                if (left-- == 0)
                {
                    yield break;
                }

                string @ref = Path.GetRelativePath(dataRoot, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
                if (graph.Find(@ref) is { IsSource: false })
                {
                    yield return @ref;
                }
                else if (entry is DirectoryInfo && entry.LinkTarget is null && entry.Name != DataRoot.Reserved)
                {
                    folders.Push(entry.FullName);
                }
            }
        }
    }
}
