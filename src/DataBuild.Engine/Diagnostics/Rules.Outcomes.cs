using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule RunFailed = new(
        "DBLD5101",
        Severity.Error,
        "A run failed",
        "A job exited with a non-zero code, was ended by a signal, or said that a partition failed.",
        "Read the log that the message names; `databuild why REF` shows what was tried. A new build tries again.");

    public static readonly DiagnosticRule RunTimedOut = new(
        "DBLD5102",
        Severity.Error,
        "A run took too long",
        "A job ran longer than its Timeout and was ended, with everything it had started.",
        "Raise Timeout on the Job, lower BatchSize, or find out what it waits for.");

    public static readonly DiagnosticRule RunLost = new(
        "DBLD5105",
        Severity.Error,
        "A run was lost",
        "What a run was placed on went away with it, or nothing could be told of the run for longer than DataBuildUnknownTimeout. What it may still write is never published.",
        "Nothing, if it is tried again by itself: lost runs are, 3 times at least. Else look at the node that the message names, and raise DataBuildUnknownTimeout where the cluster is silent for longer than that.");

    public static readonly DiagnosticRule OutputMissing = new(
        "DBLD5103",
        Severity.Error,
        "A job left no output",
        "A job exited 0, or said that a partition is done, and there is nothing at DATABUILD_OUTPUT_ROOT/<ref>.",
        "Write each partition as a file or folder at exactly that path, or report partition_failed or missing_deps for it.");

    public static readonly DiagnosticRule UnaskedOutput = new(
        "DBLD5104",
        Severity.Warning,
        "A job wrote what was not asked for",
        "Below DATABUILD_OUTPUT_ROOT there is something that is none of the partitions the run was for. It is ignored and removed.",
        "Write only the partitions that the job was given; put temporary files elsewhere (TMPDIR).");
}
