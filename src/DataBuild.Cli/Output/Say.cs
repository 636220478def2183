using System.Globalization;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Cli.Output;

/// <summary>Numbers, times and reasons as people read them, the same in every culture and time zone.</summary>
internal static partial class Say
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>An offset, run or code: a name, not a quantity.</summary>
    public static string Plain(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Count(long count, string noun) => $"{Number(count)} {noun}{(count == 1 ? "" : "s")}";

    public static string Time(Timestamp time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Seconds(Duration? duration)
    {
        var time = duration?.ToTimeSpan() ?? TimeSpan.Zero;
        return time.TotalSeconds < 120
            ? time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + "s"
            : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes}m{time.Seconds:00}s");
    }

    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => $"{Number(bytes)} B",
        < 10_000_000 => $"{Number(bytes / 1_000)} kB",
        _ => $"{Number(bytes / 1_000_000)} MB",
    };

    public static string First(string text, string rest) => rest.Length == 0 ? text : $"{text}, {rest}";

    /// <summary>What was compared and which event made the difference, beside the sentence.</summary>
    public static string Evidence(Reason reason)
    {
        var parts = new List<string>();
        if (reason.Was.Length > 0)
        {
            parts.Add($"was {reason.Was}");
        }

        if (reason.Now.Length > 0)
        {
            parts.Add($"now {reason.Now}");
        }

        if (reason.Offset > 0)
        {
            parts.Add($"event {Plain(reason.Offset)}");
        }

        if (reason.RunId.Length > 0)
        {
            parts.Add($"run {reason.RunId}");
        }

        return string.Join(", ", parts);
    }

    public static Tone ToneOf(RefState state) => state switch
    {
        RefState.Live => Tone.Good,
        RefState.Failed or RefState.UpstreamFailed => Tone.Bad,
        RefState.Stale or RefState.Suspect => Tone.Warning,
        _ => Tone.Plain,
    };
}
