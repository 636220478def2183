using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

// 5001-5019: a run cannot start. 5020-5039: it broke the message protocol. 5040-5059: how it ended, and its output.
public static partial class Rules
{
    public static readonly DiagnosticRule CommandNotFound = new("DBLD5001", Severity.Error, "Command not found",
        "The first word of a job's command is no program: not at that path, or in no folder of the job's PATH.",
        "install it, mend the command, or give PATH in the job's Environment");

    public static readonly DiagnosticRule CommandNotExecutable = new("DBLD5002", Severity.Error, "Command is not executable",
        "The first word of a job's command names a folder, or a file without the permission to execute it.",
        "make it executable with chmod +x, or name its interpreter first, as in `python3 job.py`");

    public static readonly DiagnosticRule CommandFormat = new("DBLD5003", Severity.Error, "Command is no program",
        "The file is executable but neither a program for this machine nor a script that begins with #!.",
        "give a script its first line, as in `#!/usr/bin/env bash`, or build the program for this machine");

    public static readonly DiagnosticRule InterpreterNotFound = new("DBLD5004", Severity.Error, "Interpreter not found",
        "The file is there, but what its #! line names, or the loader it was built for, is not.",
        "install the interpreter or mend the #! line, and save scripts with Unix line ends");

    public static readonly DiagnosticRule WorkingDirectoryMissing = new("DBLD5005", Severity.Error, "Working directory missing",
        "The folder that a job is to run in is not there or may not be entered.",
        "make the folder or mend WorkingDirectory");

    public static readonly DiagnosticRule CannotStart = new("DBLD5006", Severity.Error, "Process cannot be started",
        "The system refused to make a process: too many processes or open files, no memory.",
        "lower DataBuildParallelism, or raise the limit that is named (ulimit -u, ulimit -n)");

    public static readonly DiagnosticRule DotnetRuntimeMissing = new("DBLD5007", Severity.Error, ".NET runtime missing",
        "The job is a .NET program and the version of .NET that it was built for is not installed where it runs.",
        "install that runtime, build for an installed one, or set RollForward in the job's project");

    public static readonly DiagnosticRule CommandTooLong = new("DBLD5008", Severity.Error, "Command too long",
        "Arguments and environment of a job, refs not counted, are longer than the system can hand to a process.",
        "shorten Arguments or Environment, or put the text in a file");

    public static readonly DiagnosticRule HostUnsupported = new("DBLD5009", Severity.Error, "Jobs cannot be run on this machine",
        "The local executor needs Linux 5.3 or later and glibc 2.29 or musl 1.1.24 or later.",
        "run the build on such a machine, in a container or in WSL");

    public static readonly DiagnosticRule CommandUnusable = new("DBLD5010", Severity.Error, "Command unusable",
        "A job's command is empty, or command, ref or environment holds a NUL character, which no process can be given.",
        "mend Command, Arguments or Environment");

    public static readonly DiagnosticRule PassEnvironmentUnset = new("DBLD5011", Severity.Warning, "Variable to pass is not set",
        "PassEnvironment names a variable that the engine's own environment does not have.",
        "set it where the build is started, or take it out of PassEnvironment");

    public static readonly DiagnosticRule ScratchUnusable = new("DBLD5012", Severity.Error, "Partitions file cannot be written",
        "The file with the refs of a run, which each job is given, could not be written: disk full, or no permission.",
        "make room, or make the state directory writable");

    public static readonly DiagnosticRule MalformedMessage = new("DBLD5020", Severity.Error, "Malformed message",
        "A line of a job's messages file is not JSON.",
        "write one message as JSON a line");

    public static readonly DiagnosticRule UnknownMessage = new("DBLD5021", Severity.Error, "Unknown message",
        "A message is of no known kind, has a field that it does not know, or is empty; or a `databuild:` line has an unknown verb.",
        "see the list of messages in the documentation of the job protocol");

    public static readonly DiagnosticRule MessageNotUtf8 = new("DBLD5022", Severity.Error, "Message is not UTF-8",
        "A message holds bytes that are no UTF-8 text.",
        "write messages as UTF-8");

    public static readonly DiagnosticRule TruncatedMessage = new("DBLD5023", Severity.Error, "Truncated message",
        "The last message breaks off: the job ended, or was ended, in the middle of it.",
        "write each message with its line end in one go");

    public static readonly DiagnosticRule MessageTooLong = new("DBLD5024", Severity.Error, "Message too long",
        "One line of messages is longer than 1 MiB.",
        "use sets, or name fewer refs in one message");

    public static readonly DiagnosticRule TooManyMessages = new("DBLD5025", Severity.Error, "Too many messages",
        "The messages of one run are longer than 64 MiB together.",
        "use sets and `for` with many refs, or a smaller BatchSize");

    public static readonly DiagnosticRule ForeignRef = new("DBLD5026", Severity.Error, "Message for another run's ref",
        "A message names, in `for`, a ref that the run was not given.",
        "speak only for refs that the job was given");

    public static readonly DiagnosticRule BadRefInMessage = new("DBLD5027", Severity.Error, "Bad ref in message",
        "A message names something as missing or read that can be no ref and no set.",
        "name refs relative to the data root, with '/' between segments");

    public static readonly DiagnosticRule BadMessageValue = new("DBLD5028", Severity.Error, "Bad value in message",
        "A message names nothing, or a number that makes no sense.",
        "see the list of messages in the documentation of the job protocol");

    public static readonly DiagnosticRule MessagesUnreadable = new("DBLD5029", Severity.Error, "Messages file cannot be read",
        "Where the messages file should be is a folder or something else that cannot be read.",
        "append plain lines to DATABUILD_MESSAGES_FILE and leave it where it is");

    public static readonly DiagnosticRule MoreMessageErrors = new("DBLD5030", Severity.Error, "More message errors",
        "A run made so many message errors that not each is shown.",
        "mend those that are shown first");

    public static readonly DiagnosticRule ProcessesLeftBehind = new("DBLD5040", Severity.Warning, "Processes left behind",
        "A job exited while something that it had started went on for longer than a second; that was ended, lest it write into published data.",
        "let the job wait for what it starts");

    public static readonly DiagnosticRule ProcessesNotEnded = new("DBLD5041", Severity.Error, "Processes cannot be ended",
        "Processes of a run outlived SIGKILL: stuck in the kernel (a dead disk or network share), or another user's.",
        "look at what they wait for, and end them by hand");

    public static readonly DiagnosticRule OutputTooLong = new("DBLD5042", Severity.Warning, "Output too long",
        "A job printed more than is kept of one stream: the first part and the last are in the log, the middle is not.",
        "let it print less");

    public static readonly DiagnosticRule OutputNotKept = new("DBLD5043", Severity.Warning, "Output could not be kept",
        "A job's output could not be written to its log: disk full, or no permission. The run goes on.",
        "make room, or make the state directory writable");

    public static readonly DiagnosticRule ExitStatusLost = new("DBLD5044", Severity.Error, "Exit status lost",
        "Other code in the engine's process collected the exit status of a job.",
        "run the build again, with the `databuild` program if another program hosts the engine");

    public static readonly DiagnosticRule OutputRootGone = new("DBLD5070", Severity.Error, "Output folder of a run is gone",
        "Between making a run's folder and starting its process the folder vanished: another build has taken over while this one was paused, or somebody removed it.",
        "build again when no other build is under way");
}
