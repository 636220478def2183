namespace DataBuild.Slurm.Tests;

/// <summary>All tests of one cluster, one after the other: some take parts of it away.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterTests : ICollectionFixture<PrivateCluster>
{
    public const string Name = "Slurm";
}
