using System.Text;
using DataBuild.Cli.Output;
using DataBuild.Tasks.Ci;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Planning;

/// <summary>A plan by another log as Markdown: for a job's summary, or a comment on the pull request.</summary>
internal static class LogPlanPage
{
    private const int MostRows = 100;

    public static string Of(string name, LogPlan plan)
    {
        var page = new StringBuilder($"### {Markdown.Text(name)}: what this change would rebuild\n\n");
        page.Append($"**{Markdown.Text(LogPlanWords.Summary(plan))}**");
        page.Append(LogPlanWords.Time(plan) is { } time ? $"  \n{Markdown.Text(time)}\n" : "\n");
        if (plan.Jobs.Count > 0)
        {
            page.Append("\n| job | will run | may run | runs | mean time of a run |\n| --- | ---: | ---: | ---: | ---: |\n");
            foreach (var job in plan.Jobs.Take(MostRows))
            {
                page.Append($"| {Markdown.Code(job.Job)} | {Say.Number(job.WillRun)} | {Say.Number(job.MayRun)} | {Say.Number(job.Runs)} | {LogPlanWords.Mean(job)} |\n");
            }

            More(page, plan.Jobs.Count, "jobs");
        }

        List(page, "Why", [.. plan.Causes.Select(cause => $"{Markdown.Code(cause.Job)}: {Markdown.Text($"{Say.Number(cause.Partitions)}, {cause.Text}")} ({Markdown.Code(cause.First)}{(cause.Partitions > 1 ? $" and {Say.Number(cause.Partitions - 1)} more" : "")})")]);
        List(page, "What differs from the log's graph", [.. plan.Changes.Select(change => Markdown.Text(LogPlanWords.Change(change)))]);
        page.Append('\n');
        foreach (string note in LogPlanWords.Notes(plan).Append($"by the log {LogPlanWords.Log(plan)}"))
        {
            page.Append($"<sub>{Markdown.Text(note)}</sub>  \n");
        }

        return page.Append('\n').ToString();
    }

    private static void List(StringBuilder page, string heading, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            page.Append($"\n{heading}:\n\n");
            foreach (string line in lines.Take(MostRows))
            {
                page.Append($"- {line}\n");
            }

            More(page, lines.Count, "");
        }
    }

    private static void More(StringBuilder page, int all, string what)
    {
        if (all > MostRows)
        {
            page.Append($"\nand {Say.Number(all - MostRows)} more {what}\n".Replace(" \n", "\n", StringComparison.Ordinal));
        }
    }
}
