using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DataBuild.Cli.Tests;
using DataBuild.Engine.Log;
using DataBuild.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit.Abstractions;

namespace DataBuild.Remote.Tests;

/// <summary>200 wants a second with eight watchers, and then an engine that is killed again and again. For as many seconds as DATABUILD_LOAD says, else a short form.</summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private const int WantsASecond = 200;
    private const int Watchers = 8;

    private static readonly int seconds = int.TryParse(Environment.GetEnvironmentVariable("DATABUILD_LOAD"), out int asked) ? asked : 15;

    [Fact]
    public async Task Two_hundred_wants_a_second_with_eight_watchers_fail_none_and_memory_comes_to_rest()
    {
        using var project = Quick();
        using var service = await RemoteProcess.StartAsync(project);
        using var channel = GrpcChannel.ForAddress(service.Url);
        var client = new DataBuildService.DataBuildServiceClient(channel);
        using var stop = new CancellationTokenSource();
        var watchers = Enumerable.Range(0, Watchers).Select(_ => Task.Run(() => WatchAsync(client, stop.Token))).ToList();

        var memory = new List<long>();
        var asked = new List<Task>();
        var clock = Stopwatch.StartNew();
        double slowest = 0;
        int n = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            for (; n < clock.Elapsed.TotalSeconds * WantsASecond; n++)
            {
                asked.Add(WantAsync(client, n, took => slowest = Math.Max(slowest, took)));
            }

            if (memory.Count <= clock.Elapsed.TotalSeconds)
            {
                memory.Add(service.Resident);
            }

            await Task.Delay(5);
        }

        await Task.WhenAll(asked);
        double first = memory.Skip(memory.Count / 4).Take(memory.Count / 4).Average();
        double second = memory.TakeLast(memory.Count / 4).Average();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{asked.Count} wants in {clock.Elapsed.TotalSeconds:0.0} s, slowest answer {slowest:0} ms, load {File.ReadAllText("/proc/loadavg").Trim()}"));
        output.WriteLine($"resident, MB, second by second: {string.Join(' ', memory.Select(kilobytes => kilobytes / 1024))}");

        // Every want was made, and ended by itself; each watcher was told of each of them once.
        await UntilAsync(async () => (await client.ListWantsAsync(new ListWantsRequest { PageSize = 1_000 })).Report.Wants.All(want => want.Standing), service);
        var events = Read(project);
        Assert.Equal(asked.Count, events.Count(e => e.WantEnd is { State: WantEndState.Successful }));
        await stop.CancelAsync();
        foreach (var told in await Task.WhenAll(watchers))
        {
            Assert.Equal(Enumerable.Range(0, told.Count).Select(i => told[0] + (ulong)i), told);
            Assert.True(told.Count > asked.Count * 2, $"{told.Count} events");
        }

        // Minute by minute in the long form; the short one begins with a cold process.
        double bound = seconds >= 120 ? 1.1 : 1.6;
        Assert.True(second < first * bound, $"{first:0} kB, then {second:0} kB");
    }

    [Fact]
    public async Task What_was_acknowledged_outlives_kills()
    {
        using var project = Quick();
        var acknowledged = new ConcurrentBag<string>();
        int n = 0;
        var chance = new Random(4711);
        for (int round = 0; round < Math.Max(3, seconds / 12); round++)
        {
            using var service = await RemoteProcess.StartAsync(project);
            using var channel = GrpcChannel.ForAddress(service.Url);
            var client = new DataBuildService.DataBuildServiceClient(channel);
            var killed = Task.Run(async () =>
            {
                await Task.Delay(chance.Next(500, 2_500));
                service.Kill();
            });
            var asked = new List<Task>();
            while (!killed.IsCompleted)
            {
                asked.Add(TryWantAsync(client, n++, acknowledged));
                await Task.Delay(5);
            }

            await killed;
            await Task.WhenAll(asked);
        }

        using var last = await RemoteProcess.StartAsync(project);
        using var toLast = GrpcChannel.ForAddress(last.Url);
        await UntilAsync(async () => (await new DataBuildService.DataBuildServiceClient(toLast).ListWantsAsync(new ListWantsRequest { PageSize = 1_000 })).Report.Wants.All(want => want.Standing), last);
        var events = Read(project);
        var made = events.Where(e => e.WantCreate is not null).Select(e => e.WantCreate.Want.WantId).ToList();
        output.WriteLine($"{n} wants were sent, {acknowledged.Count} acknowledged, {made.Count} are in the log");
        Assert.NotEmpty(acknowledged);
        Assert.Empty(acknowledged.Except(made));
        Assert.Equal(made.Count, made.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(made.Count, events.Count(e => e.WantEnd is { State: WantEndState.Successful }));
    }

    /// <summary>A job that makes many at once and starts no process of its own.</summary>
    private static Project Quick()
    {
        var project = new Project().Partition("quick/{n:int}", "quick").Want("quick/0");
        File.WriteAllText(Path.Combine(project.Folder, "quick.sh"), "for ref in \"$@\"; do echo \"$ref\" > \"$DATABUILD_OUTPUT_ROOT/$ref\"; done");
        project.Graph.Jobs.Add(new JobDefinition { Label = "quick", Command = "sh quick.sh", BatchSize = "500" });
        return project;
    }

    private static async Task WantAsync(DataBuildService.DataBuildServiceClient client, int n, Action<double> took)
    {
        var clock = Stopwatch.StartNew();
        await client.CreateWantAsync(Want(n), deadline: DateTime.UtcNow.AddSeconds(60));
        took(clock.Elapsed.TotalMilliseconds);
    }

    private static async Task TryWantAsync(DataBuildService.DataBuildServiceClient client, int n, ConcurrentBag<string> acknowledged)
    {
        try
        {
            var report = await client.CreateWantAsync(Want(n), deadline: DateTime.UtcNow.AddSeconds(60));
            acknowledged.Add(report.WantIds.Single());
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
        {
            // It was killed: this one was not acknowledged.
        }
    }

    private static CreateWantRequest Want(int n)
    {
        string name = n.ToString(CultureInfo.InvariantCulture);
        return new CreateWantRequest { CommandId = $"load-{name}", Want = new WantCommand { Partitions = new PartitionSet { Expressions = { $"quick/{name}" } } } };
    }

    /// <summary>Offsets of the events that a watcher was told of.</summary>
    private static async Task<List<ulong>> WatchAsync(DataBuildService.DataBuildServiceClient client, CancellationToken stop)
    {
        var told = new List<ulong>();
        try
        {
            using var call = client.WatchEvents(new WatchEventsRequest { Since = 1 }, cancellationToken: stop);
            while (await call.ResponseStream.MoveNext(stop))
            {
                if (call.ResponseStream.Current.Event is { } e)
                {
                    told.Add(e.Offset);
                }
            }
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // Enough was seen.
        }

        return told;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo, RemoteProcess service)
    {
        var until = DateTime.UtcNow.AddSeconds(120);
        while (!await isSo())
        {
            Assert.True(DateTime.UtcNow < until, service.Said);
            await Task.Delay(100);
        }
    }

    private static List<BuildEvent> Read(Project project)
    {
        using var log = SqliteBuildEventLog.OpenReader(project.Log);
        return [.. log.Read(1).Select(stored => stored.Event)];
    }
}
