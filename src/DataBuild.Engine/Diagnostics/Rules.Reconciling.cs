using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule WantBlocked = new(
        "DBLD4010",
        Severity.Error,
        "A wanted partition cannot be made",
        "A partition that the project wants failed, or waits, through any number of steps, for one that failed. The message names that one, its job, exit code and last words, and where its log lies.",
        "Mend what failed and build again: a new build tries again what failed. `databuild why REF` shows how the wanted partition depends on it.");

    public static readonly DiagnosticRule NoProgress = new(
        "DBLD4011",
        Severity.Error,
        "A job reported as missing what was there",
        "A job reported a partition or source as missing that was live from before the run's start to its end. Running it again would end the same.",
        "Make the job read the partition below DATABUILD_DATA_ROOT (a source: from the path in DATABUILD_SOURCES_FILE), under the very name it reports.");

    public static readonly DiagnosticRule MissingWithoutProducer = new(
        "DBLD4012",
        Severity.Error,
        "A job lacks something that nothing produces",
        "A job reported a missing partition to which no Partition and no Source of the project answers.",
        "Correct the ref that the job reports, or declare the Partition or Source.");

    public static readonly DiagnosticRule WaitsForItself = new(
        "DBLD4013",
        Severity.Error,
        "Partitions wait for each other",
        "Each partition on the path shown needs the next one, and the last one needs the first.",
        "Break the cycle: change what a job on it reads, or the Needs of a partition on it.");

    public static readonly DiagnosticRule TooManyHops = new(
        "DBLD4014",
        Severity.Error,
        "Missing inputs led too far",
        "A partition lacked an input, that one lacked another, and so on for more than 10,000 steps.",
        "A job probably asks for a partition that depends on itself with a changing name, such as the day before, without end.");

    public static readonly DiagnosticRule TooManyRebuilds = new(
        "DBLD4015",
        Severity.Error,
        "Changed code would replace many partitions",
        "Jobs changed, and the build would replace more live partitions than DataBuildMaxRebuilds allows. Nothing was run.",
        "See what would run with `dotnet build -t:DataBuildPlan`. Go on with `-p:DataBuildMaxRebuilds=N`, or set OnStale of the job to warn or ignore.");

    public static readonly DiagnosticRule NotUpToDate = new(
        "DBLD4016",
        Severity.Error,
        "Something would run",
        "DataBuildExpectUpToDate is set, or --expect-up-to-date was given, and a wanted partition is not up to date. Nothing was run, neither log nor data was touched.",
        "Build without it, or look at the plan for what differs.");

    public static readonly DiagnosticRule NoKnownInput = new(
        "DBLD4017",
        Severity.Warning,
        "A job has no known input",
        "A run read nothing that DataBuild knows of: no Needs, no reported reads, no missing inputs. Its partitions will not be rebuilt when their inputs change.",
        "Declare Needs on the Partition, or let the job report what it reads (read_deps).");

    public static readonly DiagnosticRule ChangedOutside = new(
        "DBLD4018",
        Severity.Warning,
        "A partition was changed by somebody else",
        "The files of a live partition differ from what its run published. They are kept, and what was built from the published ones counts as up to date.",
        "Delete the files to have the partition rebuilt, or put the published content back.");

    public static readonly DiagnosticRule ReadUnknown = new(
        "DBLD4019",
        Severity.Warning,
        "A job read something unknown",
        "A job reported reading a ref that no Partition or Source answers to, or that is not live. It is not recorded.",
        "Correct the ref that the job reports, or declare the Partition or Source; report files outside the graph as read_files.");

    public static readonly DiagnosticRule NotDone = new(
        "DBLD4020",
        Severity.Error,
        "A wanted partition is not done yet",
        "A job asked to be run later than this build waits.",
        "Build again after the time shown, or raise DataBuildMaxWait.");

    public static readonly DiagnosticRule UnknownTarget = new(
        "DBLD4021",
        Severity.Error,
        "No such job",
        "A build of single jobs names one that the project does not have.",
        "Use the label of a Job item of the project.");

    public static readonly DiagnosticRule StaleKept = new(
        "DBLD4022",
        Severity.Warning,
        "Stale partitions are kept",
        "Partitions of a job with OnStale=warn were made by other code or from other inputs than there are now.",
        "Taint or delete what should be rebuilt, or set OnStale to rebuild.");

    public static readonly DiagnosticRule SourceMissing = new(
        "DBLD4023",
        Severity.Error,
        "A source is not there",
        "A partition needs a source, or its job reported it missing, and there is no file or folder at the source's Path.",
        "Put it there, or correct the Path of the Source.");

    public static readonly DiagnosticRule UnknownTimeZone = new(
        "DBLD4024",
        Severity.Error,
        "Unknown time zone",
        "DataBuildTimeZone names a time zone that this machine does not know.",
        "Use an IANA name such as Europe/Berlin, and install tzdata if the machine has no time zones.");
}
