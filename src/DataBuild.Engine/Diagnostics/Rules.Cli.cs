using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule BadArguments = new("DBLD2101", Severity.Error,
        "Wrong arguments",
        "databuild was called with a verb, an option or a value that it does not know, or without one that it needs.",
        "See `databuild --help`, or `databuild VERB --help` for one verb.");

    public static readonly DiagnosticRule NoSuchProject = new("DBLD2102", Severity.Error,
        "There is no such project",
        "--project, or the current folder, names no .dbproj, or a folder with several of them.",
        "Name the project's file with --project.");

    public static readonly DiagnosticRule UnknownRef = new("DBLD2103", Severity.Error,
        "No such partition or source",
        "The ref asked about belongs to no family of the graph in force, and nothing in the log names it.",
        "Correct the ref; the message names the nearest pattern.");

    public static readonly DiagnosticRule NoGraphYet = new("DBLD2104", Severity.Error,
        "The log holds no graph",
        "The log is empty, or the offset asked about is before the first registration of a graph.",
        "Build first, or ask about a later offset.");

    public static readonly DiagnosticRule DotnetNotStarted = new("DBLD2105", Severity.Error,
        "`dotnet build` cannot be started",
        "The project is compiled by the .NET SDK, and its `dotnet` program was not found or cannot be executed.",
        "Install the .NET SDK and have `dotnet` on PATH, or set DOTNET_HOST_PATH to it.");

    public static readonly DiagnosticRule NoRequest = new("DBLD2106", Severity.Error,
        "The project gave no graph",
        "MSBuild went well and wrote no request for the engine: the project does not use the DataBuild SDK, or sets DataBuildMode to off.",
        "Begin the project with <Project Sdk=\"DataBuild.Sdk\">.");

    public static readonly DiagnosticRule NoSuchOffset = new("DBLD2107", Severity.Error,
        "The log has no such event",
        "An offset was asked about that is 0 or beyond the log's end.",
        "Offsets begin with 1; `databuild log` shows them.");
}
