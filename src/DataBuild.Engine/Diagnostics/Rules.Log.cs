using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule LogNotFound = new(
        "DBLD6001", Severity.Error, "There is no build event log",
        "A log is to be read that was never written: nothing has been built here, or the path is another one.",
        "Build first, or name the log that is meant.");

    public static readonly DiagnosticRule NotALog = new(
        "DBLD6002", Severity.Error, "The file is not a build event log",
        "The file is no SQLite database, its header is destroyed, or it belongs to another application.",
        "Name the log that is meant, or restore it from a backup. DataBuild never overwrites such a file.");

    public static readonly DiagnosticRule LogFormatNewer = new(
        "DBLD6003", Severity.Error, "The build event log is of a newer format",
        "A newer DataBuild wrote or upgraded it.",
        "Use that version. Nothing was touched.");

    public static readonly DiagnosticRule LogDamaged = new(
        "DBLD6004", Severity.Error, "The build event log is damaged",
        "A page, the schema or the header row is not what DataBuild wrote, or one of its files is missing.",
        "Restore the log, with its -wal file, from a backup; or move all its files away to begin a new one.");

    public static readonly DiagnosticRule EventDamaged = new(
        "DBLD6005", Severity.Error, "An event in the log is damaged",
        "The event at the named offset is missing, cannot be parsed, or it or an event before it is not the one that was appended.",
        "Restore the log from a backup; events before the named offset are good.");

    public static readonly DiagnosticRule UnknownEvent = new(
        "DBLD6006", Severity.Error, "The log holds an event of an unknown kind",
        "A newer DataBuild wrote it. Events are never skipped: state would silently be another one.",
        "Use the version that wrote it, or a newer one.");

    public static readonly DiagnosticRule LogDiskFull = new(
        "DBLD6007", Severity.Error, "The disk of the build event log is full",
        "There is no room for the events that were to be appended; none of them was stored.",
        "Free space on that disk and build again.");

    public static readonly DiagnosticRule LogIoError = new(
        "DBLD6008", Severity.Error, "The build event log cannot be read or written",
        "The disk or file system reported an error.",
        "Check the disk (dmesg, quota, file size limits), then build again. What was acknowledged before is kept.");

    public static readonly DiagnosticRule LogInaccessible = new(
        "DBLD6009", Severity.Error, "The build event log cannot be opened or is read-only",
        "Its permissions or those of its folder, or a file system mounted read-only. SQLite needs to write in the folder even to read.",
        "Give this user write access to the folder and its files, or put the log somewhere else.");

    public static readonly DiagnosticRule LogBusy = new(
        "DBLD6010", Severity.Error, "Another program has locked the build event log",
        "A program other than DataBuild holds a transaction open on it: a database browser, a backup.",
        "End that program and build again.");

    public static readonly DiagnosticRule LeaseHeld = new(
        "DBLD6011", Severity.Error, "Another process is writing the build event log",
        "There is one writer at a time. The lease is free as soon as the process that holds it has ended.",
        "Wait for the named process, or end it.");

    public static readonly DiagnosticRule LeaseLost = new(
        "DBLD6012", Severity.Error, "Another process has taken the build event log over",
        "A later term is in the log: its lease file was removed or replaced while this process was writing.",
        "Nothing of this append was stored. Build again; leave the .lease file alone.");

    public static readonly DiagnosticRule LogReplaced = new(
        "DBLD6013", Severity.Error, "The build event log was deleted, replaced or changed while it was in use",
        "A file of the log is gone or is another one, or something other than DataBuild wrote into it.",
        "Nothing of this append was stored. Let the log alone while something is building, and build again.");

    public static readonly DiagnosticRule EventTooLarge = new(
        "DBLD6014", Severity.Error, "An event is too large for the log",
        "One event holds more than the limit: a run with very many refs, reads or metadata, or a very large graph.",
        "Make batches smaller or say less in one message.");

    public static readonly DiagnosticRule SnapshotIgnored = new(
        "DBLD6015", Severity.Warning, "The snapshot beside the log was not used",
        "It is damaged, of another layout or of another log or history.",
        "Nothing: the state was replayed from the log and a new snapshot replaces this one.");

    public static readonly DiagnosticRule SnapshotNotWritten = new(
        "DBLD6016", Severity.Warning, "The snapshot beside the log could not be written",
        "The disk is full, read-only or failing. Nothing is lost: the next start replays more of the log.",
        "Free space or make the folder writable.");

    public static readonly DiagnosticRule LeaseUnavailable = new(
        "DBLD6017", Severity.Error, "The lease of the build event log cannot be taken",
        "The lease file cannot be made or opened, or the file system has no locks.",
        "Put the log on a local disk, in a folder that this user may write.");
}
