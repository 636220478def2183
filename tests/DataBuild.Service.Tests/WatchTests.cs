using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Tests;

public sealed class WatchTests
{
    [Fact]
    public async Task Eight_watchers_that_begin_at_any_time_are_each_told_of_every_event_once()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        await service.UntilLiveAsync("made/1", "made/2", "made/3");
        const int Writes = 200;
        var writing = Task.Run(async () =>
        {
            for (int i = 0; i < Writes; i++)
            {
                await service.WantAsync($"n{i}", $"made/{100 + i}");
            }
        });
        var watchers = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            await service.UntilAsync(() => Task.FromResult(service.Door.Feed.Last > (ulong)(i * 20)));
            using var call = service.Client.WatchEvents(i % 2 == 0 ? new WatchEventsRequest { Snapshot = true } : new WatchEventsRequest { Since = 5 });
            return await ReadUntilAsync(call, e => e.WantCreate?.Want.WantId == $"want-n{Writes - 1}");
        })).ToList();
        await writing;
        var stored = project.Events();
        foreach (var seen in await Task.WhenAll(watchers))
        {
            Assert.Equal(Enumerable.Range(0, seen.Events.Count).Select(i => seen.Begin.Offset + 1 + (ulong)i), seen.Events.Select(e => e.Offset));
            Assert.All(seen.Events, e => Assert.Equal(stored[(int)e.Offset - 1].Event, e.Event));
            if (seen.SnapshotEnd is { } end)
            {
                Assert.Equal(seen.Begin.Offset, end);
                Assert.All(["made/1", "made/2", "made/3"], @ref => Assert.True(seen.Refs.Single(row => row.Ref == @ref).Live));

                // What the snapshot has and what the events bring are together what there is, and nothing is in both.
                var wants = seen.Wants.Concat(seen.Events.Where(e => e.Event.WantCreate is not null).Select(e => e.Event.WantCreate.Want.WantId)).Where(id => id.StartsWith("want-n", StringComparison.Ordinal)).ToList();
                Assert.Equal(wants.Distinct(), wants);
                var ended = stored.Where(e => e.Offset <= end && e.Event.WantEnd is not null).Select(e => e.Event.WantEnd.WantId).ToHashSet();
                Assert.Equal(Enumerable.Range(0, Writes).Select(i => $"want-n{i}").Where(id => !ended.Contains(id)).Order(StringComparer.Ordinal), wants.Where(id => !ended.Contains(id)).Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task A_watcher_resumes_where_it_was_and_is_told_only_what_passes_its_filter()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        await service.UntilLiveAsync("made/1", "made/2", "made/3");
        ulong last;
        using (var first = service.Client.WatchEvents(new WatchEventsRequest { Since = 1 }))
        {
            last = (await ReadUntilAsync(first, e => e.JobRunSuccess is not null)).Events[^1].Offset;
        }

        await service.WantAsync("a", "made/70");
        await service.WantAsync("b", "made/71");
        using (var again = service.Client.WatchEvents(new WatchEventsRequest { Since = last + 1 }))
        {
            var seen = await ReadUntilAsync(again, e => e.WantCreate?.Want.WantId == "want-b");
            Assert.Equal(last, seen.Begin.Offset);
            Assert.Equal(last + 1, seen.Events[0].Offset);
        }

        using (var filtered = service.Client.WatchEvents(new WatchEventsRequest { Since = 1, Filter = new EventSelection { WantIds = { "want-b" } } }))
        {
            Assert.Equal("want-b", (await ReadUntilAsync(filtered, _ => true)).Events[0].Event.WantCreate.Want.WantId);
        }

        using var early = service.Client.WatchEvents(new WatchEventsRequest { Since = 1_000_000 });
        Assert.Equal(StatusCode.OutOfRange, (await Assert.ThrowsAsync<RpcException>(() => early.ResponseStream.MoveNext())).StatusCode);
        using var both = service.Client.WatchEvents(new WatchEventsRequest { Since = 1, Snapshot = true });
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => both.ResponseStream.MoveNext())).StatusCode);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_is_told_from_where_to_catch_up()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project, new ApiLimits { MostBehind = 20, Patience = TimeSpan.FromMilliseconds(500), MostStreams = 1 });
        await service.UntilLiveAsync("made/1", "made/2", "made/3");
        using var call = service.Client.WatchEvents(new WatchEventsRequest { Since = 1 });
        Assert.True(await call.ResponseStream.MoveNext());
        using (var another = service.Client.WatchEvents(new WatchEventsRequest { Since = 1 }))
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => another.ResponseStream.MoveNext());
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            Assert.StartsWith("DBLD7015: ", refused.Status.Detail, StringComparison.Ordinal);
        }

        // More than HTTP/2 takes before it is read: comments make events large.
        string comment = new('c', 4_000);
        for (int i = 0; i < 400; i++)
        {
            await service.Client.CreateWantAsync(new CreateWantRequest { CommandId = $"big{i}", Want = new WantCommand { Partitions = new PartitionSet { Expressions = { "made/1" } }, Comment = comment } });
        }

        ulong next = 1;
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
                next = call.ResponseStream.Current.Event is { } e ? e.Offset + 1 : next;
            }
        });
        Assert.Equal(StatusCode.Aborted, ended.StatusCode);
        Assert.Contains("DBLD7016: catch up from offset ", ended.Status.Detail, StringComparison.Ordinal);
        ulong from = ulong.Parse(ended.Trailers.GetValue("databuild-offset")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(from, 2ul, next);

        using var caughtUp = service.Client.WatchEvents(new WatchEventsRequest { Since = from });
        var seen = await ReadUntilAsync(caughtUp, e => e.WantCreate?.Want.WantId == "want-big399");
        Assert.Equal(from, seen.Events[0].Offset);
    }

    [Fact]
    public async Task A_watch_ends_with_the_service()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        using var call = service.Client.WatchEvents(new WatchEventsRequest());
        Assert.True(await call.ResponseStream.MoveNext());
        service.Stop();
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
                // What was stored until then.
            }
        });
        Assert.Equal(StatusCode.Unavailable, ended.StatusCode);
    }

    private static async Task<Seen> ReadUntilAsync(AsyncServerStreamingCall<WatchMessage> call, Func<BuildEvent, bool> isLast)
    {
        var seen = new Seen();
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await call.ResponseStream.MoveNext(late.Token))
        {
            var message = call.ResponseStream.Current;
            seen.Begin = message.Begin ?? seen.Begin;
            seen.SnapshotEnd = message.SnapshotEnd?.Offset ?? seen.SnapshotEnd;
            seen.Refs.AddRange(message.Snapshot?.Refs ?? []);
            seen.Wants.AddRange(message.Snapshot?.Wants.Select(want => want.WantId) ?? []);
            if (message.Event is { } e)
            {
                seen.Events.Add(e);
                if (isLast(e.Event))
                {
                    return seen;
                }
            }
        }

        throw new InvalidOperationException("the stream ended");
    }

    private sealed class Seen
    {
        public WatchBegin Begin { get; set; } = new();

        public ulong? SnapshotEnd { get; set; }

        public List<LoggedEvent> Events { get; } = [];

        public List<SnapshotRef> Refs { get; } = [];

        public List<string> Wants { get; } = [];
    }
}
