using DataBuild.V1;

namespace DataBuild.Bench.Works;

/// <summary>Generated work: the same for every tool, each told in its own language.</summary>
internal sealed record Work
{
    public required string Name { get; init; }

    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>Files that are there beforehand.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    public required IReadOnlyList<PartitionDefinition> Partitions { get; init; }

    public IReadOnlyList<SourceDefinition> SourcePatterns { get; init; } = [];

    public required string Want { get; init; }

    /// <summary>What a target needs its job finds out when it runs: nothing is declared.</summary>
    public bool IsFound { get; init; }

    public int Count => Targets.Count;

    /// <summary>What the job writes for a target.</summary>
    public static string ContentOf(string target)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in target)
        {
            hash = unchecked((hash ^ c) * 1099511628211);
        }

        return $"{hash:x16}\n";
    }
}
