using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

// 5080-5099: runs on a Slurm cluster.
public static partial class Rules
{
    public static readonly DiagnosticRule SlurmMissing = new("DBLD5080", Severity.Error, "Slurm is not set up here",
        "A job is to run on Slurm, and Slurm's commands are not installed where the engine runs, or find no configuration.",
        "install slurm-client and set SLURM_CONF or /etc/slurm/slurm.conf, or build with -p:DataBuildExecutor=local");

    public static readonly DiagnosticRule SlurmRefused = new("DBLD5081", Severity.Error, "Slurm refuses the run",
        "What a job asks for cannot be had on this cluster: no such partition or account, more processors or memory than any node has, an option that sbatch does not know.",
        "mend Cpus, Memory, SlurmPartition or SlurmArguments of the job; `sinfo -o '%P %c %m %l'` shows what there is");

    public static readonly DiagnosticRule SlurmArgumentsUnusable = new("DBLD5082", Severity.Error, "SlurmArguments unusable",
        "SlurmArguments cannot be read as a shell would, holds what is no option of sbatch, or an option that DataBuild sets itself.",
        "keep to options that choose nodes, accounts and limits, as in `--constraint=ssd --qos=low`");

    public static readonly DiagnosticRule SlurmUnreachable = new("DBLD5083", Severity.Warning, "Slurm cannot be reached",
        "slurmctld or munge is down, restarting or too busy to answer. Nothing is lost by it: runs that were handed over go on.",
        "nothing, if it comes back by itself: it is asked again, ever more seldom; else see `scontrol ping` and the logs of slurmctld");

    public static readonly DiagnosticRule SlurmQueueFull = new("DBLD5084", Severity.Warning, "Slurm takes no more jobs at present",
        "A limit on the number of jobs is reached: MaxJobCount of the cluster, or MaxSubmitJobs of the account, user or QOS.",
        "nothing, if it passes: the rest is submitted later; else lower DataBuildSlurmMaxJobs or have the limit raised");

    public static readonly DiagnosticRule SlurmHolds = new("DBLD5085", Severity.Warning, "Slurm lets a run wait until somebody acts",
        "The run is held by a user or an administrator, asks for a node or partition that is down or drained, or for more than a limit allows.",
        "`scontrol release JOB` lets a held one go, `sinfo -R` says why nodes are away; or cancel the want");

    public static readonly DiagnosticRule SlurmNodeLost = new("DBLD5086", Severity.Error, "Node lost",
        "The node that a run was on failed, was taken down or is not heard of any more. The run may still be going on there: what it still writes is never looked at.",
        "nothing, if it happens once: the run is tried again; else see `sinfo -R` and keep the node out with --exclude in SlurmArguments");

    public static readonly DiagnosticRule SlurmLaunchFailed = new("DBLD5087", Severity.Error, "Slurm could not start the run on its node",
        "The node refused the run, which Slurm then put aside ('launch failed requeued held'): its prolog failed, or its slurmd still knows a job of that number.",
        "the run is tried again as another job; see `sinfo -R`, and `scontrol update nodename=NODE state=resume` for a node that was drained by it");

    public static readonly DiagnosticRule SlurmCancelled = new("DBLD5088", Severity.Error, "Cancelled in Slurm",
        "Somebody ended the run's job by scancel, or an administrator did; not this engine.",
        "ask who did and why (`scontrol show job JOB`), then `databuild retry` or build again");

    public static readonly DiagnosticRule SlurmPreempted = new("DBLD5089", Severity.Error, "Preempted",
        "Slurm took the run's node for a job of a higher priority.",
        "nothing: it is tried again; a partition or QOS that is not preempted (SlurmPartition, --qos in SlurmArguments) spares the work");

    public static readonly DiagnosticRule SlurmOutOfMemory = new("DBLD5090", Severity.Error, "Out of memory",
        "The run took more memory than it was given, and Slurm had it killed.",
        "raise Memory of the job, or lower its BatchSize");

    public static readonly DiagnosticRule SlurmTimeLimit = new("DBLD5091", Severity.Error, "Slurm's time limit",
        "The run took longer than Slurm allows it: the limit of its partition, or --time in SlurmArguments. Its own Timeout is enforced by the run itself.",
        "choose a SlurmPartition with a longer limit, raise --time, or lower BatchSize");

    public static readonly DiagnosticRule SlurmDeadline = new("DBLD5092", Severity.Error, "Slurm's deadline",
        "The run could not end before the --deadline of its SlurmArguments, and Slurm removed it.",
        "take --deadline out, or begin earlier");

    public static readonly DiagnosticRule SlurmShareNotSeen = new("DBLD5093", Severity.Error, "Node does not see the data root",
        "A job on the node did not find the engine's own file in the shared folder: the data root is not on shared storage, is mounted elsewhere there, or is not mounted.",
        "mount the storage at the same path on every node, or keep the node out with --exclude in SlurmArguments");

    public static readonly DiagnosticRule SlurmShareNotWritable = new("DBLD5094", Severity.Error, "Node cannot write to the data root",
        "A job on the node could not write its claim or exit file: no space, a read-only mount, or another user there.",
        "make room, mount it writable, and give the user the same number on every node");

    public static readonly DiagnosticRule SlurmNoTrace = new("DBLD5095", Severity.Error, "Run ended without a trace",
        "Slurm says that the run's job is over, and it has left no exit file: killed with its supervisor, or the node cannot write to the data root.",
        "nothing, if it happens once: the run is tried again; else see slurmd's log on the node");

    public static readonly DiagnosticRule SlurmForgot = new("DBLD5096", Severity.Error, "Slurm lost the run's job",
        "The run was ended by a signal that nobody here sent, and Slurm does not know its job: after a restart without its state, slurmctld ends what it does not know.",
        "nothing: the run is tried again; keep StateSaveLocation on reliable storage");

    public static readonly DiagnosticRule SlurmExchangeUnusable = new("DBLD5097", Severity.Error, "Shared folder cannot be used",
        "The folder .databuild/cluster below the data root, through which engine and jobs speak, cannot be read or written by the engine.",
        "make room, mount it writable, or mend its permissions");

    public static readonly DiagnosticRule SlurmTakenBack = new("DBLD5098", Severity.Error, "Run was taken back before it began",
        "An engine before this one had taken the run back from Slurm, and ended before it could log that.",
        "nothing: it never began, and is tried again");
}
