using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Methods;

/// <summary>
/// One caller that watches. It takes events at its own pace, from the newest that are in memory or from the log: nothing is kept for
/// it, and it keeps nobody waiting. Each event is told once, in order, without a gap.
/// </summary>
internal sealed class Watch(ServiceDoor door, ApiLimits limits, IServerStreamWriter<WatchMessage> to, int elements, CancellationToken stop)
{
    private const int Batch = 256;

    /// <summary>How many events may be passed over before the caller is told of the place.</summary>
    private const int SilentEvents = 1_000;

    private static readonly EventFilter all = new();

    private ulong next;

    /// <summary>From an offset on, or from now on.</summary>
    public Task BeginAsync(ulong since, LogView view)
    {
        ulong last = door.Feed.Last;
        if (since > last + 1)
        {
            throw new DataBuildException(Rules.NoSuchOffset, $"there is no event {since} yet; the log holds events 1 to {last}, and {last + 1} will be the next one");
        }

        next = since == 0 ? last + 1 : since;
        return SendAsync(new WatchMessage { Begin = new WatchBegin { Offset = next - 1, LogId = view.Log.LogId } });
    }

    public async Task SnapshotAsync()
    {
        var snapshot = await door.Model.AskAsync(Snapshot.Of, stop).ConfigureAwait(false);
        await SendAsync(new WatchMessage { Begin = new WatchBegin { Offset = snapshot.Offset, LogId = snapshot.LogId } }).ConfigureAwait(false);
        foreach (var piece in snapshot.Pieces())
        {
            await SendAsync(new WatchMessage { Snapshot = piece }).ConfigureAwait(false);
        }

        await SendAsync(new WatchMessage { SnapshotEnd = new SnapshotEnd { Offset = snapshot.Offset } }).ConfigureAwait(false);
        next = snapshot.Offset + 1;
    }

    /// <summary>Until the caller hangs up or falls behind.</summary>
    public async Task FollowAsync(EventFilter filter, LogView view)
    {
        var matcher = filter == all ? null : Prime(new EventMatcher(filter), view);
        bool wasUpToDate = false;
        int silent = 0;
        while (true)
        {
            await door.Feed.AfterAsync(next - 1, stop).ConfigureAwait(false);
            ulong behind = door.Feed.Last - (next - 1);
            if (wasUpToDate && behind > limits.MostBehind)
            {
                throw FellBehind($"you are {behind} events behind");
            }

            var batch = door.Feed.From(next, Batch) ?? view.Log.Read(next, limit: Batch);
            foreach (var stored in batch)
            {
                stop.ThrowIfCancellationRequested();
                if (matcher?.Passes(stored.Event) != false)
                {
                    await SendAsync(new WatchMessage { Event = ServiceMethods.Fitting(stored, elements) }).ConfigureAwait(false);
                    silent = 0;
                }
                else if (++silent == SilentEvents)
                {
                    await SendAsync(new WatchMessage { Place = new WatchPlace { Offset = stored.Offset } }).ConfigureAwait(false);
                    silent = 0;
                }

                next = stored.Offset + 1;
            }

            wasUpToDate |= next > door.Feed.Last;
        }
    }

    /// <summary>What a run, want or taint was first said to be about, its later events are about too: all before are shown to it.</summary>
    private EventMatcher Prime(EventMatcher matcher, LogView view)
    {
        foreach (var stored in view.Log.Read(1))
        {
            if (stored.Offset >= next)
            {
                break;
            }

            stop.ThrowIfCancellationRequested();
            matcher.Passes(stored.Event);
        }

        return matcher;
    }

    private async Task SendAsync(WatchMessage message)
    {
        var sending = to.WriteAsync(message, stop);
        if (sending.IsCompletedSuccessfully)
        {
            return;
        }

        try
        {
            await sending.WaitAsync(limits.Patience, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw FellBehind($"no message was taken for {limits.Patience.TotalSeconds:0} s");
        }
    }

    private RpcException FellBehind(string how) => Statuses.Of(Rules.FellBehind.At($"catch up from offset {next}: {how}; watch again from there"), next);
}
