using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// Watches the folders that a service is about: data root, project and sources. What it sees is a hint to look; what it misses, the sweep
/// finds. What changes is told in batches, when it has come to rest for a moment.
/// </summary>
internal sealed class ServiceFiles : IDisposable
{
    private static readonly TimeSpan rest = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly HashSet<string> changed = new(StringComparer.Ordinal);
    private readonly List<FileSystemWatcher> watchers = [];
    private readonly Func<string, bool> isOfNoConcern;
    private readonly Action<IReadOnlyCollection<string>> tell;
    private readonly Timer timer;
    private bool isEnding;

    private ServiceFiles(Func<string, bool> isOfNoConcern, Action<IReadOnlyCollection<string>> tell)
    {
        this.isOfNoConcern = isOfNoConcern;
        this.tell = tell;
        timer = new Timer(_ => Tell());
    }

    /// <param name="workspace">Where things are.</param>
    /// <param name="graph">The graph whose sources are watched.</param>
    /// <param name="tell">Told of full paths that may have changed.</param>
    /// <param name="lost">Told that changes may have been missed.</param>
    /// <param name="say">Told of what cannot be watched.</param>
    public static ServiceFiles Watch(Workspace workspace, GraphLookup graph, Action<IReadOnlyCollection<string>> tell, Action lost, Action<Diagnostic> say)
    {
        string[] own = [workspace.StateDirectory + "/", workspace.DataRoot + "/.databuild", workspace.ProjectFolder + "/obj/"];
        var files = new ServiceFiles(path => Array.Exists(own, folder => path.StartsWith(folder, StringComparison.Ordinal)) || path.Contains("/bin/", StringComparison.Ordinal) || path.Contains("/obj/", StringComparison.Ordinal), tell);
        var folders = new List<string> { workspace.DataRoot, workspace.ProjectFolder };
        folders.AddRange(graph.Document.Sources.Select(source => FixedFolder(source.Path, workspace.ProjectFolder)));
        folders.AddRange(graph.Document.Jobs.SelectMany(job => job.ProgramFiles).Select(file => Path.GetDirectoryName(Path.GetFullPath(file, workspace.ProjectFolder))!));
        foreach (string folder in Outermost(folders.Where(Directory.Exists)))
        {
            files.Add(folder, lost, say);
        }

        return files;
    }

    public void Dispose()
    {
        watchers.ForEach(watcher => watcher.Dispose());
        lock (gate)
        {
            isEnding = true;
        }

        // Who is being told is told to the end: nobody is there to listen after this.
        timer.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Add(string folder, Action lost, Action<Diagnostic> say)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += (_, e) => See(e.FullPath);
            watcher.Created += (_, e) => See(e.FullPath);
            watcher.Deleted += (_, e) => See(e.FullPath);
            watcher.Renamed += (_, e) =>
            {
                See(e.OldFullPath);
                See(e.FullPath);
            };
            watcher.Error += (_, _) => lost();
            watcher.EnableRaisingEvents = true;
            watchers.Add(watcher);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            watcher?.Dispose();
            say(Rules.NotWatched.At($"'{folder}' is not watched for changes ({e.Message}); what changes there is seen when everything is looked at, or when somebody builds"));
        }
    }

    private void See(string path)
    {
        if (isOfNoConcern(path))
        {
            return;
        }

        lock (gate)
        {
            if (!isEnding && changed.Add(path) && changed.Count == 1)
            {
                timer.Change(rest, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Tell()
    {
        string[] paths;
        lock (gate)
        {
            paths = [.. changed];
            changed.Clear();
        }

        tell(paths);
    }

    /// <summary>The folder that all paths of a source lie in: what comes before its first placeholder.</summary>
    private static string FixedFolder(string path, string projectFolder)
    {
        int hole = path.IndexOf('{', StringComparison.Ordinal);
        string fixedPart = hole < 0 ? path : path[..hole];
        int slash = fixedPart.LastIndexOf('/');
        return Path.GetFullPath(slash < 0 ? "." : fixedPart[..(slash + 1)], projectFolder);
    }

    /// <summary>Each watcher watches what is below it.</summary>
    private static IEnumerable<string> Outermost(IEnumerable<string> folders)
    {
        var sorted = folders.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal).ToList();
        return sorted.Where(folder => !sorted.Exists(other => other != folder && folder.StartsWith(other + "/", StringComparison.Ordinal)));
    }
}
