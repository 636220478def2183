using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Runs that were asked to end: 4080-4089.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule RunCanceledOutside = new(
        "DBLD4080",
        Severity.Error,
        "A run was cancelled by somebody else",
        "A job's process got SIGTERM, SIGINT or SIGHUP, and not from DataBuild: an administrator, a scheduler, a container or a machine that shuts down. That says nothing about the job: it is tried again three times, and does not count towards quarantine.",
        "Find out who ends it. A new build or `databuild retry REF-SET` tries again; a run that is not wanted is cancelled with `databuild cancel RUN`.");
}
