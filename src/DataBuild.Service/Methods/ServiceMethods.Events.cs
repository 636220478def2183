using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Methods;

/// <summary>Events: some of them, or all as they are stored.</summary>
internal sealed partial class ServiceMethods
{
    private const int DefaultElements = 100;
    private const int MostElements = 100_000;

    /// <summary>A page of events ends when it has so many bytes.</summary>
    private const int PageBytes = 1 << 20;

    public override Task<EventsPage> ListEvents(ListEventsRequest request, ServerCallContext context)
    {
        int size = Paging.Size(request.PageSize);
        int elements = Elements(request.Elements);
        ulong from = Paging.Offset(request, request.PageToken) is { } last ? last + 1 : Math.Max(request.Since, 1);
        return ReadAsync(
            request,
            view =>
            {
                var page = new EventsPage { Offset = view.Log.LastOffset };
                int bytes = 0;
                foreach (var stored in view.Log.Read(from, Filter(request.Filter)))
                {
                    if (page.Events.Count == size || bytes > PageBytes)
                    {
                        page.NextPageToken = Paging.Token(request, page.Events[^1].Offset.ToString(System.Globalization.CultureInfo.InvariantCulture));
                        break;
                    }

                    var told = Fitting(stored, elements);
                    bytes += told.CalculateSize();
                    page.Events.Add(told);
                }

                return page;
            },
            context);
    }

    public override async Task WatchEvents(WatchEventsRequest request, IServerStreamWriter<WatchMessage> responseStream, ServerCallContext context)
    {
        Checks.Check(request);
        var filter = Filter(request.Filter);
        if (request.Snapshot && (request.Since > 0 || filter != new EventFilter()))
        {
            throw new DataBuildException(Rules.BadRequest, "a snapshot goes with neither `since` nor a filter: what comes after it changes all that is in it; ask for one of them");
        }

        int elements = Elements(request.Elements);
        using var place = calls.Stream();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, calls.Ending, door.SameLog);
        var sameLog = door.SameLog;
        var watch = new Watch(door, limits, responseStream, elements, stop.Token);
        try
        {
            if (request.Snapshot)
            {
                await watch.SnapshotAsync().ConfigureAwait(false);
            }
            else
            {
                await watch.BeginAsync(request.Since, View).ConfigureAwait(false);
            }

            await watch.FollowAsync(filter, View).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (sameLog.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw new DataBuildException(Rules.FellBehind, "the log that was followed is no longer the one that the service writes; watch again with a new snapshot");
        }
    }

    /// <summary>An event that names a million refs is cut until it fits into a message.</summary>
    internal static LoggedEvent Fitting(StoredEvent stored, int elements)
    {
        var told = EventCut.Of(stored.Offset, stored.Event, elements);
        for (int most = elements; told.CalculateSize() > ApiLimits.LargestAnswer / 2 && most > 1;)
        {
            most /= 2;
            told = EventCut.Of(stored.Offset, stored.Event, most);
        }

        return told;
    }

    private static int Elements(int asked) => asked switch
    {
        0 => DefaultElements,
        < 0 or > MostElements => throw new DataBuildException(Rules.BadRequest, $"elements {asked}: this is a number from 0 (for {DefaultElements}) to {MostElements}"),
        _ => asked,
    };

    private static EventFilter Filter(EventSelection? selection) => selection is null ? new EventFilter() : new EventFilter
    {
        Refs = OrNull(selection.Refs),
        Jobs = OrNull(selection.Jobs),
        RunIds = OrNull(selection.RunIds),
        WantIds = OrNull(selection.WantIds),
    };

    private static IReadOnlyList<string>? OrNull(IReadOnlyList<string> list) => list.Count > 0 ? list : null;
}
