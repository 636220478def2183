using System.Collections.Concurrent;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Tests.Cluster;

/// <summary>A project in a folder of its own whose jobs run on a fake cluster; log, files and engine are the real ones.</summary>
internal sealed class Site : IDisposable
{
    public Site()
    {
        Folder = Directory.CreateTempSubdirectory("databuild cluster äö ").FullName;
        Graph.Name = "site";
        Graph.Jobs.Add(new JobDefinition { Label = "far", Command = "far", Version = "1", Executor = "slurm", Cpus = "2", Memory = "4GB", SlurmPartition = "long", SlurmArguments = "--qos=high", RetryDelay = "1ms" });
        Graph.Partitions.Add(new PartitionDefinition { Pattern = "far/{n:int}", Job = "far" });
        Graph.Wants.Add(new WantDefinition { Partitions = "far/1" });
    }

    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public GraphDocument Graph { get; } = new();

    public FakeCluster Cluster { get; } = new();

    public ClusterSettings Settings { get; } = new() { UnknownTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(10)) };

    public ConcurrentQueue<EngineMessage> Said { get; } = new();

    public IEnumerable<string> Lines => Said.Where(message => message.Line is not null).Select(message => message.Line.Text);

    public LogPlace Place => new(Path.Combine(Folder, ".databuild", "log.db"), Path.Combine(Folder, ".databuild"), Folder);

    /// <summary>A build as the task asks for one.</summary>
    public Task<BuildResult> BuildAsync(CancellationToken stop = default, params string[] wants)
    {
        var session = new BuildSession(Request(wants), Said.Enqueue, TimeProvider.System) { MakeSlurm = Cluster.Connect };
        return Task.Run(() => session.RunAsync(stop), CancellationToken.None);
    }

    public EngineRequest Request(params string[] wants)
    {
        var request = new EngineRequest
        {
            Mode = EngineMode.Build,
            Graph = Graph,
            ProjectFile = Path.Combine(Folder, "site.dbproj"),
            DataRoot = Data,
            StateDirectory = Path.Combine(Folder, ".databuild"),
            Parallelism = 1,
            MaxRebuilds = -1,
            Cluster = Settings,
        };
        request.Wants.AddRange(wants);
        return request;
    }

    /// <summary>Begins a build, and stops it once the cluster has so many runs: they go on.</summary>
    public async Task<FakeRun[]> LeaveAsync(int runs = 1, params string[] wants)
    {
        using var stop = new CancellationTokenSource();
        var build = BuildAsync(stop.Token, wants);
        var given = Enumerable.Range(0, runs).Select(_ => Given()).ToArray();
        await stop.CancelAsync();
        Assert.Equal(BuildOutcome.Canceled, (await build).Outcome);
        return given;
    }

    /// <summary>The next run that the cluster is given.</summary>
    public FakeRun Given()
    {
        Assert.True(Cluster.Given.TryTake(out var run, TimeSpan.FromSeconds(60)), $"no run came: {string.Join("; ", Said)}");
        return run!;
    }

    public async Task<CommandReport> CommandAsync(CommandRequest command)
    {
        command.ProtocolVersion = CommandSession.Version;
        command.CommandId = Guid.NewGuid().ToString("D");
        return await new CommandSession(command, diagnostic => Said.Enqueue(new EngineMessage { Diagnostic = diagnostic }), TimeProvider.System).OnLogAsync(Place, CancellationToken.None);
    }

    public List<BuildEvent> Events()
    {
        using var log = SqliteBuildEventLog.OpenReader(Place.Log);
        return [.. log.Read(1).Select(stored => stored.Event)];
    }

    /// <summary>Returns once the log has an event of the kind.</summary>
    public BuildEvent Stored(Func<BuildEvent, bool> isIt)
    {
        using var view = LogView.Open(Place);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var follower = new LogFollower(view);
        return follower.Follow(1, new EventFilter(), () => { }, patience.Token).First(stored => isIt(stored.Event)).Event;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
