using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Environments of a project: 1019-1022. The first three are reported by the target _DataBuildCheckEnvironment.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule BadEnvironmentName = new(
        "DBLD1019", Severity.Error, "Bad name of an environment",
        "The name of an environment is part of the names of files and folders: 1 to 64 ASCII letters, digits, '_' and '-', not beginning with '-'.",
        "Correct DataBuildEnvironment, or --environment.");

    public static readonly DiagnosticRule EnvironmentWithoutFile = new(
        "DBLD1020", Severity.Error, "Environment without a properties file",
        "A named environment has a file `<project>.<environment>.props` beside the project. Without that rule a mistyped name would be a new, empty environment, and everything would be built in it.",
        "Correct the name, or make the file. It may be as empty as `<Project />`.");

    public static readonly DiagnosticRule EnvironmentSetTooLate = new(
        "DBLD1021", Severity.Error, "Environment set too late",
        "DataBuildEnvironment is set in the project, or in its environment's own file. By then the SDK has chosen data root and state directory, and which file to read.",
        "Set it on the command line, as an environment variable, or in Directory.Build.props.");

    public static readonly DiagnosticRule LogOfAnotherEnvironment = new(
        "DBLD1022", Severity.Error, "The log is of another environment",
        "Two environments of a project were given one log, usually because the project sets DataBuildStateDirectory or DataBuildLog for all of them. The file `<log>.environment` says whose it is; a log without it is that of the environment without a name. Nothing was changed.",
        "Set the folder in each environment's own properties file, or use $(DataBuildEnvironment) in its path.");
}
