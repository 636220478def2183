namespace DataBuild.Engine.Execution.Slurm;

/// <summary>A batch that is being handed over, and what became of it.</summary>
/// <param name="Manifest">Which runs it holds.</param>
/// <param name="Runs">Those, in the order of the manifest.</param>
internal sealed record Submission(Manifest Manifest, IReadOnlyList<ClusterRun> Runs)
{
    /// <summary>What sbatch said.</summary>
    public ToolAnswer? Answer { get; init; }

    /// <summary>Why the manifest could not be written; sbatch was not called then.</summary>
    public string? Unwritable { get; init; }
}
