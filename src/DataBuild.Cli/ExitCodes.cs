using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Cli;

/// <summary>Exit codes of all verbs; documented in docs/cli.md.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A want failed or cannot be satisfied now; or the log cannot be read or written.</summary>
    public const int Failed = 1;

    /// <summary>Wrong arguments, a project with errors, or nothing there to answer from.</summary>
    public const int Invalid = 2;

    /// <summary>Caller and engine speak different versions.</summary>
    public const int ProtocolMismatch = 3;

    /// <summary>`plan --exit-code`: something would run, or cannot be made.</summary>
    public const int WouldRun = 4;

    /// <summary>A bug.</summary>
    public const int InternalError = 70;

    /// <summary>It was asked to stop.</summary>
    public const int Canceled = 130;

    public static int Of(BuildOutcome outcome) => outcome switch
    {
        BuildOutcome.Built or BuildOutcome.UpToDate or BuildOutcome.Planned => Success,
        BuildOutcome.Failed => Failed,
        BuildOutcome.Invalid => Invalid,
        BuildOutcome.Canceled => Canceled,
        _ => InternalError,
    };

    /// <summary>What was asked for makes no sense, or something went wrong with what does.</summary>
    public static int Of(DiagnosticRule rule) =>
        rule.Code.StartsWith("DBLD21", StringComparison.Ordinal)
        || rule.Code.StartsWith("DBLD3", StringComparison.Ordinal)
        || rule == Rules.LogNotFound || rule == Rules.NotALog || rule == Rules.BadEnvironmentName || rule == Rules.BackupExists || rule == Rules.BackupIsTheLog
        || rule == Rules.BadServerAddress || rule == Rules.NotRemote ? Invalid : Failed;
}
