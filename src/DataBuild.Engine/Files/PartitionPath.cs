using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Files;

/// <summary>
/// The last check before a ref becomes a path. The graph has refused bad refs long before; this one makes sure that no mistake
/// elsewhere lets a partition be written outside the data root.
/// </summary>
internal static class PartitionPath
{
    public static void Require(string @ref)
    {
        if (!IsWithin(@ref))
        {
            throw new DataBuildException(
                Rules.RefLeavesDataRoot,
                $"partition '{Printable(@ref)}' would lie outside the data root or in its reserved folder '{DataRoot.Reserved}'; rename it");
        }
    }

    public static bool IsWithin(ReadOnlySpan<char> path)
    {
        if (path.IndexOfAnyInRange('\0', '\x1f') >= 0 || path.IndexOfAny('\\', '\x7f') >= 0)
        {
            return false;
        }

        var first = true;
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment is "" or "." or ".." || (first && segment.Equals(DataRoot.Reserved, StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }

            first = false;
        }

        return true;
    }

    /// <summary>The folder a ref lies in; empty for the data root itself.</summary>
    public static string FolderOf(string @ref)
    {
        var slash = @ref.LastIndexOf('/');
        return slash < 0 ? "" : @ref[..slash];
    }

    private static string Printable(string @ref) => string.Concat(@ref.Select(c => char.IsControl(c) ? '\ufffd' : c));
}
