using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>A service as it is: real processes, real time, a project that changes when a test says so. It ends with the test.</summary>
internal sealed class Service : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(180);

    private readonly CancellationTokenSource stop = new();
    private readonly List<EngineMessage> heard = [];
    private Task<BuildOutcome>? serving;

    public Service()
    {
        Folder = Directory.CreateTempSubdirectory("databuild live äö ").FullName;
        Request = new EngineRequest
        {
            Graph = new GraphDocument { Name = "live" },
            ProjectFile = Path.Combine(Folder, "live.dbproj"),
            DataRoot = Path.Combine(Folder, "data"),
            StateDirectory = Path.Combine(Folder, ".databuild"),
            Parallelism = 1,
            MaxRebuilds = -1,
        };
    }

    public string Folder { get; }

    /// <summary>What the project is compiled to.</summary>
    public EngineRequest Request { get; }

    public GraphDocument Graph => Request.Graph;

    public void Write(string path, string text) => File.WriteAllText(Path.Combine(Folder, path), text);

    public void Start()
    {
        Write("live.dbproj", "<Project />");
        var options = new ServeOptions { Restarts = false, Compile = _ => Task.FromResult<EngineRequest?>(Request.Clone()) };
        serving = Task.Run(() => new ServeSession(Request.Clone(), options, Hear, TimeProvider.System).RunAsync(stop.Token));
    }

    /// <summary>The project file is written anew, as it is in <see cref="Request"/>.</summary>
    public void ChangeProject() => Write("live.dbproj", $"<Project><!-- {Guid.NewGuid()} --></Project>");

    /// <summary>A line or warning that holds this text, said now or before, so often.</summary>
    public async Task SaysAsync(string text, int times = 1)
    {
        var until = DateTime.UtcNow + patience;
        while (Texts().Count(said => said.Contains(text, StringComparison.Ordinal)) < times)
        {
            Assert.True(DateTime.UtcNow < until && !serving!.IsCompleted, $"never said {times} times: {text}\n{string.Join('\n', Texts())}");
            await Task.Delay(20);
        }
    }

    public List<string> Texts()
    {
        lock (heard)
        {
            return [.. heard.Select(message => message.Line?.Text ?? (message.Diagnostic is { } diagnostic ? $"{diagnostic.Code}: {diagnostic.Text}" : ""))];
        }
    }

    /// <summary>Milliseconds from each result of a job's run to the start of the process after it, shortest first. Of a chain, in which nothing else happens.</summary>
    public List<double> Waits(string job)
    {
        using var log = SqliteBuildEventLog.OpenReader(Path.Combine(Request.StateDirectory, "log.db"));
        var jobs = new Dictionary<string, string>(StringComparer.Ordinal);
        var ends = new List<(DateTimeOffset Taken, DateTimeOffset Started)>();
        foreach (var (_, e) in log.Read(1))
        {
            if (e.JobRunQueue is { } queue)
            {
                jobs[queue.RunId] = queue.Job;
            }
            else if (e.JobRunSuccess is { End: { } end } && jobs[end.RunId] == job)
            {
                ends.Add((e.Timestamp.ToDateTimeOffset(), end.Started.ToDateTimeOffset()));
            }
        }

        return [.. ends.Zip(ends.Skip(1), (one, next) => (next.Started - one.Taken).TotalMilliseconds).Order()];
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (serving is not null)
        {
            await serving;
        }

        stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Hear(EngineMessage message)
    {
        lock (heard)
        {
            heard.Add(message);
        }
    }
}
