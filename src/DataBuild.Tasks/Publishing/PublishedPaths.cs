using DataBuild.V1;

namespace DataBuild.Tasks.Publishing;

/// <summary>
/// Where the files of a graph lie in its published folder: those of the project as they do in its own folder, those of a project that
/// it references below references/NAME/.
/// </summary>
internal sealed class PublishedPaths(ProjectPaths paths)
{
    public const string References = "references";

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The folder that stands for this one of a referenced project; empty for that of the project itself.</summary>
    public string Home(string folder, string project)
    {
        if (folder.Length == 0)
        {
            return "";
        }

        if (!_names.TryGetValue(folder, out var name))
        {
            name = UniqueName.Among(_names.Values, Path.GetFileNameWithoutExtension(project));
            _names[folder] = name;
        }

        return References + "/" + name;
    }

    /// <summary>A path of a declaration, in the published folder. What lies outside its project's folder keeps its place beside that.</summary>
    public string Map(string path, string folder, Origin origin)
    {
        if (folder.Length == 0 || Path.IsPathRooted(path))
        {
            return path;
        }

        var home = new ProjectPaths(Path.Combine(paths.Full(folder), "any"));
        var published = new ProjectPaths(Path.Combine(paths.Folder, Home(folder, origin.Project), "any"));
        return paths.Relative(published.Full(home.Relative(paths.Full(path))));
    }

    /// <summary>Whether a file lies in the folder of the project that names it, and so goes along.</summary>
    public bool IsWithin(string path, string folder) =>
        !Path.IsPathRooted(path) && !new ProjectPaths(Path.Combine(paths.Full(folder), "any")).Relative(paths.Full(path)).StartsWith("..", StringComparison.Ordinal);
}
