using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule EngineNotFound = new("DBLD2001", Severity.Error,
        "The engine is not there",
        "DataBuildEnginePath names a file that does not exist: the package is incomplete, or in DataBuild's own repository the command line tool was not built.",
        "Restore the package again, or unset DataBuildEnginePath.");

    public static readonly DiagnosticRule EngineCannotStart = new("DBLD2002", Severity.Error,
        "The engine cannot be started",
        "The operating system refused to start the engine or the .NET host that runs it.",
        "Read the system's reason in the message; check DataBuildEngineHost and DataBuildEnginePath.");

    public static readonly DiagnosticRule EngineDied = new("DBLD2003", Severity.Error,
        "The engine ended without a result",
        "The engine crashed or was killed. What it started has been ended; its log is as it was at its last commit.",
        "Build again: the next build continues where this one ended. If it repeats, report it with the last words in the message.");

    public static readonly DiagnosticRule EngineVersionMismatch = new("DBLD2004", Severity.Error,
        "Task and engine speak different versions of their contract",
        "An older task was kept in memory by a reused MSBuild node or the build server, or DataBuildEnginePath names another version.",
        "Run `dotnet build-server shutdown` and build again; unset DataBuildEnginePath.");

    public static readonly DiagnosticRule EngineProtocolBroken = new("DBLD2005", Severity.Error,
        "The engine said something that is no message",
        "Something other than the engine's messages came through its standard output.",
        "Check that DataBuildEnginePath names DataBuild's engine. If it does, report it with the bytes in the message.");

    public static readonly DiagnosticRule EngineKilled = new("DBLD2006", Severity.Warning,
        "A cancelled engine had to be killed",
        "The build was cancelled and the engine had not ended its jobs within DataBuildCancelTimeout.",
        "Nothing: everything it started was ended too, and the next build continues. Raise DataBuildCancelTimeout if jobs need longer to stop.");

    public static readonly DiagnosticRule BuildFailedSilently = new("DBLD2007", Severity.Error,
        "The build failed and the engine gave no error",
        "The engine's result says that the build failed, but no error came with it.",
        "Look into the result file named in the message, and report it.");

    public static readonly DiagnosticRule BuildStopped = new("DBLD2008", Severity.Error,
        "The engine was asked to stop by something other than this build",
        "The engine process got a signal to end.",
        "Build again: the next build continues where this one ended.");

    public static readonly DiagnosticRule EngineLingered = new("DBLD2009", Severity.Warning,
        "The engine did not exit after its result",
        "The engine had reported its result and did not end within a few seconds; it was killed.",
        "Nothing for this build. Report it if it repeats.");

    public static readonly DiagnosticRule PublishedJobMissing = new("DBLD2010", Severity.Error,
        "A file to publish is not there",
        "A job's program, or the engine, was not where the build said it is.",
        "Build the project once without errors and publish again.");

    /// <summary>Reported by the target _DataBuildCleanData.</summary>
    public static readonly DiagnosticRule CleanWouldDeleteProject = new("DBLD2011", Severity.Error,
        "Cleaning data would delete the project",
        "DataBuildCleanData is true, and the data root or the state directory is a folder that holds the project file.",
        "Give DataBuildDataRoot and DataBuildStateDirectory folders of their own.");
}
