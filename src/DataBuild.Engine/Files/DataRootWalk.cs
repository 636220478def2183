using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Files;

/// <summary>Finds what lies in a data root under the name of a partition.</summary>
internal static class DataRootWalk
{
    /// <summary>
    /// Files and folders whose path is a partition's name, in order. Links to folders are not followed: they may lead anywhere, also
    /// back to where one came from.
    /// </summary>
    public static IEnumerable<string> Refs(string root, GraphLookup graph)
    {
        if (!Directory.Exists(root))
        {
            yield break;
        }

        var left = new Stack<string>([""]);
        while (left.TryPop(out string? folder))
        {
            var below = new List<string>();
            foreach (var entry in Entries(Path.Join(root, folder)))
            {
                string path = folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}";
                if (!PartitionPath.IsWithin(path))
                {
                    continue;
                }

                if (graph.Find(path) is { IsSource: false })
                {
                    yield return path;
                }
                else if (entry is DirectoryInfo { LinkTarget: null })
                {
                    below.Add(path);
                }
            }

            below.Reverse();
            below.ForEach(left.Push);
        }
    }

    private static IEnumerable<FileSystemInfo> Entries(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageError.Unreadable(folder, e.Message);
        }
    }
}
