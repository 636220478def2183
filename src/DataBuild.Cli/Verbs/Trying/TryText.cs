using System.Globalization;
using DataBuild.Cli.Output;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Trying;

/// <summary>What came of a try, for people.</summary>
internal static class TryText
{
    public static void Write(TryReport report, string startDirectory)
    {
        var error = Console.Error;
        error.WriteLine($"{Commands.Name}: {report.Ref} by job {report.Job}: {Ending(report)} after {Say.Seconds(report.Duration)}; {Outcome(report)}");
        foreach (var message in report.Messages)
        {
            error.WriteLine($"  said      {Text(message)}");
        }

        if (report.Unasked.Count > 0)
        {
            error.WriteLine($"  unasked   {string.Join(", ", report.Unasked)}; a build ignores that");
        }

        string relative = Path.GetRelativePath(startDirectory, report.Output.Length > 0 ? report.Output : startDirectory);
        error.WriteLine(report.Output.Length > 0
            ? $"  output    kept in {(relative.StartsWith("..", StringComparison.Ordinal) ? report.Output : relative)}; nothing was published or logged"
            : "  output    removed, --keep keeps it; nothing was published or logged");
    }

    private static string Ending(TryReport report) => report switch
    {
        { HasExitCode: true } => $"exit {Say.Plain(report.ExitCode)}",
        { Signal: not 0 } => $"ended by signal {Say.Plain(report.Signal)}",
        { CommandLine.Count: 0 } => "not started",
        _ => "ended",
    };

    private static string Outcome(TryReport report) => report.Outcome switch
    {
        null => "stopped",
        { Done: { } done } => $"done: {Say.Bytes((long)done.Size)}{(done.Folder ? " in a folder" : "")}, content {Convert.ToHexStringLower(done.ContentFingerprint.Span)}, {Live(report.Live)}",
        { Failed: { } failed } => $"failed: {(failed.Code.Length > 0 ? $"{failed.Code} " : "")}{failed.Message}",
        { Missed: { NotBefore: { } when } } => $"asked to be run again at {Say.Time(when)}",
        { Missed: { } missed } => $"lacks {Say.Count(missed.Refs.Count, "input")}: {string.Join(", ", missed.Refs)}",
        _ => "no outcome",
    };

    private static string Live(Likeness likeness) => likeness switch
    {
        Likeness.Equal => "equal to the live one",
        Likeness.Different => "different from the live one",
        _ => "nothing of it is live",
    };

    private static string Text(JobMessage message)
    {
        string speaker = message.For.Count > 0 ? $" (for {string.Join(", ", message.For)})" : "";
        return message.MessageCase switch
        {
            JobMessage.MessageOneofCase.MissingDeps => $"missing-deps {string.Join(' ', message.MissingDeps.Refs)}",
            JobMessage.MessageOneofCase.ReadDeps => $"read-deps {string.Join(' ', message.ReadDeps.Refs)}",
            JobMessage.MessageOneofCase.ReadFiles => $"read-files {string.Join(' ', message.ReadFiles.Paths)}",
            JobMessage.MessageOneofCase.PartitionDone => $"partition-done {string.Join(", ", message.PartitionDone.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}",
            JobMessage.MessageOneofCase.PartitionFailed => $"partition-failed {message.PartitionFailed.Reason}",
            JobMessage.MessageOneofCase.RetryAfter => $"retry-after {message.RetryAfter.Seconds.ToString(CultureInfo.InvariantCulture)} {message.RetryAfter.Reason}",
            _ => message.ToString(),
        } + speaker;
    }
}
