namespace DataBuild.Engine.Files;

/// <summary>The folders, relative to a run's directory, that the outputs of its refs lie in.</summary>
internal sealed class RunFolders
{
    private readonly List<string> shortestFirst;
    private readonly HashSet<string> all = new(StringComparer.Ordinal);

    private RunFolders(IReadOnlyList<string> refs)
    {
        foreach (var @ref in refs)
        {
            var folder = PartitionPath.FolderOf(@ref);
            while (folder.Length > 0 && all.Add(folder))
            {
                folder = PartitionPath.FolderOf(folder);
            }
        }

        shortestFirst = [.. all];
        shortestFirst.Sort(static (one, other) => one.Length != other.Length ? one.Length - other.Length : string.CompareOrdinal(one, other));
        Key = string.Join('\n', shortestFirst);
    }

    /// <summary>Equal for equal folders.</summary>
    public string Key { get; }

    /// <summary>Each after the one that it lies in.</summary>
    public IReadOnlyList<string> Paths => shortestFirst;

    public static RunFolders Of(IReadOnlyList<string> refs) => new(refs);

    public bool Contains(string path) => all.Contains(path);
}
