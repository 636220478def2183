using System.Net;
using DataBuild.Cli;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Integration.Tests;
using DataBuild.V1;
using Grpc.Net.Client;

namespace DataBuild.Service.Tests;

/// <summary>A service in this process, with its API at a free port of loopback: the session, log, files and jobs are real.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ServiceDoor door;
    private readonly List<string> said;
    private readonly IServiceApi api;
    private readonly Task<BuildOutcome> serving;

    private TestService(TestProject project, IServiceApi api, List<string> said, ServiceDoor door)
    {
        this.api = api;
        this.said = said;
        this.door = door;
        serving = Task.Run(() => new ServeSession(project.Request(), new ServeOptions { Door = door }, Hear, TimeProvider.System).RunAsync(stop.Token));
        Url = ((ApiHost)api).Url;
        Channel = GrpcChannel.ForAddress(Url);
        Client = new DataBuildService.DataBuildServiceClient(Channel);
        Http = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public string Url { get; }

    public GrpcChannel Channel { get; }

    public DataBuildService.DataBuildServiceClient Client { get; }

    public HttpClient Http { get; }

    public ServiceDoor Door => door;

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (said)
            {
                return [.. said];
            }
        }
    }

    public static async Task<TestService> StartAsync(TestProject project, ApiLimits? limits = null, ApiOptions? options = null)
    {
        var said = new List<string>();
        void Say(string line)
        {
            lock (said)
            {
                said.Add(line);
            }
        }

        var door = new ServiceDoor();
        var api = await ApiHost.StartAsync(options ?? new ApiOptions(0, null, false, false), Workspace.Of(project.Request()), door, Say, limits ?? new ApiLimits());
        var service = new TestService(project, api, said, door);
        await service.UntilAsync(async () => (await service.Http.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK);
        return service;
    }

    /// <summary>Three families: `made/N` of a job, `sum` of ten of them, and `bad`, which always fails.</summary>
    public static TestProject Project() => new TestProject()
        .Script("up", "mkdir -p \"$(dirname \"$out\")\"; echo \"$ref\" > \"$out\"; echo \"made $ref\"", job => job.BatchSize = "100")
        .Script("sum", "cat \"$in\"/made/? > \"$out\"")
        .Script("bad", "echo 'it is bad' >&2; exit 3")
        .Partition("made/{n:int}", "up")
        .Partition("sum/{s}", "sum", "made/{1..9}")
        .Partition("bad/{n:int}", "bad")
        .Want("made/{1..3}");

    /// <summary>Until it is so; looked at again after each event that is stored.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            ulong seen = door.Feed.Last;
            if (await isSo())
            {
                return;
            }

            try
            {
                using var soon = CancellationTokenSource.CreateLinkedTokenSource(late.Token);
                soon.CancelAfter(TimeSpan.FromMilliseconds(100));
                await door.Feed.AfterAsync(seen, soon.Token);
            }
            catch (OperationCanceledException) when (!late.IsCancellationRequested)
            {
                // What no event tells is looked at again.
            }
        }
    }

    public Task UntilLiveAsync(params string[] refs) => UntilAsync(async () =>
    {
        foreach (string @ref in refs)
        {
            if ((await Client.GetPartitionAsync(new GetPartitionRequest { Ref = @ref })).Verdict.State != RefState.Live)
            {
                return false;
            }
        }

        return true;
    });

    public Task<CommandReport> WantAsync(string key, string set) =>
        Client.CreateWantAsync(new CreateWantRequest { CommandId = key, Want = new WantCommand { Partitions = new PartitionSet { Expressions = { set } } } }).ResponseAsync;

    /// <summary>Asks it to end, as a signal does.</summary>
    public void Stop()
    {
        api.Drain();
        stop.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await serving;
        await api.DisposeAsync();
        door.Dispose();
        Channel.Dispose();
        Http.Dispose();
        stop.Dispose();
    }

    private void Hear(EngineMessage message)
    {
        lock (said)
        {
            said.Add(message.Diagnostic is { } diagnostic ? $"{diagnostic.Code}: {diagnostic.Text}" : message.Line?.Text ?? "");
        }
    }
}
