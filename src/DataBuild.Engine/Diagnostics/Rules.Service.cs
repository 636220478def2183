using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>7xxx: the service; and what only it needs of a project.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule BadSchedule = new(
        "DBLD1050", Severity.Error, "Malformed schedule",
        "The Schedule of a want is no cron expression.",
        "Write five fields, minute, hour, day of month, month and day of week: `0 6 * * *` is each day at 06:00 in the time zone of the project.");

    public static readonly DiagnosticRule OtherServicesProject = new(
        "DBLD7001", Severity.Error, "The service serves another project",
        "A build found a service that writes its log and serves another project file or data root.",
        "End the service, or give the project a state directory of its own.");

    public static readonly DiagnosticRule ServiceGone = new(
        "DBLD7002", Severity.Error, "The service ended before the build",
        "A build had handed its wants over to the service, which ended, or could not keep up with what it had to say.",
        "Build again: what was finished is recorded.");

    public static readonly DiagnosticRule NotWatched = new(
        "DBLD7003", Severity.Warning, "Files are not watched",
        "The system cannot watch a folder for changes, mostly because a limit on watches is reached. The service looks at all that is wanted once in a while instead.",
        "Raise fs.inotify.max_user_watches, or taint or retry what should be looked at sooner.");

    public static readonly DiagnosticRule RunLogsStay = new(
        "DBLD7004", Severity.Warning, "Logs of runs cannot be removed",
        "Logs of runs that are older than DataBuildRunLogAge, or beyond DataBuildRunLogSize, cannot be removed or looked at. Builds and the service go on; the logs take up room.",
        "correct the permissions of the folder `runs` in the state directory, or remove them by hand");

    public static readonly DiagnosticRule TakesARestart = new(
        "DBLD7005", Severity.Warning, "A change that takes a restart of the service",
        "The project changed in what a service cannot follow while it runs: data root, state directory, log or environment. It goes on with those that it began with.",
        "End the service and start it again, or take the change back.");
}
