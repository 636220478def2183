using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.RunLogs;

/// <summary>
/// What is remembered of the last time that logs of runs were removed, beside them: when all of them were looked at, how many stayed, and by which
/// limits. Builds tell by it whether to look again, and who asks for a log that is gone, why. It may be deleted at any time.
/// </summary>
internal sealed record RunLogNote(DateTimeOffset At, long Folders, string Limits)
{
    private const string FileName = "kept";

    /// <summary>Null if there is none that can be read.</summary>
    public static RunLogNote? Read(string runs)
    {
        try
        {
            string[] lines = File.ReadAllLines(Path.Combine(runs, FileName));
            return lines.Length == 3
                && DateTimeOffset.TryParse(lines[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                && long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long folders)
                ? new RunLogNote(at, folders, lines[2])
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The warning, where it could not be written: logs are then looked at more often than need be.</summary>
    public Diagnostic? Write(string runs)
    {
        string file = Path.Combine(runs, FileName);
        try
        {
            File.WriteAllLines(file + ".new", [At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), Folders.ToString(CultureInfo.InvariantCulture), Limits]);
            File.Move(file + ".new", file, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Rules.RunLogsStay.At($"'{file}' cannot be written ({e.Message.TrimEnd('.')}), so that the logs of runs are looked at more often than need be; {Rules.RunLogsStay.Cure}");
        }
    }

    /// <summary>Why the log of a run is not there any more.</summary>
    public static string WhyGone(string stateDirectory) => Read(Path.Combine(stateDirectory, "runs")) is { } note
        ? $"removed since: logs of runs are kept for {note.Limits} (DataBuildRunLogAge, DataBuildRunLogSize)"
        : "not there any more";
}
