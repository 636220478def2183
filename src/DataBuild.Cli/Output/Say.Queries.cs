using System.Globalization;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Cli.Output;

/// <summary>What several verbs show the same way.</summary>
internal static partial class Say
{
    /// <summary>The random end of a run's id: ids begin with the time and so begin alike. `databuild run` takes it.</summary>
    public static string Short(string runId) => runId.Length > 8 ? runId[^8..] : runId;

    public static string TimeOrNothing(Timestamp? time) => time is null ? "" : Time(time);

    public static string SecondsOrNothing(Duration? duration) => duration is null ? "" : Seconds(duration);

    public static Tone ToneOfRun(string state) => state switch
    {
        "Succeeded" => Tone.Good,
        "Failed" or "Lost" => Tone.Bad,
        "Canceled" or "Unknown" => Tone.Warning,
        _ => Tone.Plain,
    };

    public static Tone ToneOfWant(string state) => state switch
    {
        "Successful" => Tone.Good,
        "Failed" or "UpstreamFailed" => Tone.Bad,
        "Expired" or "Canceled" => Tone.Warning,
        _ => Tone.Plain,
    };

    /// <summary>"Failed, exit 3, attempt 2".</summary>
    public static string How(RunRow run)
    {
        // A run that lacks inputs says so by its exit code too: that is no news beside its state.
        string exit = run.HasExitCode && run.ExitCode != 0 && run.State != "MissedDeps" ? $", exit {Plain(run.ExitCode)}" : run.Signal != 0 ? $", signal {Plain(run.Signal)}" : "";
        return $"{run.State}{exit}{(run.Attempt > 1 ? $", attempt {Plain(run.Attempt)}" : "")}";
    }

    public static string FirstOf(string first, long count) => count > 1 ? $"{first} and {Number(count - 1)} more" : first;

    /// <summary>What is not live, in words, each after a comma.</summary>
    public static string Rest(RefCounts refs)
    {
        (long Count, string What)[] counts =
        [
            (refs.Stale, "stale"), (refs.Suspect, "suspect"), (refs.Building, "building"), (refs.Ready, "ready"), (refs.Waiting, "waiting"), (refs.Failed, "failed"),
            (refs.UpstreamFailed, "blocked"), (refs.NotDue, "not due yet"), (refs.Expired, "expired"), (refs.Untouched, "not built, nothing known"),
        ];
        return string.Concat(counts.Where(count => count.Count > 0).Select(count => $", {Number(count.Count)} {count.What}"));
    }

    /// <summary>A ref's state in a table: the enum's name, for each is a word of its own.</summary>
    public static string Name(RefState state) => string.Create(CultureInfo.InvariantCulture, $"{state}");
}
