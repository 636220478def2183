namespace DataBuild.Slurm.Tests;

/// <summary>A test that needs a real Slurm; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = PrivateCluster.Missing;
}
