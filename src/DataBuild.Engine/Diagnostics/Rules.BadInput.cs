using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>What a project or a job does that would else pass unseen or cost data: 1030-1049 and 5050-5069.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule BadResource = new(
        "DBLD1030", Severity.Error, "Bad amount of a resource",
        "Cpus of a Job is no number of processors, or Memory no number of bytes with a unit.",
        "Write Cpus=\"4\" and Memory=\"512MB\" or \"16GB\".");

    public static readonly DiagnosticRule BadSlurmPartition = new(
        "DBLD1036", Severity.Error, "Bad partition of Slurm",
        "SlurmPartition of a Job is no name of a partition (queue): it holds a blank or another character that no such name has.",
        "Give a name as `sinfo` lists it, or several with commas between them; leave it out for the cluster's default.");

    public static readonly DiagnosticRule BadSlurmArguments = new(
        "DBLD1037", Severity.Error, "Bad arguments for sbatch",
        "SlurmArguments of a Job holds an option that the engine sets itself, such as --array, --job-name or --output, or something that is no option.",
        "Remove it: Cpus, Memory, Timeout and SlurmPartition have metadata of their own. Write the others as sbatch has them: SlurmArguments=\"--account=research --qos=long\".");

    public static readonly DiagnosticRule IncludeOfNothing = new(
        "DBLD1031", Severity.Error, "An Include that comes to nothing",
        "The Include of an item is blank, or names a property that is not defined. MSBuild makes no item of it and says nothing.",
        "Correct the property's name or define it. Where it may be empty, say so: Condition=\"'$(Name)' != ''\" on the item.");

    public static readonly DiagnosticRule JobKeepsChanging = new(
        "DBLD5050", Severity.Error, "A job's own files keep changing",
        "The files that a job consists of changed again and again while its runs were under way: the job writes to its own script, or somebody edits it. What it made is published, and stale.",
        "Let the job write elsewhere, or build again when nobody edits its files.");

    public static readonly DiagnosticRule JobChangedMeanwhile = new(
        "DBLD5051", Severity.Warning, "A job's own files changed during the build",
        "A file that a job consists of changed after the build began. What the job made meanwhile was made by a mixture of both, so it is made again; that costs no retry.",
        "Nothing, if somebody edited the job. A job that writes to its own files should write elsewhere.");

    public static readonly DiagnosticRule WroteBesideOutput = new(
        "DBLD5052", Severity.Warning, "A job wrote outside its output folder",
        "Beside the folders of runs there is something that no run was given, such as DATABUILD_OUTPUT_ROOT/../name. It is removed. What a job writes elsewhere on the machine cannot be seen.",
        "Let the job write below DATABUILD_OUTPUT_ROOT, and temporary files below TMPDIR.");

    public static readonly DiagnosticRule InTheWay = new(
        "DBLD5053", Severity.Error, "Something stands where a partition is to be",
        "At a partition's place in the data root there is a file or folder that no build put there. It is kept, and the job is not run.",
        "Take it in as it is with `databuild adopt REF`, or move or delete it and build again.");

    public static readonly DiagnosticRule OutputMisplaced = new(
        "DBLD5054", Severity.Error, "A job wrote into the data root",
        "A job exited 0 and left nothing below DATABUILD_OUTPUT_ROOT, but at the partition's place in the data root something appeared while it ran. What is written there directly could be read half done, and is not taken.",
        "Let the job write to DATABUILD_OUTPUT_ROOT/<ref>, which is published when the run has ended; delete what it left in the data root.");
}
