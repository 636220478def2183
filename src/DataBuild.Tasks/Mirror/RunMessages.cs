using System.Globalization;
using DataBuild.V1;
using Google.Protobuf;
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

    public static void LogExtended(IBuildEngine engine, RunReport run) =>
        engine.LogMessageEvent(new ExtendedBuildMessageEventArgs(ExtendedType, Line(run), null, null, MessageImportance.Low)
        {
            ExtendedMetadata = Metadata(run),
            ExtendedData = JsonFormatter.Default.Format(run),
        });

    private static Dictionary<string, string?> Metadata(RunReport run) => new(StringComparer.Ordinal)
    {
        ["runId"] = run.RunId,
        ["job"] = run.Job,
        ["refs"] = string.Join(";", run.Refs),
        ["state"] = run.State,
        ["reason"] = run.Reason,
        ["attempt"] = run.Attempt.ToString(CultureInfo.InvariantCulture),
        ["started"] = run.Started?.ToDateTimeOffset().ToString("O", CultureInfo.InvariantCulture),
        ["durationMs"] = (run.Duration?.ToTimeSpan().TotalMilliseconds ?? 0).ToString("0.###", CultureInfo.InvariantCulture),
        ["exitCode"] = run.HasExitCode ? run.ExitCode.ToString(CultureInfo.InvariantCulture) : "",
        ["log"] = run.Log,
    };

    private static string Seconds(RunReport run) =>
        (run.Duration?.ToTimeSpan().TotalSeconds ?? 0).ToString("0.000", CultureInfo.InvariantCulture) + " s";
}
