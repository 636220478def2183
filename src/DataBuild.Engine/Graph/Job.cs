using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>A declared job, its metadata parsed and checked.</summary>
public sealed class Job
{
    /// <summary>Place in <see cref="GraphLookup.Jobs"/>.</summary>
    public required int Index { get; init; }

    public required string Label { get; init; }

    public required JobDefinition Definition { get; init; }

    /// <summary>The argument vector without the refs. Relative paths in it are relative to the project's folder.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public required IReadOnlyList<string> PassEnvironment { get; init; }

    /// <summary>Relative to the project's folder; empty for that folder itself.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Most refs a run is given.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Placeholders that the refs of a batch share; each family of the job has them.</summary>
    public required IReadOnlyList<string> BatchBy { get; init; }

    /// <summary>Null for no limit.</summary>
    public required int? MaxConcurrency { get; init; }

    /// <summary>Slots of pools that a run holds; never more than the pool has.</summary>
    public required IReadOnlyDictionary<string, int> Pools { get; init; }

    /// <summary>Null for no limit.</summary>
    public required TimeSpan? Timeout { get; init; }

    public required int Retries { get; init; }

    public required TimeSpan RetryDelay { get; init; }

    /// <summary>Null if every code may be retried.</summary>
    public required IReadOnlySet<int>? RetryExitCodes { get; init; }

    /// <summary>How many runs may fail in a row before the job is quarantined; 0 for any number.</summary>
    public required int QuarantineAfter { get; init; }

    public required OnStale OnStale { get; init; }

    /// <summary>One of <see cref="ExecutorNames"/>.</summary>
    public required string Executor { get; init; }

    /// <summary>Processors that a run asks for; null for what its executor gives unless asked.</summary>
    public required int? Cpus { get; init; }

    /// <summary>Bytes of memory that a run asks for; null for what its executor gives unless asked.</summary>
    public required long? Memory { get; init; }

    /// <summary>The partition (queue) of Slurm; empty for the cluster's default.</summary>
    public required string SlurmPartition { get; init; }

    /// <summary>Further arguments for sbatch, as written.</summary>
    public required string SlurmArguments { get; init; }
}
