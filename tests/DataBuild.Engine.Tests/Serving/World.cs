using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>
/// A service in a world whose time passes only while the service waits: real log and files, jobs that are done in no time, and things that
/// happen at their instants.
/// </summary>
internal sealed class World : TimeProvider, IDisposable
{
    private readonly PriorityQueue<Action, long> happenings = new();
    private readonly CancellationTokenSource stop = new();
    private DateTimeOffset now;
    private DateTimeOffset end;

    public World(DateTimeOffset start)
    {
        now = start;
        Folder = Directory.CreateTempSubdirectory("databuild service äö ").FullName;
        Graph.Name = "world";
    }

    public string Folder { get; }

    public GraphDocument Graph { get; } = new();

    public List<string> Lines { get; } = [];

    public List<Diagnostic> Said { get; } = [];

    /// <summary>Off for who looks at memory: what was said is then forgotten.</summary>
    public bool Remembers { get; set; } = true;

    /// <summary>How often the loop waited: what it costs to be idle.</summary>
    public int Waits { get; private set; }

    /// <summary>What a job does for one ref at its n-th attempt; null for success.</summary>
    public Func<string, string, int, string?> Job { get; set; } = (_, _, _) => null;

    /// <summary>What the request says beside the usual.</summary>
    public Action<EngineRequest> Ask { get; set; } = _ => { };

    public string DataRoot => Path.Combine(Folder, "data");

    public string Log => Path.Combine(Folder, ".databuild", "log.db");

    public override DateTimeOffset GetUtcNow() => now;

    public void At(DateTimeOffset instant, Action happens) => happenings.Enqueue(happens, instant.UtcTicks);

    public void Write(string path, string text)
    {
        string full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        File.SetLastWriteTimeUtc(full, now.UtcDateTime);
    }

    public async Task<BuildOutcome> ServeUntilAsync(DateTimeOffset instant)
    {
        end = instant;
        var request = new EngineRequest
        {
            Graph = Graph,
            ProjectFile = Path.Combine(Folder, "world.dbproj"),
            DataRoot = DataRoot,
            StateDirectory = Path.Combine(Folder, ".databuild"),
            Parallelism = 4,
            MaxRebuilds = -1,
        };
        Ask(request);
        var options = new ServeOptions { Watches = false, Restarts = false, Idle = Idle, Executor = sink => new InstantExecutor(sink, this) };
        return await new ServeSession(request, options, Hear, this).RunAsync(stop.Token);
    }

    public IReadOnlyList<StoredEvent> Events()
    {
        using var log = SqliteBuildEventLog.OpenReader(Log);
        return [.. log.Read(1)];
    }

    public void Dispose()
    {
        stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The service waits: time goes on to what it waits for, or to what happens before.</summary>
    private void Idle(TimeSpan atMost)
    {
        Waits++;
        var until = atMost == Timeout.InfiniteTimeSpan ? DateTimeOffset.MaxValue : now + atMost;
        if (happenings.TryPeek(out var happens, out long ticks) && ticks <= until.UtcTicks)
        {
            happenings.Dequeue();
            now = new DateTimeOffset(Math.Max(ticks, now.UtcTicks), TimeSpan.Zero);
            happens();
        }
        else
        {
            now = until;
        }

        if (now >= end)
        {
            stop.Cancel();
        }
    }

    private void Hear(EngineMessage message)
    {
        if (!Remembers)
        {
            return;
        }

        if (message.Line is { } line)
        {
            Lines.Add($"{now:MM-dd HH:mm} {line.Text}");
        }
        else if (message.Diagnostic is { } diagnostic)
        {
            Said.Add(diagnostic);
        }
    }

    /// <summary>Its jobs write the name of what they make, or fail as the world says.</summary>
    private sealed class InstantExecutor(IRunSink sink, World world) : IJobExecutor
    {
        public void Start(RunRequest request)
        {
            string? problem = null;
            foreach (string @ref in request.Refs)
            {
                problem ??= world.Job(request.Job, @ref, request.Attempt);
                string file = Path.Combine(request.OutputRoot, @ref);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, @ref);
            }

            Directory.CreateDirectory(request.LogDirectory);
            string log = Path.Combine(request.LogDirectory, "stdout.log");
            File.WriteAllText(log, problem ?? "done");
            File.SetLastWriteTimeUtc(log, world.now.UtcDateTime);
            Directory.SetLastWriteTimeUtc(request.LogDirectory, world.now.UtcDateTime);
            sink.Ended(new RunReturn
            {
                RunId = request.RunId,
                Ending = RunEnding.Exited,
                ExitCode = problem is null ? 0 : 1,
                Started = world.now,
                Duration = TimeSpan.Zero,
                Tail = problem ?? "",
                LogDirectory = request.LogDirectory,
            });
        }

        public void Cancel(string runId)
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
