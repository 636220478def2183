namespace DataBuild.Engine.Execution.Slurm;

/// <summary>How a Slurm executor works and what bounds it keeps. Made from the request by whoever makes the executor.</summary>
public sealed record SlurmOptions
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

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes kept of each of stdout and stderr; of what is longer the first part and the last 16 KiB are kept.</summary>
    public long OutputLimit { get; init; } = 64L << 20;

    /// <summary>Bytes of one message line.</summary>
    public int MessageLineLimit { get; init; } = 1 << 20;

    /// <summary>Bytes of all messages of a run together.</summary>
    public long MessagesLimit { get; init; } = 64L << 20;

    /// <summary>Null if the text is a ref or set that a job may name, else what is wrong with it.</summary>
    public Func<string, string?> CheckRef { get; init; } = RefCheck.Problem;
}
