namespace DataBuild.Slurm.Tests;

internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DataBuild.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests are run from outside the repository");
    }
}
