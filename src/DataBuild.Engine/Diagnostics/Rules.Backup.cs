using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Copies of the log: 6130-6139.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule BackupExists = new("DBLD6130", Severity.Error,
        "The backup's file is there already",
        "`databuild log backup` was given a file that exists.",
        "Name another file, or replace this one with --force.");

    public static readonly DiagnosticRule BackupIsTheLog = new("DBLD6131", Severity.Error,
        "The log itself was named as its backup",
        "The file to write to, or to restore from, is the log, or one of the files that belong to it.",
        "Name another file.");

    public static readonly DiagnosticRule BackupNotWritten = new("DBLD6132", Severity.Error,
        "The copy of the log could not be written",
        "Its folder is missing or read-only, or its disk is full or failing.",
        "Correct that or name another file. Log and backup are as they were.");

    public static readonly DiagnosticRule BackupDamaged = new("DBLD6133", Severity.Error,
        "The copy of the log is not good",
        "Every event of a copy is read and checked before it is put in place, and something was wrong with one, or its history is not a legal one.",
        "Take another backup. Nothing was replaced. `databuild log verify --log FILE` shows all that is wrong with it.");

    public static readonly DiagnosticRule SnapshotDiffers = new("DBLD6134", Severity.Error,
        "The snapshot differs from what the log says",
        "The snapshot beside the log is whole, and a replay of the log to the same offset gives another state: a defect of DataBuild.",
        "Delete the snapshot, it is made anew; and please report this.");

    public static readonly DiagnosticRule IllegalHistory = new("DBLD6135", Severity.Error,
        "An event of the log may not come where it stands",
        "Every event is whole, and one breaks a rule of what may follow what: another program wrote to the log, or a defect of DataBuild.",
        "Restore the log from a backup, and please report this.");
}
