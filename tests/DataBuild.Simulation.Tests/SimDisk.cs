namespace DataBuild.Simulation.Tests;

/// <summary>What outlives an engine beside the log: sources, partitions, and the directories of runs.</summary>
internal sealed class SimDisk
{
    /// <summary>Content by path.</summary>
    public Dictionary<string, string> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>What a reader of the data root sees, by ref.</summary>
    public Dictionary<string, string> Partitions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, RunDirectory> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>A run's directory: where its job writes, and from where it is published.</summary>
    internal sealed class RunDirectory
    {
        public Dictionary<string, string> Outputs { get; } = new(StringComparer.Ordinal);

        /// <summary>Whose term alone may publish from it; 0 while the job writes.</summary>
        public ulong PublishTerm { get; set; }
    }
}
