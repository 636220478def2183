using System.Globalization;
using System.Text;
using DataBuild.Tasks.Positions;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Tasks.Ci;

/// <summary>What a build or a plan came to, as a page of Markdown for those who look at the CI run and not at its log.</summary>
internal static class BuildPage
{
    private const int MostErrors = 100;

    /// <param name="name">The project's name.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="place">Where an error is: file as it is shown, and line.</param>
    /// <param name="ask">The command that asks about a project's partitions, without a verb.</param>
    public static string Of(string name, BuildResult result, Func<Diagnostic, Place> place, string ask)
    {
        var page = new StringBuilder();
        page.Append("### ").Append(Markdown.Text(name)).Append("\n\n").Append(Markdown.Text(result.Summary)).Append('\n');
        var isPlan = result.Outcome == BuildOutcome.Planned || result.Jobs.Any(job => job.WillRun + job.MayRun > 0 && job.Runs == 0);
        Table(page, result, isPlan && result.Runs == 0);
        Errors(page, result, place, ask);
        return page.Append('\n').ToString();
    }

    private static void Table(StringBuilder page, BuildResult result, bool isPlan)
    {
        (string Name, Func<JobRow, string> Of)[] columns = isPlan
            ? [("will run", row => Number(row.WillRun)), ("may run", row => Number(row.MayRun)), ("up to date", row => Number(row.UpToDate)), ("cannot be made", row => Number(row.Failed + row.Blocked))]
            : [("built", row => Number(row.Built)), ("failed", row => Number(row.Failed)), ("blocked", row => Number(row.Blocked)), ("up to date", row => Number(Math.Max(0, row.UpToDate - row.Built))), ("runs", row => Number(row.Runs)), ("time", row => row.Runs > 0 ? Time(row.Wall) : "")];
        var rows = result.Jobs.Select(row => (row.Job, Cells: columns.Select(column => column.Of(row)).ToList())).Where(row => row.Cells.Exists(cell => cell.Length > 0)).ToList();
        if (rows.Count == 0)
        {
            return;
        }

        page.Append("\n| job |").Append(string.Concat(columns.Select(column => $" {column.Name} |"))).Append("\n| --- |").Append(string.Concat(columns.Select(_ => " ---: |"))).Append('\n');
        foreach (var (job, cells) in rows)
        {
            page.Append("| ").Append(Markdown.Code(job)).Append(" |").Append(string.Concat(cells.Select(cell => $" {cell} |"))).Append('\n');
        }
    }

    private static void Errors(StringBuilder page, BuildResult result, Func<Diagnostic, Place> place, string ask)
    {
        var errors = result.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).ToList();
        if (errors.Count == 0)
        {
            return;
        }

        page.Append('\n');
        foreach (var error in errors.Take(MostErrors))
        {
            var at = place(error);
            var where = at.File.Length == 0 ? "" : at.Line > 0 ? $" ({Markdown.Code(string.Format(CultureInfo.InvariantCulture, "{0}:{1}", at.File, at.Line))})" : $" ({Markdown.Code(at.File)})";
            page.Append("- **").Append(Markdown.Text(error.Code.Length > 0 ? error.Code : "error")).Append("** ").Append(Markdown.Text(error.Text)).Append(where).Append('\n');
        }

        if (errors.Count > MostErrors)
        {
            page.Append("- and ").Append(Number(errors.Count - MostErrors)).Append(" more errors, in the log\n");
        }

        if (result.Outcome != BuildOutcome.Invalid)
        {
            page.Append("\nWhy a partition is as it is, from the log alone: ").Append(Markdown.Code($"{ask} why PARTITION")).Append('\n');
        }
    }

    private static string Number(long number) => number == 0 ? "" : number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(Duration? duration)
    {
        var time = duration?.ToTimeSpan() ?? TimeSpan.Zero;
        return time.TotalMinutes < 2
            ? string.Format(CultureInfo.InvariantCulture, "{0:0.0}s", time.TotalSeconds)
            : string.Format(CultureInfo.InvariantCulture, "{0}m{1:00}s", (long)time.TotalMinutes, time.Seconds);
    }
}
