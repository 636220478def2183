using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Files that the engine keeps for itself and for its caller: 6140-6159.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule StateDirectoryFailed = new(
        "DBLD6140",
        Severity.Error,
        "The state directory cannot be written",
        "The disk of the state directory is full, mounted read-only or failing, the folder was deleted during the build, or its permissions forbid it.",
        "Free space or correct what the message names, then build again. What is in the log is kept and goes on from there.");

    public static readonly DiagnosticRule ReportNotWritten = new(
        "DBLD6141",
        Severity.Warning,
        "The build's result or plan could not be written to its file",
        "The disk of result.json or plan.json is full, read-only or failing. An older file of that name was removed if that was possible.",
        "Free space or make the folder writable. Nothing else depends on the file: what was built is built, and the log knows it.");
}
