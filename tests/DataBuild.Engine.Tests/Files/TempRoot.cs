using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Files;

/// <summary>A data root of its own for one test, below the temporary folder; readable by every user.</summary>
internal sealed class TempRoot : IDisposable
{
    public const string LogId = "0193-log";
    private static int count;
    private readonly List<IDisposable> owned = [];

    public TempRoot(string? below = null)
    {
        Folder = Path.Join(
            below ?? Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"databuild files {Environment.ProcessId}-{Interlocked.Increment(ref count)}"));
        Directory.CreateDirectory(Folder);
        Data = Path.Join(Folder, "data");
    }

    /// <summary>Holds the data root and whatever else the test needs.</summary>
    public string Folder { get; }

    public string Data { get; }

    public string Reserved => Path.Join(Data, ".databuild");

    public List<Diagnostic> Warnings { get; } = [];

    public DataRoot Open(bool create = true)
    {
        var root = DataRoot.Open(Data, LogId, create);
        owned.Add(root);
        return root;
    }

    public PartitionStore Store(ulong term = 1, Disk? disk = null, Durability durability = Durability.None) =>
        new(Open(), term, durability, new FileObserver(), Warn, disk ?? new Disk());

    /// <summary>What a job would do: writes below the run's staging directory.</summary>
    public static void Write(string staging, string path, string content)
    {
        var full = Path.Join(staging, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    /// <summary>A whole run, from staging to published.</summary>
    public static void Run(PartitionStore store, string runId, IReadOnlyList<string> refs, params (string Path, string Content)[] files)
    {
        var staging = store.Stage(runId, refs);
        foreach (var (path, content) in files)
        {
            Write(staging, path, content);
        }

        store.Inspect(runId, refs);
        store.Prepare(runId);
        store.Sync();
        store.Publish(runId, refs);
    }

    public string Read(string path) => File.ReadAllText(Path.Join(Data, path));

    public static void SetMode(string path, string octal) => Assert.Equal(0, Libc.ChangeMode(path, Convert.ToUInt32(octal, 8)));

    /// <summary>Every file below a folder with its content, relative and sorted; empty folders end in a slash.</summary>
    public static string Tree(string folder) => string.Join(
        "; ",
        Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Where(path => File.Exists(path) || !Directory.EnumerateFileSystemEntries(path).Any())
            .Select(path => Path.GetRelativePath(folder, path) + (File.Exists(path) ? "=" + File.ReadAllText(path) : "/"))
            .Order(StringComparer.Ordinal));

    /// <summary>Partitions only.</summary>
    public string Published() => string.Join("; ", Tree(Data).Split("; ").Where(path => !path.StartsWith(".databuild", StringComparison.Ordinal)));

    /// <summary>What is in the reserved folder beside the marker.</summary>
    public IEnumerable<string> Garbage() =>
        Directory.EnumerateFileSystemEntries(Reserved).Select(path => Path.GetFileName(path)!).Where(name => name != "marker").Order(StringComparer.Ordinal);

    public static DataBuildException Refused(DiagnosticRule rule, Action action)
    {
        var error = Assert.Throws<DataBuildException>(action);
        Assert.Equal(rule, error.Rule);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }

    public void Dispose()
    {
        owned.ForEach(one => one.Dispose());
        FolderRemover.Remove(new Disk(), Folder, out _);
    }

    private void Warn(Diagnostic diagnostic)
    {
        lock (Warnings)
        {
            Warnings.Add(diagnostic);
        }
    }
}
