namespace DataBuild.Integration.Tests;

/// <summary>Reads the data root all the time: whatever is visible must be what a partition finally is, whole.</summary>
internal sealed class Sampler : IDisposable
{
    private readonly string root;
    private readonly SortedDictionary<string, string> expected;
    private readonly Thread thread;
    private readonly List<string> wrong = [];
    private volatile bool stop;
    private long samples;

    public Sampler(string root, SortedDictionary<string, string> expected)
    {
        this.root = root;
        this.expected = expected;
        thread = new Thread(Sample) { IsBackground = true };
        thread.Start();
    }

    public void Check()
    {
        Dispose();
        Assert.Empty(wrong);
        Assert.True(samples > 0);
    }

    public void Dispose()
    {
        stop = true;
        thread.Join();
    }

    /// <summary>Every file of the data root and its content; the engine's own folder left out.</summary>
    public static SortedDictionary<string, string> Read(string root)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.Exists(root) ? Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories) : [])
        {
            string name = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (!name.StartsWith(".databuild/", StringComparison.Ordinal))
            {
                files.Add(name, File.ReadAllText(file));
            }
        }

        return files;
    }

    private void Sample()
    {
        while (!stop)
        {
            samples++;
            foreach (var (name, content) in expected)
            {
                string path = Path.Combine(root, name);
                try
                {
                    string seen = File.ReadAllText(path);
                    if (seen != content)
                    {
                        wrong.Add($"{name}: '{seen}'");
                    }
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
                {
                    // Not published yet. Of a folder that is there, every file must be.
                    if (name.StartsWith("folder/", StringComparison.Ordinal) && Directory.Exists(Path.GetDirectoryName(path)) && !File.Exists(path))
                    {
                        wrong.Add($"{name} lacks in its folder");
                    }
                }
            }
        }
    }
}
