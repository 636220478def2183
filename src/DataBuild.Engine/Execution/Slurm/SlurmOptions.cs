using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>How a Slurm executor works and what bounds it keeps. Made from the request by whoever makes the executor.</summary>
public sealed record SlurmOptions : RunLimits
{
    /// <summary>Names the log: runs of other logs are nobody's business here.</summary>
    public required string LogId { get; init; }

    /// <summary>Of the lease that this engine holds; a later one takes its runs over.</summary>
    public required ulong Term { get; init; }

    /// <summary>Full path of the folder that engine and runs share, <c>.databuild/cluster</c> below the data root: scripts, claims, exit files, messages.</summary>
    public required string ExchangeDirectory { get; init; }

    /// <summary>Full path of the data root, on storage that every node sees.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Full path of the engine's own folder: log, run logs.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>How often the cluster is asked about all runs together.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a run may be unknown before the engine takes it for lost. The engine keeps that time; here for what is said of it.</summary>
    public TimeSpan UnknownTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most runs that are handed over at one time.</summary>
    public int MaxJobs { get; init; } = 1000;

    /// <summary>Most runs in one array; 0 for as many as the cluster allows. 1: a job for each run.</summary>
    public int MaxArraySize { get; init; }

    /// <summary>How often the folder of exit files is listed.</summary>
    public TimeSpan EndInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the first of some runs waits for others to be submitted with.</summary>
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// How long Slurm may not know a run, or say that it is over while there is no exit file, before that is believed: what it was told takes
    /// effect late, and a network file system shows files late.
    /// </summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most seconds that a job looks for the shared folder on its node.</summary>
    public int SharePatience { get; init; } = 30;

    /// <summary>The longest that one of Slurm's commands may take.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause between two tries while Slurm cannot be reached.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long what an ended run left in the shared folder is kept: longer than it takes to log its end.</summary>
    public TimeSpan KeepEnded { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Folder of Slurm's commands; empty to look in PATH.</summary>
    public string ToolsDirectory { get; init; } = "";

    /// <summary>Told of what holds runs up but is no failure, each once; from any thread.</summary>
    public Action<Diagnostic>? Warn { get; init; }
}
