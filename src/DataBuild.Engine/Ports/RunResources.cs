namespace DataBuild.Engine.Ports;

/// <summary>What a run asks of the machine it is placed on. Runs with equal ones may be submitted together.</summary>
public sealed record RunResources
{
    public static RunResources None { get; } = new();

    /// <summary>Processors; 0 for what the cluster gives unless asked.</summary>
    public int Cpus { get; init; }

    /// <summary>Bytes of memory; 0 for what the cluster gives unless asked.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Name of the Slurm partition (queue); empty for the cluster's default.</summary>
    public string SlurmPartition { get; init; } = "";

    /// <summary>Further arguments for sbatch, as written in the project, quoted as a POSIX shell would.</summary>
    public string SlurmArguments { get; init; } = "";
}
