using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>The caller expected everything to be up to date: one error that says how much of which job would run, and why the first of it.</summary>
internal static class Expectation
{
    private const int MostJobs = 10;
    private const int MostNamed = 3;

    public static Diagnostic NotMet(PlanReport plan)
    {
        string[] counts =
        [
            .. Counted(plan, plan.WillRun, "would run", row => row.WillRun),
            .. Counted(plan, plan.MayRun, "may run", row => row.MayRun),
            .. Counted(plan, plan.Blocked, "cannot be made", row => row.Blocked + row.Failed),
        ];
        var first = plan.Verdicts.OrderBy(verdict => verdict.WillRun ? 0 : verdict.MayRun ? 2 : 1).Take(MostNamed).Select(verdict => $"{verdict.Ref}, {verdict.Reason.ToText()}").ToList();
        long left = plan.WillRun + plan.MayRun + plan.Blocked - first.Count;
        string more = left > 0 ? FormattableString.Invariant($"; and {left} more") : "";
        return Rules.NotUpToDate.At($"everything was expected to be up to date, and {string.Join(", ", counts)}: {string.Join("; ", first)}{more}. Nothing was run; build without DataBuildExpectUpToDate to make it so");
    }

    private static IEnumerable<string> Counted(PlanReport plan, long count, string what, Func<JobRow, long> of)
    {
        if (count > 0)
        {
            var jobs = plan.Jobs.Where(row => of(row) > 0).Select(row => FormattableString.Invariant($"{row.Job} {of(row)}")).ToList();
            string more = jobs.Count > MostJobs ? FormattableString.Invariant($" and {jobs.Count - MostJobs} more jobs") : "";
            yield return FormattableString.Invariant($"{count} {(count == 1 ? "partition" : "partitions")} {what} ({string.Join(", ", jobs.Take(MostJobs))}{more})");
        }
    }
}
