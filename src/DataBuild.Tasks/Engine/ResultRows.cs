using System.Globalization;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace DataBuild.Tasks.Engine;

/// <summary>Results and plans as items, for -getTargetResult.</summary>
internal static class ResultRows
{
    public static ITaskItem[] Of(BuildResult result) => [.. result.Wants.Select(Of), .. result.Jobs.Select(Of)];

    public static ITaskItem[] Of(PlanReport plan) => [.. plan.Verdicts.Select(Of)];

    private static TaskItem Of(WantRow want) => Row(want.Partitions, "Want",
        ("WantId", want.WantId), ("State", want.State), ("Total", Text(want.Total)), ("Live", Text(want.Live)),
        ("Failed", Text(want.Failed)), ("Blocked", Text(want.Blocked)), ("NotDue", Text(want.NotDue)));

    private static TaskItem Of(JobRow job) => Row(job.Job, "Job",
        ("Built", Text(job.Built)), ("Failed", Text(job.Failed)), ("Blocked", Text(job.Blocked)), ("UpToDate", Text(job.UpToDate)),
        ("Runs", Text(job.Runs)), ("Missed", Text(job.Missed)), ("WallMs", Milliseconds(job.Wall)),
        ("WillRun", Text(job.WillRun)), ("MayRun", Text(job.MayRun)));

    private static TaskItem Of(Verdict verdict) => Row(verdict.Ref, "Verdict",
        ("Job", verdict.Job), ("State", verdict.State.ToString()), ("WillRun", verdict.WillRun ? "true" : "false"), ("MayRun", verdict.MayRun ? "true" : "false"),
        ("Reason", verdict.Reason?.Kind.ToString() ?? ""), ("ReasonRef", verdict.Reason?.Ref ?? ""), ("Was", verdict.Reason?.Was ?? ""),
        ("Now", verdict.Reason?.Now ?? ""), ("Detail", verdict.Reason?.Detail ?? ""));

    private static TaskItem Row(string identity, string kind, params (string Name, string Value)[] metadata)
    {
        var row = new TaskItem(MSBuildText.Escape(identity));
        row.SetMetadata("Kind", kind);
        foreach (var (name, value) in metadata)
        {
            row.SetMetadata(name, MSBuildText.Escape(value));
        }

        return row;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(Duration? duration) => Text((long)(duration?.ToTimeSpan().TotalMilliseconds ?? 0));
}
