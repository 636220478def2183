using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Partitions as files: 6101-6199.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule DataRootOfAnotherLog = new(
        "DBLD6101",
        Severity.Error,
        "The data root belongs to another log",
        "The marker in the data root names another build event log: two projects share a data root, or the state directory was deleted or replaced.",
        "Give each project a data root of its own (DataBuildDataRoot). Where the log is lost, `databuild adopt --all --claim` takes the folder over with all that is in it; or delete the folder and build it anew.");

    public static readonly DiagnosticRule DataRootWithoutMarker = new(
        "DBLD6102",
        Severity.Error,
        "The data root lost its marker",
        "The log knows of live partitions in this data root, but the marker that belongs there is missing: usually the disk is not mounted or the folder was moved.",
        "Mount or restore the data root. If its files are really gone, write the marker again with the command that the message shows: what is missing is then rebuilt.");

    public static readonly DiagnosticRule DataRootReadOnly = new(
        "DBLD6103",
        Severity.Error,
        "The data root cannot be written",
        "The data root lies on a read-only file system, or the user running the build may not write to it.",
        "Mount it for writing, change its owner or permissions, or set DataBuildDataRoot to another folder.");

    public static readonly DiagnosticRule DataRootUnusable = new(
        "DBLD6104",
        Severity.Error,
        "The data root cannot be used",
        "The path of the data root is a file, is not reachable, or cannot be made.",
        "Set DataBuildDataRoot to a folder, or to a path where one can be made.");

    public static readonly DiagnosticRule DataRootMarkerDamaged = new(
        "DBLD6105",
        Severity.Error,
        "The data root's marker is damaged",
        "The marker file in the data root does not say which log it belongs to.",
        "If the data root is this project's own, write the marker again with the command that the message shows.");

    public static readonly DiagnosticRule RefLeavesDataRoot = new(
        "DBLD6106",
        Severity.Error,
        "A partition would lie outside the data root",
        "The ref is no plain relative path, starts with the reserved segment '.databuild', or a folder on its way is a symbolic link that leaves the data root.",
        "Rename the partition, or replace the link by a folder (to spread data over disks, link or mount the data root as a whole).");

    public static readonly DiagnosticRule DataRootTakenOver = new(
        "DBLD6107",
        Severity.Error,
        "Another build has taken the data root over",
        "This process was paused or lost its lease, and a later one recovered its runs: whatever was committed is published, the rest is discarded.",
        "Nothing is lost; build again when the other build has ended.");

    public static readonly DiagnosticRule OutputNotPlain = new(
        "DBLD6108",
        Severity.Error,
        "An output is neither a file nor a folder of files",
        "A job left a symbolic link, device, pipe or socket as its output, or its folder holds one; a link within a folder is allowed if it stays in that folder.",
        "Let the job write a file, or a folder of files, folders and relative links that stay in it.");

    public static readonly DiagnosticRule OutputNotAccessible = new(
        "DBLD6109",
        Severity.Error,
        "An output cannot be read or moved",
        "A job left an output with permissions that keep the engine from reading it, or a folder that cannot be moved because it is not writable.",
        "Let the job leave its files readable and its folders readable and writable for the user that runs the build.");

    public static readonly DiagnosticRule ExchangeUnsupported = new(
        "DBLD6110",
        Severity.Warning,
        "The data root's file system cannot exchange folders",
        "The file system has no atomic exchange of two names (RENAME_EXCHANGE), so replacing a folder takes two renames.",
        "For an instant, readers may find a folder that is being replaced absent. Put the data root on ext4, xfs, btrfs or tmpfs if that matters.");

    public static readonly DiagnosticRule DataRootFull = new(
        "DBLD6111",
        Severity.Error,
        "The data root is full",
        "The file system of the data root has no space, no inodes or no quota left.",
        "Free space and build again; everything already published stays.");

    public static readonly DiagnosticRule DataRootFailed = new(
        "DBLD6112",
        Severity.Error,
        "A file operation in the data root failed",
        "The operating system refused to make, move or sync something in the data root.",
        "The message says which operation failed and why; mend that and build again. What was committed is published then.");

    public static readonly DiagnosticRule LeftoverNotRemoved = new(
        "DBLD6113",
        Severity.Warning,
        "Something left over could not be removed",
        "Old content or the remains of a run below '.databuild' of the data root could not be deleted.",
        "It does no harm but takes space; the next build tries again. Delete it by hand if its permissions keep the engine from doing so.");

    public static readonly DiagnosticRule FolderTooLarge = new(
        "DBLD6114",
        Severity.Error,
        "A folder holds too many files",
        "One partition or source is a folder of more than a million entries.",
        "Split it into several partitions, or pack the files into fewer ones.");

    public static readonly DiagnosticRule JobFileMissing = new(
        "DBLD6115",
        Severity.Error,
        "A file of a job is missing",
        "The program of a job, or a file that it names in Sources, does not exist.",
        "Build the referenced project, or correct the path.");

    public static readonly DiagnosticRule FileUnreadable = new(
        "DBLD6116",
        Severity.Error,
        "A file cannot be read",
        "A source, partition or file of a job is there but cannot be read, or is no file or folder.",
        "Correct its permissions, or the path that names it.");

    public static readonly DiagnosticRule HashCacheUnusable = new(
        "DBLD6117",
        Severity.Warning,
        "The cache of file hashes cannot be used",
        "The cache file in the state directory cannot be read or written.",
        "Correct the permissions of the state directory. Until then large files that were touched are read again in each build.");

    public static readonly DiagnosticRule FileNameNotText = new(
        "DBLD6118",
        Severity.Error,
        "A file name is no valid UTF-8",
        "A folder holds a file whose name cannot be read as text.",
        "Rename the file.");

    public static readonly DiagnosticRule OtherFileSystem = new(
        "DBLD6119",
        Severity.Error,
        "A folder of the data root is on another file system",
        "A partition would lie below a mount point within the data root; a rename into another file system cannot be atomic.",
        "Mount the data root as a whole, or give the partitions on the other disk a project with a data root there.");

    public static readonly DiagnosticRule FolderIsTaken = new(
        "DBLD6120",
        Severity.Error,
        "A file stands where a folder is needed",
        "A file in the data root has the name of a folder that a partition lies in.",
        "Move or delete that file, or rename the partition.");

    public static readonly DiagnosticRule OutputStillWritten = new(
        "DBLD6121",
        Severity.Error,
        "An output is still being written",
        "An output changes although its run has ended: a process that the job started outlives it.",
        "Let the job wait for everything it starts.");
}
