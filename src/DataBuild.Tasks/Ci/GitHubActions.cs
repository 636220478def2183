using System.Globalization;
using System.Text.RegularExpressions;

namespace DataBuild.Tasks.Ci;

/// <summary>GitHub Actions: workflow commands on the log, a file for the step's summary.</summary>
internal sealed class GitHubActions(string workspace, string summaryFile) : CiSystem(workspace)
{
    public override string Annotation(CiIssue issue)
    {
        var properties = new List<string>();
        if (issue.File.Length > 0)
        {
            properties.Add("file=" + Property(Shown(issue.File)));
        }

        if (issue.Line > 0)
        {
            properties.Add("line=" + issue.Line.ToString(CultureInfo.InvariantCulture));
        }

        if (issue.Column > 0)
        {
            properties.Add("col=" + issue.Column.ToString(CultureInfo.InvariantCulture));
        }

        if (issue.Code.Length > 0)
        {
            properties.Add("title=" + Property(issue.Code));
        }

        return $"::{(issue.IsError ? "error" : "warning")} {string.Join(",", properties)}::{Data(issue.Text)}";
    }

    public override string Notice(string text) => $"::notice title=DataBuild::{Data(text)}";

    /// <summary>
    /// The matcher of actions/setup-dotnet wants a line and, at the end, the project in brackets; MSBuild leaves that out where the
    /// file is the project itself.
    /// </summary>
    public override bool ReadsFromMSBuild(CiIssue issue, string project) =>
        issue.File.Length > 0 && issue.File != project && issue.Line > 0 && Regex.IsMatch(issue.Code, "^[a-zA-Z]+(?<!MSB)[0-9]+$");

    public override string? Summarise(string markdown)
    {
        if (summaryFile.Length > 0)
        {
            SharedFile.Append(summaryFile, written => Markdown.Fit(markdown, MostBytes - written));
        }

        return null;
    }

    private static string Data(string text) => text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");

    private static string Property(string text) => Data(text).Replace(":", "%3A").Replace(",", "%2C");
}
