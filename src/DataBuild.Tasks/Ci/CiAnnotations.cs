using System.Globalization;

namespace DataBuild.Tasks.Ci;

/// <summary>
/// The annotations of one build: what the system would not see by itself, as many as it shows. Engine threads may call it at the same
/// time.
/// </summary>
/// <param name="system">Where the build runs.</param>
/// <param name="project">Full path of the project.</param>
/// <param name="inMSBuild">MSBuild prints what is annotated as well.</param>
/// <param name="silent">Codes of warnings that nobody wants to see.</param>
/// <param name="say">Writes a line of the log.</param>
internal sealed class CiAnnotations(CiSystem system, string project, bool inMSBuild, IEnumerable<string> silent, Action<string> say)
{
    /// <summary>Of errors and of warnings, each: GitHub shows no more of one step.</summary>
    public const int Most = 10;

    private readonly HashSet<string> _silent = new(silent, StringComparer.OrdinalIgnoreCase);
    private readonly object _gate = new();
    private long _errors;
    private long _warnings;

    public void Add(CiIssue issue)
    {
        if ((!issue.IsError && _silent.Contains(issue.Code)) || (inMSBuild && system.ReadsFromMSBuild(issue, project)))
        {
            return;
        }

        lock (_gate)
        {
            if ((issue.IsError ? ++_errors : ++_warnings) <= Most)
            {
                say(system.Annotation(issue));
            }
        }
    }

    /// <summary>Says how many were left out, if any were.</summary>
    public void End()
    {
        lock (_gate)
        {
            var (errors, warnings) = (Math.Max(0, _errors - Most), Math.Max(0, _warnings - Most));
            if (errors + warnings > 0)
            {
                say(system.Notice(string.Format(CultureInfo.InvariantCulture, "{0} more errors and {1} more warnings are in the log", errors, warnings)));
            }

            (_errors, _warnings) = (0, 0);
        }
    }
}
