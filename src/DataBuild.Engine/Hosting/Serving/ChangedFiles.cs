using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>What paths that changed are: partitions and sources of the graph, or files of which jobs or the project may be made.</summary>
internal static class ChangedFiles
{
    private static readonly string[] projectFiles = [".dbproj", ".props", ".targets", ".csproj", ".fsproj", ".vbproj", ".cs", ".fs", ".vb"];

    /// <summary>Refs that these paths belong to. A folder may be a partition, and so may be what lies around a file.</summary>
    public static IEnumerable<string> Refs(IReadOnlyCollection<string> paths, Workspace workspace, GraphLookup graph, Reconciler reconciler)
    {
        string root = workspace.DataRoot + "/";
        var others = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            if (!path.StartsWith(root, StringComparison.Ordinal))
            {
                others.Add(path);
                continue;
            }

            for (string @ref = path[root.Length..]; @ref.Length > 0; @ref = @ref.LastIndexOf('/') is > 0 and var slash ? @ref[..slash] : "")
            {
                if (graph.Find(@ref) is { IsSource: false })
                {
                    yield return @ref;
                }
            }
        }

        if (others.Count == 0)
        {
            yield break;
        }

        foreach (string @ref in reconciler.Watched)
        {
            if (graph.Find(@ref) is { IsSource: true } source && others.Contains(Path.GetFullPath(source.SourcePath(@ref), workspace.ProjectFolder)))
            {
                yield return @ref;
            }
        }
    }

    /// <summary>The project, or a .NET project of its jobs, may be another one now: MSBuild has to say.</summary>
    public static bool MayBeOfProject(IReadOnlyCollection<string> paths, Workspace workspace) => paths.Any(path =>
        !path.StartsWith(workspace.DataRoot + "/", StringComparison.Ordinal) && (projectFiles.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) || Path.GetFileName(path) == "global.json"));
}
