using System.Text.RegularExpressions;
using DataBuild.V1;

namespace DataBuild.Cli.Binlog;

/// <summary>Which runs to tell of; all where nothing is said.</summary>
internal sealed class RunChoice(IReadOnlyList<string> jobs, IReadOnlyList<string> refs, bool failed)
{
    private readonly List<Regex> globs = [.. refs.Select(Glob)];

    public bool IsAll => jobs.Count == 0 && refs.Count == 0 && !failed;

    public bool Chooses(RunReport run) =>
        (jobs.Count == 0 || jobs.Contains(run.Job, StringComparer.OrdinalIgnoreCase))
        && (globs.Count == 0 || run.Refs.Any(@ref => globs.Exists(glob => glob.IsMatch(@ref))))
        && (!failed || run.State is "Failed" or "Lost");

    /// <summary>`*` is within a segment, `**` across; not backtracking, for what it is matched with may be anybody's.</summary>
    private static Regex Glob(string glob) =>
        new($"^{Regex.Escape(glob).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
