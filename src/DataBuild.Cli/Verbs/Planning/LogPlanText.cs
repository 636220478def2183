using DataBuild.Cli.Output;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Planning;

/// <summary>A plan by another log, for a console.</summary>
internal static class LogPlanText
{
    private const int MostChanges = 20;
    private const int MostCauses = 20;

    public static void Write(Page page, string name, LogPlan plan)
    {
        page.Line($"{name} by the log {LogPlanWords.Log(plan)}");
        foreach (var change in plan.Changes.Take(MostChanges))
        {
            page.Line($"  {LogPlanWords.Change(change)}");
        }

        More(page, plan.Changes.Count - MostChanges, "change");
        if (plan.Jobs.Count > 0)
        {
            page.Line();
            page.Table(
                ["job", "will run", "may run", "runs", "mean time of a run"],
                [.. plan.Jobs.Select(job => (Word[])[new Word(job.Job), Say.Number(job.WillRun), Say.Number(job.MayRun), Say.Number(job.Runs), LogPlanWords.Mean(job)])],
                "  ");
        }

        if (plan.Causes.Count > 0)
        {
            page.Line();
            page.Table([.. plan.Causes.Take(MostCauses).Select(cause => (Word[])[new Word(cause.Job), Say.Number(cause.Partitions), $"{cause.Text}: {Say.FirstOf(cause.First, cause.Partitions)}"])]);
            More(page, plan.Causes.Count - MostCauses, "cause");
        }

        if (plan.Jobs.Count + plan.Changes.Count > 0)
        {
            page.Line();
        }

        page.Line(new Word(LogPlanWords.Summary(plan), plan.Plan.Blocked > 0 ? Tone.Bad : Tone.Plain));
        if (LogPlanWords.Time(plan) is { } time)
        {
            page.Line(time);
        }

        foreach (string note in LogPlanWords.Notes(plan))
        {
            page.Line(new Word(note, Tone.Dim));
        }
    }

    private static void More(Page page, int more, string what)
    {
        if (more > 0)
        {
            page.Line($"  and {Say.Count(more, what)} more; --json lists them");
        }
    }
}
