using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>1xxx: items, metadata and properties of a project.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule BadJobLabel = new(
        "DBLD1001", Severity.Error, "Malformed job label",
        "A job's label is also the name of a target, of files and of variables, so it holds only ASCII letters, digits, '_' and '-' and does not start with a digit or '-'.",
        "Rename the job.");

    public static readonly DiagnosticRule ReservedJobLabel = new(
        "DBLD1002", Severity.Error, "Job label is a target of the SDK",
        "Each job becomes a target. A job named like a target of the SDK would replace it or be replaced by it, and seem to succeed without running.",
        "Rename the job.");

    public static readonly DiagnosticRule DuplicateJobLabel = new(
        "DBLD1003", Severity.Error, "Two jobs with one label",
        "Target names ignore case, so labels that differ only in case are one label.",
        "Rename one of the jobs.");

    public static readonly DiagnosticRule UnknownJob = new(
        "DBLD1004", Severity.Error, "Unknown job",
        "A Partition names no Job, or one that is not declared.",
        "Correct the name or declare the Job.");

    public static readonly DiagnosticRule JobWithoutProgram = new(
        "DBLD1005", Severity.Error, "Job without a program",
        "A Job says neither Project nor Command.",
        "Give it one of the two.");

    public static readonly DiagnosticRule JobWithTwoPrograms = new(
        "DBLD1006", Severity.Error, "Job with two programs",
        "A Job says both Project and Command.",
        "Remove one of the two; Arguments go with either.");

    public static readonly DiagnosticRule BadQuoting = new(
        "DBLD1007", Severity.Error, "Malformed argument vector",
        "Command or Arguments cannot be split into words: a quote is not closed, a backslash ends the text, or the program's name is empty.",
        "Quote as in a POSIX shell: 'single' as written, \"double\" with \\ escapes.");

    public static readonly DiagnosticRule ShellOperator = new(
        "DBLD1008", Severity.Warning, "Shell operator in a command",
        "A word of Command or Arguments is an operator of a shell, but no shell is involved: the program gets it as an argument.",
        "Put the pipeline into a script, or run 'sh -c' with the pipeline quoted; quote the word if the program is to get it.");

    public static readonly DiagnosticRule BadNumber = new(
        "DBLD1009", Severity.Error, "Bad number",
        "A value is not a whole number, or out of its range.",
        "Give a whole number within the range that the message names.");

    public static readonly DiagnosticRule BadDuration = new(
        "DBLD1010", Severity.Error, "Bad duration",
        "A duration is not a positive whole number with a unit, or longer than 100 years.",
        "Write 500ms, 30s, 10m, 6h, 7d or 2w.");

    public static readonly DiagnosticRule BadEnvironment = new(
        "DBLD1011", Severity.Error, "Bad environment variable",
        "Environment or PassEnvironment holds a malformed or repeated name, an entry without '=', or a name that the engine sets.",
        "Write Environment=\"A=1;B=2\" and PassEnvironment=\"NAME;NAME\", each name once; names with DATABUILD_ are the engine's.");

    public static readonly DiagnosticRule BadBatchBy = new(
        "DBLD1012", Severity.Error, "BatchBy names no placeholder",
        "The refs of a batch must share the value of a placeholder that a pattern of the job does not have.",
        "Name placeholders that each pattern of the job has.");

    public static readonly DiagnosticRule UnknownPool = new(
        "DBLD1013", Severity.Error, "Unknown pool",
        "A Job takes slots of a pool that is not declared.",
        "Correct the name or declare the Pool.");

    public static readonly DiagnosticRule BadPool = new(
        "DBLD1014", Severity.Error, "Bad pool",
        "A pool's name is malformed or declared twice, or a Job's Pools is malformed, names a pool twice or takes more slots than the pool has.",
        "Declare each pool once; write Pools=\"gpu:1;warehouse:2\", with at most as many slots as the pool has.");

    public static readonly DiagnosticRule BadChoice = new(
        "DBLD1015", Severity.Error, "Value is none of the choices",
        "OnStale or Early has a value that it does not know.",
        "Write one of the values that the message names.");

    public static readonly DiagnosticRule UnknownExecutor = new(
        "DBLD1016", Severity.Error, "Unknown executor",
        "A Job asks for an executor that this version does not have.",
        "Write Executor=\"local\" or Executor=\"slurm\", or leave it out; -p:DataBuildExecutor says it for all jobs that don't.");

    public static readonly DiagnosticRule BadSourcePath = new(
        "DBLD1017", Severity.Error, "Bad path of a source",
        "A Source's Path is missing or malformed, or a value would lead out of the folder that the Path names.",
        "Give a Path in terms of the pattern's placeholders, with '/' between folders.");

    public static readonly DiagnosticRule DuplicateWant = new(
        "DBLD1018", Severity.Error, "Want declared twice",
        "A standing want is known by its set; two with one text cannot be told apart.",
        "Remove one of them.");
}
