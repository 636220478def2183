using System.Globalization;
using System.Text;

namespace DataBuild.Tasks.Ci;

/// <summary>Azure Pipelines: logging commands; a summary is a file that a command names.</summary>
internal sealed class AzurePipelines(string workspace, string summaryFolder) : CiSystem(workspace)
{
    public override string Annotation(CiIssue issue)
    {
        var properties = new StringBuilder("type=").Append(issue.IsError ? "error" : "warning").Append(';');
        if (issue.File.Length > 0)
        {
            properties.Append("sourcepath=").Append(Property(Shown(issue.File))).Append(';');
        }

        if (issue.Line > 0)
        {
            properties.Append("linenumber=").Append(issue.Line.ToString(CultureInfo.InvariantCulture)).Append(';');
        }

        if (issue.Column > 0)
        {
            properties.Append("columnnumber=").Append(issue.Column.ToString(CultureInfo.InvariantCulture)).Append(';');
        }

        if (issue.Code.Length > 0)
        {
            properties.Append("code=").Append(Property(issue.Code)).Append(';');
        }

        return $"##vso[task.logissue {properties}]{Data(issue.Text)}";
    }

    public override string Notice(string text) => text;

    /// <summary>Its task for .NET brings a logger of its own, and then no annotations are asked for; lines are not searched.</summary>
    public override bool ReadsFromMSBuild(CiIssue issue, string project) => false;

    /// <summary>The file is read when the agent comes to it: each summary has one of its own, in a folder that ends with the job.</summary>
    public override string? Summarise(string markdown)
    {
        if (summaryFolder.Length == 0)
        {
            return null;
        }

        Directory.CreateDirectory(summaryFolder);
        var file = Path.Combine(summaryFolder, $"databuild-{Guid.NewGuid():N}.md");
        File.WriteAllText(file, Markdown.Fit(markdown, MostBytes), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return $"##vso[task.uploadsummary]{Data(file)}";
    }

    private static string Data(string text) => text.Replace("%", "%AZP25").Replace("\r", "%0D").Replace("\n", "%0A");

    private static string Property(string text) => Data(text).Replace("]", "%5D").Replace(";", "%3B");
}
