namespace DataBuild.Package.Tests;

/// <summary>All tests share one packing.</summary>
[CollectionDefinition(nameof(PackagesCollection))]
public sealed class PackagesCollection : ICollectionFixture<Feed>;
