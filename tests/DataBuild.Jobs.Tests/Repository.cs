using System.Reflection;

namespace DataBuild.Jobs.Tests;

/// <summary>Where things are in this repository, as the build knew it.</summary>
internal static class Repository
{
    public static string Root => Metadata("RepositoryRoot");

    public static string FlightsJobs => Metadata("FlightsJobs");

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
