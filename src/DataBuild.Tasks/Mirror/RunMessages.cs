using System.Globalization;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Mirror;

/// <summary>A run as one structured message: for people a line, for tools metadata and the whole report as JSON.</summary>
internal static class RunMessages
{
    public const string ExtendedType = "databuild.run";

    public static string Line(RunReport run)
    {
        var exit = run.HasExitCode ? "exit " + run.ExitCode.ToString(CultureInfo.InvariantCulture) : "no exit code";
        var refs = run.Refs.Count == 0 ? "nothing" : run.Refs.Count == 1 ? run.Refs[0] : $"{run.Refs[0]} and {run.Refs.Count - 1} more";
        return $"{run.Job}: {run.State}, {exit}, {Seconds(run)}, attempt {run.Attempt}: {refs}; {run.Reason}";
    }

    /// <summary>When the run ends, in the task that runs the engine: with the time that it has, and also in a build that is stopped or killed later.</summary>
    public static void LogExtended(IBuildEngine engine, string projectFile, RunReport run, string json) => LogExtended(engine, ExtendedType, Line(run), Metadata(projectFile, run), json);

    /// <summary>Embedded too, unless the build is stopped or killed before. Without what is long in it: that is for the embedded file.</summary>
    public static void LogExtended(IBuildEngine engine, string projectFile, PlanReport plan)
    {
        var counts = new PlanReport(plan);
        counts.Verdicts.Clear();
        LogExtended(engine, "databuild.plan", $"plan: {plan.WillRun} will run, {plan.MayRun} may run, {plan.UpToDate} up to date", Project(projectFile), JsonFormatter.Default.Format(counts));
    }

    public static void LogExtended(IBuildEngine engine, string projectFile, BuildResult result)
    {
        var brief = new BuildResult(result);
        brief.Diagnostics.Clear();
        LogExtended(engine, "databuild.result", $"result: {result.Outcome}", Project(projectFile), JsonFormatter.Default.Format(brief));
    }

    /// <summary>The facts of a run, a line each.</summary>
    public static IEnumerable<string> Facts(RunReport run)
    {
        yield return Line(run);
        if (run.Started is { } started)
        {
            yield return $"started: {Time(started)}";
        }

        foreach (var (reason, index) in run.Reasons.Select((reason, index) => (reason, index)))
        {
            yield return $"reason: {(run.Reasons.Count == 1 ? "" : run.Refs[index] + ": ")}{Data(reason)}";
        }

        if (run.Problem.Length > 0)
        {
            yield return $"failed: {run.Problem}";
        }

        foreach (var said in run.Diagnostics)
        {
            yield return $"said: {said.File}({said.Line},{said.Column}): {said.Severity} {said.Code}: {said.Text}";
        }

        if (run.Log.Length > 0)
        {
            yield return $"log: {run.Log}";
        }

        foreach (var read in run.Inputs)
        {
            yield return $"read: {read.Ref}{(read.Content.Length == 0 ? "" : $", content {read.Content}")}{(read.Was.Length == 0 ? "" : $", was {read.Was}")}";
        }

        if (run.InputsLeftOut > 0)
        {
            yield return $"read: and {run.InputsLeftOut} more";
        }
    }

    private static void LogExtended(IBuildEngine engine, string type, string text, Dictionary<string, string?> metadata, string json) =>
        engine.LogMessageEvent(new ExtendedBuildMessageEventArgs(type, text, null, null, MessageImportance.Low) { ExtendedMetadata = metadata, ExtendedData = json });

    private static Dictionary<string, string?> Project(string projectFile) => new(StringComparer.Ordinal) { ["project"] = projectFile };

    private static Dictionary<string, string?> Metadata(string projectFile, RunReport run) => new(StringComparer.Ordinal)
    {
        ["project"] = projectFile,
        ["runId"] = run.RunId,
        ["job"] = run.Job,
        ["refs"] = string.Join(";", run.Refs),
        ["state"] = run.State,
        ["reason"] = run.Reason,
        ["reasonKind"] = run.Reasons.FirstOrDefault()?.Kind.ToString(),
        ["reasonRef"] = run.Reasons.FirstOrDefault()?.Ref,
        ["was"] = run.Reasons.FirstOrDefault()?.Was,
        ["now"] = run.Reasons.FirstOrDefault()?.Now,
        ["attempt"] = run.Attempt.ToString(CultureInfo.InvariantCulture),
        ["started"] = run.Started is { } started ? Time(started) : null,
        ["durationMs"] = (run.Duration?.ToTimeSpan().TotalMilliseconds ?? 0).ToString("0.###", CultureInfo.InvariantCulture),
        ["exitCode"] = run.HasExitCode ? run.ExitCode.ToString(CultureInfo.InvariantCulture) : "",
        ["log"] = run.Log,
        ["problem"] = run.Problem,
    };

    /// <summary>What was compared, as data; the sentence is in the run's line.</summary>
    private static string Data(Reason reason)
    {
        (string Name, string Value)[] parts =
        [
            ("ref", reason.Ref), ("was", reason.Was), ("now", reason.Now), ("detail", reason.Detail), ("run", reason.RunId),
            ("event", reason.Offset == 0 ? "" : reason.Offset.ToString(CultureInfo.InvariantCulture)),
            ("more", reason.More == 0 ? "" : reason.More.ToString(CultureInfo.InvariantCulture)),
        ];
        return string.Join(", ", new[] { reason.Kind.ToString() }.Concat(parts.Where(part => part.Value.Length > 0).Select(part => $"{part.Name} {part.Value}")));
    }

    private static string Time(Timestamp time) => time.ToDateTimeOffset().ToString("O", CultureInfo.InvariantCulture);

    private static string Seconds(RunReport run) =>
        (run.Duration?.ToTimeSpan().TotalSeconds ?? 0).ToString("0.000", CultureInfo.InvariantCulture) + " s";
}
