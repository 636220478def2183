using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Tasks.Mirror;

/// <summary>
/// What the build's log is to hold of one call of the engine, as files to embed: they survive wherever a task runs, which events do
/// not. In a folder of its own, for MSBuild embeds a path once a build, and reads it when it gets to it.
/// </summary>
internal sealed class BuildRecord : IDisposable
{
    /// <summary>A line a run: of a build with more than fits, its failed runs are kept, and of those as many again.</summary>
    private const long MostBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly string _folder;
    private readonly FailedLogs _logs;
    private StreamWriter? _lines;
    private long _bytes;

    public BuildRecord(string root, string call)
    {
        _folder = Path.Combine(root, call);
        _logs = new FailedLogs(Path.Combine(_folder, "logs"));
        Guarded(Begin);
    }

    /// <summary>Why some of it could not be written, if so: no build fails for that.</summary>
    public string? Problem { get; private set; }

    public void Add(RunReport run, string json)
    {
        var failed = run.State == "Failed";
        Line("run", json, failed ? 2 * MostBytes : MostBytes);
        if (failed)
        {
            Guarded(() => _logs.Add(run));
        }
    }

    public void Add(JobSkip skip) => Line("skip", JsonFormatter.Default.Format(skip), MostBytes);

    /// <summary>The files, once nothing more is to come.</summary>
    public IReadOnlyList<string> End(EngineRequest request)
    {
        Guarded(() =>
        {
            _lines?.Dispose();
            _lines = null;
            var asked = new EngineRequest(request) { Graph = null };
            File.WriteAllText(Path.Combine(_folder, "request.json"), JsonFormatter.Default.Format(asked));
            Copy(request.PlanFile, "plan.json");
            Copy(request.ResultFile, "result.json");
            Copy(Path.Combine(Path.GetDirectoryName(request.ResultFile)!, "graph.json"), "graph.json");
        });
        return Problem is null ? Directory.GetFiles(_folder, "*", SearchOption.AllDirectories) : [];
    }

    public void Dispose() => _lines?.Dispose();

    private void Begin()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        Directory.CreateDirectory(_folder);
        _lines = new StreamWriter(Path.Combine(_folder, "runs.jsonl"));
        foreach (var old in Directory.GetDirectories(Path.GetDirectoryName(_folder)!).Where(IsOld))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Commands with other properties leave folders that nothing would ever replace.</summary>
    private static bool IsOld(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).All(file => DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > Kept);

    private void Line(string kind, string json, long most)
    {
        if (_bytes + json.Length > most)
        {
            return;
        }

        _bytes += json.Length;
        Guarded(() => _lines?.Write("{ \"" + kind + "\": " + json + " }\n"));
    }

    private void Copy(string file, string name)
    {
        if (File.Exists(file))
        {
            File.Copy(file, Path.Combine(_folder, name));
        }
    }

    private void Guarded(Action write)
    {
        if (Problem is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Problem = exception.Message;
        }
    }
}
