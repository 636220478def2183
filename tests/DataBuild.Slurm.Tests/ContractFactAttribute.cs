using DataBuild.Slurm.Tests;

namespace DataBuild.Tests.Contract;

/// <summary>A test of the contract, here of the Slurm executor.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContractFactAttribute : FactAttribute
{
    public ContractFactAttribute() => Skip = PrivateCluster.Missing;
}
