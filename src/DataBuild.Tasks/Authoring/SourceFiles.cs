using System.Text.RegularExpressions;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Tasks.Authoring;

/// <summary>A job's Sources: globs below the project's folder, expanded. Metadata is not expanded by MSBuild.</summary>
internal static class SourceFiles
{
    public static IEnumerable<string> Expand(string sources, ProjectPaths paths, JobDefinition job, AuthoringReport report)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in sources.Split(';').Select(part => part.Trim().Replace('\\', '/')).Where(part => part.Length > 0))
        {
            if (source.IndexOfAny(['*', '?']) < 0)
            {
                // A missing literal file stays: the engine names it.
                files.Add(paths.Relative(source));
                continue;
            }

            var before = files.Count;
            files.UnionWith(Matches(source, paths));
            if (files.Count == before)
            {
                report.Add(Rules.SourcesMatchNothing,
                    $"Sources '{source}' of job '{job.Label}' match no file below {paths.Full(Root(source))}; correct the glob or remove it", job.Origin);
            }
        }

        return files;
    }

    private static IEnumerable<string> Matches(string glob, ProjectPaths paths)
    {
        var root = paths.Full(Root(glob));
        if (!Directory.Exists(root))
        {
            return [];
        }

        var pattern = new Regex(ToRegex(paths.Relative(root), glob.Substring(Root(glob).Length)), RegexOptions.CultureInvariant);
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(paths.Relative)
            .Where(file => pattern.IsMatch(file));
    }

    /// <summary>The folders before the first one with a wildcard, with a slash at the end unless empty.</summary>
    private static string Root(string glob)
    {
        var slash = glob.LastIndexOf('/', glob.IndexOfAny(['*', '?']));
        return glob.Substring(0, slash + 1);
    }

    private static string ToRegex(string root, string glob)
    {
        var pattern = Regex.Escape(glob)
            .Replace(@"\*\*/", "(?:.*/)?")
            .Replace(@"\*\*", ".*")
            .Replace(@"\*", "[^/]*")
            .Replace(@"\?", "[^/]");
        return "^" + (root == "." ? "" : Regex.Escape(root) + "/") + pattern + "$";
    }
}
