using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>MSBuild's binary log: what goes into it and what is read from it; 2150-2159.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule RecordNotWritten = new("DBLD2150", Severity.Warning,
        "The binary log lacks what this build did",
        "What a binary log is to hold of a build is first written below obj/, and that could not be written or read. The build itself is not concerned.",
        "Free space, or make the project's obj/databuild folder writable. Nothing else depends on it.");

    public static readonly DiagnosticRule BinlogNotFound = new("DBLD2151", Severity.Error,
        "No binary log there",
        "The file that was named does not exist or cannot be opened.",
        "Name the file that `dotnet build -bl` wrote; unless said otherwise that is msbuild.binlog in the folder of the build.");

    public static readonly DiagnosticRule NotABinlog = new("DBLD2152", Severity.Error,
        "Not a binary log",
        "Not one event of a build could be read from the file: it is something else, it is damaged at its beginning, or the build was ended before MSBuild wrote anything to it.",
        "Name the file that `dotnet build -bl` wrote. Of a build that was ended at once there is nothing to read; the project's own log knows more: `databuild status`.");

    public static readonly DiagnosticRule BinlogWithoutProject = new("DBLD2153", Severity.Error,
        "No DataBuild project in the binary log",
        "The binary log can be read, and no project of the SDK asked the engine for anything in it: it is of another build, of a restore, or of one that ended before.",
        "Look at it with another tool, or name the log of a build of a .dbproj.");

    public static readonly DiagnosticRule BinlogCutShort = new("DBLD2154", Severity.Warning,
        "The end of the binary log is missing",
        "The log stops in the middle: the build was killed, still goes on, or the file was damaged or not copied whole. MSBuild writes in large pieces, and embeds files at the very end: plan, result and the logs of failed runs are not in it, and neither is what was not yet written.",
        "What is told is true and not all. The project's own log knows all: `databuild runs` and `databuild status` where the build ran.");

    public static readonly DiagnosticRule BinlogTooNew = new("DBLD2155", Severity.Error,
        "The binary log is of a newer format",
        "A newer MSBuild wrote the log, in a form that says of itself that older readers cannot read it.",
        "Update the databuild tool, or replay the log with the MSBuild that wrote it.");
}
