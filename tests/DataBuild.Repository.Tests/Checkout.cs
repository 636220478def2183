namespace DataBuild.Repository.Tests;

/// <summary>The files of this checkout.</summary>
internal static class Checkout
{
    private static readonly string[] made = ["bin", "obj", ".git", ".databuild", "data", "node_modules", "TestResults"];

    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Files below a folder, by their path from the root, what is made left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern)
    {
        string full = Path.Combine(Root, folder);
        if (!Directory.Exists(full))
        {
            yield break;
        }

        foreach (string file in Directory.EnumerateFiles(full, pattern))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (string below in Directory.EnumerateDirectories(full).Where(below => !made.Contains(Path.GetFileName(below))))
        {
            foreach (string file in Files(Path.GetRelativePath(Root, below), pattern))
            {
                yield return file;
            }
        }
    }

    /// <summary>
    /// The committed file must be this text. With DATABUILD_ACCEPT=1 it is made so instead, for the change to be read and committed.
    /// </summary>
    public static void Approve(string path, string text)
    {
        string full = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("DATABUILD_ACCEPT") == "1")
        {
            File.WriteAllText(full, text);
        }

        Assert.True(File.Exists(full), $"{path} is missing; DATABUILD_ACCEPT=1 makes it");
        Assert.Equal(text, File.ReadAllText(full));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DataBuild.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("the tests do not lie in the repository");
        }

        return folder.FullName;
    }
}
