using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule StandingWantStays = new(
        "DBLD4030",
        Severity.Error,
        "A want of the project cannot be cancelled",
        "`databuild cancel` names a want that the project declares. As long as the project says so, it is wanted: the next build would want it again.",
        "Take the Want out of the project and build. A run can be cancelled by its id.");

    public static readonly DiagnosticRule NothingToCancel = new(
        "DBLD4031",
        Severity.Error,
        "There is nothing to cancel",
        "No active want made by hand and no run under way has this id, or no such want lies within the set.",
        "`databuild status` shows the wants and runs with their ids. A want that covers more than the set is cancelled by its id.");

    public static readonly DiagnosticRule NothingToTaint = new(
        "DBLD4032",
        Severity.Error,
        "There is nothing to taint",
        "No partition of the set is live: what is not there cannot be distrusted, and is built when it is wanted.",
        "Correct the set. `databuild why REF` tells where a partition stands.");

    public static readonly DiagnosticRule NothingToUntaint = new(
        "DBLD4033",
        Severity.Error,
        "There is no such taint",
        "No taint in force has this id, or none marks a partition of the set. A taint ends by itself when what it marks was rebuilt.",
        "`databuild status` lists the taints in force.");

    public static readonly DiagnosticRule NothingToAccept = new(
        "DBLD4034",
        Severity.Error,
        "There is nothing to accept",
        "No partition of the set is live. Only data that is there can be declared good.",
        "Correct the set, or build it. Files that no build made are taken in by `databuild adopt`.");

    public static readonly DiagnosticRule CommandNotAnswered = new(
        "DBLD4035",
        Severity.Error,
        "The engine that holds the log does not answer",
        "Another process holds the log's lease and took no command within the time there is for it: it is starting, ending, stopped, of another host, or of a version that takes no commands.",
        "Try again, or end the process that the message names.");

    public static readonly DiagnosticRule BuildUnderWay = new(
        "DBLD4036",
        Severity.Error,
        "This cannot be done while a build is under way",
        "`adopt` and `rename` compile the project and change what partitions there are; a build that is at work must not have that change under it.",
        "Wait until the build has ended, or end it, and try again.");

    public static readonly DiagnosticRule CommandRefused = new(
        "DBLD4037",
        Severity.Error,
        "The command cannot be understood or stored",
        "The command is of another version of the contract, says nothing, or its events may not come next in the log.",
        "Use the `databuild` of the version that runs the build.");

    public static readonly DiagnosticRule RenameImpossible = new(
        "DBLD4038",
        Severity.Error,
        "The family cannot be renamed so",
        "A rename goes from the pattern that the log knows to the pattern that the project has now, with the same placeholders of the same types.",
        "Change the Partition's pattern in the project first, then name the old and the new pattern exactly.");

    public static readonly DiagnosticRule RenameTargetOccupied = new(
        "DBLD4039",
        Severity.Error,
        "Something stands where a renamed partition would go",
        "A new name is a live partition, or a file or folder of the data root. A rename replaces nothing.",
        "Move or delete what is there, or choose another pattern.");

    public static readonly DiagnosticRule NothingToRename = new(
        "DBLD4040",
        Severity.Error,
        "There is nothing to rename",
        "The log knows no live partition of the old pattern.",
        "Correct the old pattern; `databuild log` shows what was built under which name.");

    public static readonly DiagnosticRule RunCanceled = new(
        "DBLD4041",
        Severity.Error,
        "A wanted partition was cancelled",
        "A run was cancelled by its id, or the want that the build was for was cancelled. Nothing failed; what was cancelled was not made.",
        "Build again, or ask for it with `databuild retry` while a build runs.");

    public static readonly DiagnosticRule NothingToAdopt = new(
        "DBLD4042",
        Severity.Error,
        "There is nothing to adopt",
        "None of the named partitions has a file or folder in the data root.",
        "Put the files at their names below the data root, or correct the set.");

    public static readonly DiagnosticRule NoCommandSocket = new(
        "DBLD4043",
        Severity.Warning,
        "A build takes no commands",
        "The socket engine.sock could not be made in the state directory, so that `databuild cancel`, `taint` and the other changing verbs cannot reach the build while it runs.",
        "Put the state directory on a local disk whose file system has sockets, and where this user may write.");
}
