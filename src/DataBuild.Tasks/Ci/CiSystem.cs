namespace DataBuild.Tasks.Ci;

/// <summary>A CI system that takes annotations on its log and a summary in Markdown.</summary>
/// <param name="workspace">Full path of the checkout, which paths are shown relative to; empty if that is not known.</param>
internal abstract class CiSystem(string workspace)
{
    /// <summary>What a summary may take at most, in bytes of UTF-8: GitHub's limit for one step. Azure names none.</summary>
    public const int MostBytes = 1 << 20;

    /// <param name="name">github, azure, or empty for neither.</param>
    /// <param name="workspace">Full path of the checkout; may be empty.</param>
    /// <param name="summary">Where summaries go: GitHub's file for them, a folder for Azure. None are written where it is empty.</param>
    public static CiSystem? Named(string name, string workspace, string summary) => name switch
    {
        "github" => new GitHubActions(workspace, summary),
        "azure" => new AzurePipelines(workspace, summary),
        _ => null,
    };

    /// <summary>The line of the log that makes an annotation.</summary>
    public abstract string Annotation(CiIssue issue);

    /// <summary>The line that says how many more there are.</summary>
    public abstract string Notice(string text);

    /// <summary>The system makes an annotation of the line that MSBuild itself prints for this.</summary>
    public abstract bool ReadsFromMSBuild(CiIssue issue, string project);

    /// <summary>Hands over a summary. The line of the log that this takes; null if it takes none.</summary>
    /// <exception cref="IOException">It could not be written; or UnauthorizedAccessException.</exception>
    public abstract string? Summarise(string markdown);

    /// <summary>A path as the system knows the file.</summary>
    public string Shown(string file)
    {
        var folder = workspace.TrimEnd('/', '\\');
        var inside = folder.Length > 0 && file.Length > folder.Length + 1 && file.StartsWith(folder, StringComparison.Ordinal) && file[folder.Length] is '/' or '\\';
        return inside ? file.Substring(folder.Length + 1).Replace('\\', '/') : file;
    }
}
