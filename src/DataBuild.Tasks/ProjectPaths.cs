namespace DataBuild.Tasks;

/// <summary>Paths relative to the project's folder, never to the current directory.</summary>
internal sealed class ProjectPaths(string projectFile)
{
    public string Folder { get; } = Path.GetDirectoryName(projectFile)!;

    public string Full(string path)
    {
        var combined = Path.Combine(Folder, path);
#pragma warning disable RS0030 // The path is rooted by the project's folder, so the current directory is not looked at.
        return Path.GetFullPath(combined);
#pragma warning restore RS0030
    }

    /// <summary>A folder's full path, without a slash at its end.</summary>
    public string FullFolder(string path)
    {
        var full = Full(path);
        var trimmed = full.TrimEnd(Separators);
        return trimmed.Length == 0 ? full : trimmed;
    }

    /// <summary>As written into the graph: relative with slashes, so that the same project in another folder is the same graph.</summary>
    public string Relative(string path)
    {
        var full = Full(path);
        var from = Folder.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var to = full.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var comparison = Path.DirectorySeparatorChar == '\\' ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        var common = 0;
        while (common < from.Length && common < to.Length && string.Equals(from[common], to[common], comparison))
        {
            common++;
        }

        if (common == 0 && Path.DirectorySeparatorChar == '\\')
        {
            return full.Replace('\\', '/');
        }

        var parts = Enumerable.Repeat("..", from.Length - common).Concat(to.Skip(common));
        var relative = string.Join("/", parts);
        return relative.Length == 0 ? "." : relative;
    }

    private static readonly char[] Separators = Path.DirectorySeparatorChar == '\\' ? ['\\', '/'] : ['/'];
}
