namespace DataBuild.Integration.Tests;

/// <summary>
/// Reads the data root time and again: whatever is visible must be what a partition finally is in one of the versions, whole.
/// </summary>
internal sealed class Sampler : IDisposable
{
    /// <summary>So that looking doesn't take the processor from what is looked at.</summary>
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(5);

    private const int AtOnce = 50;

    private readonly string root;
    private readonly IReadOnlyList<SortedDictionary<string, string>> versions;
    private readonly Thread thread;
    private readonly List<string> wrong = [];
    private readonly ManualResetEventSlim stop = new();
    private long samples;

    public Sampler(string root, IReadOnlyList<SortedDictionary<string, string>> versions)
    {
        this.root = root;
        this.versions = versions;
        thread = new Thread(Sample) { IsBackground = true };
        thread.Start();
    }

    public void CheckSoFar()
    {
        lock (wrong)
        {
            Assert.Empty(wrong);
        }
    }

    public void Check()
    {
        Dispose();
        Assert.Empty(wrong);
        Assert.True(samples > 0);
    }

    public void Dispose()
    {
        stop.Set();
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
        string[] names = [.. versions[0].Keys];
        int next = 0;
        do
        {
            samples++;
            for (int i = 0; i < Math.Min(names.Length, AtOnce); i++)
            {
                if (Problem(names[next++ % names.Length]) is { } problem)
                {
                    lock (wrong)
                    {
                        wrong.Add(problem);
                    }
                }
            }
        }
        while (!stop.Wait(pause));
    }

    private string? Problem(string name)
    {
        string path = Path.Combine(root, name);
        try
        {
            string seen = File.ReadAllText(path);
            return versions.Any(version => version[name] == seen) ? null : $"{name}: '{seen}'";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Not published yet. Of a folder that is there, every file must be.
            bool partial = name.Split('/').Length == 3 && Directory.Exists(Path.GetDirectoryName(path)) && !File.Exists(path);
            return partial ? $"{name} lacks in its folder" : null;
        }
    }
}
