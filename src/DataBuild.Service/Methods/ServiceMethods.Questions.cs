using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using Google.Protobuf.Collections;
using Grpc.Core;

namespace DataBuild.Service.Methods;

/// <summary>Questions about wants, partitions, jobs and the graph: answered by the classes that answer the verbs.</summary>
internal sealed partial class ServiceMethods
{
    private const int DefaultDepth = 3;
    private const int LargestDepth = 100;

    public override Task<StatusPage> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        int size = Paging.Size(request.PageSize);
        return AskAsync(
            request,
            view =>
            {
                var query = new StatusQuery(view) { MostWants = size };
                var page = new StatusPage { Status = query.Answer(), WantsLeftOff = query.WantsLeftOff };
                page.RunsLeftOff = Cut(page.Status.Runs, size);
                page.TaintsLeftOff = Cut(page.Status.Taints, size);
                return page;
            },
            context);
    }

    public override async Task<WantsPage> ListWants(ListWantsRequest request, ServerCallContext context)
    {
        int size = Paging.Size(request.PageSize);
        string place = Paging.Place(request, request.PageToken) ?? (request.Ended ? "e0" : "a-1");
        if (place is ['e', .. var end])
        {
            ulong after = ulong.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out ulong offset) ? offset : throw Paging.Bad();
            var (ended, last) = await ReadAsync(request, view => WantsQuery.EndedPage(view, request.States, after, size), context).ConfigureAwait(false);
            return new WantsPage { Report = ended, NextPageToken = Paging.Token(request, last is { } more ? string.Create(CultureInfo.InvariantCulture, $"e{more}") : "a-1") };
        }

        int ordinal = place is ['a', .. var number] && int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int parsed) ? parsed : throw Paging.Bad();
        var (report, next) = await AskAsync(request, view => new WantsQuery(view).ActivePage(request.States, ordinal, size), context).ConfigureAwait(false);
        return new WantsPage { Report = report, NextPageToken = next is { } from ? Paging.Token(request, string.Create(CultureInfo.InvariantCulture, $"a{from}")) : "" };
    }

    public override async Task<WantStatus> GetWant(GetWantRequest request, ServerCallContext context) =>
        await AskAsync(request, view => new WantsQuery(view).Active(request.WantId), context).ConfigureAwait(false)
        ?? await ReadAsync(request, view => WantsQuery.EndedWant(view, request.WantId), context).ConfigureAwait(false)
        ?? throw new DataBuildException(Rules.NoSuchThing, $"there is no want '{request.WantId}'; /api/v1/wants lists them");

    public override Task<PartitionsPage> ListPartitions(ListPartitionsRequest request, ServerCallContext context)
    {
        int size = Paging.Size(request.PageSize);
        string? after = Paging.Place(request, request.PageToken);
        return AskAsync(
            request,
            view =>
            {
                var query = new PartitionsQuery(view, request.Sets, request.Job.Length > 0 ? request.Job : null, request.States);
                var families = after is null ? query.Families().ToList() : [];
                var report = query.Pages(after, size).First();
                report.Families.AddRange(families);
                var page = new PartitionsPage { Report = report, NextPageToken = report.Next.Length > 0 ? Paging.Token(request, report.Next) : "" };
                report.Next = "";
                return page;
            },
            context);
    }

    /// <summary>As of an earlier event it is a fold of its own, which is made beside the one that follows.</summary>
    public override Task<WhyReport> GetPartition(GetPartitionRequest request, ServerCallContext context) => request.At > 0
        ? ReadAsync(request, view => new WhyQuery(view, request.Ref, request.At).Answer(), context)
        : AskAsync(request, view => new WhyQuery(view, request.Ref, null).Answer(), context);

    public override Task<GraphReport> GetLineage(GetLineageRequest request, ServerCallContext context)
    {
        int most = Paging.Size(request.PageSize);
        int depth = request.Depth switch
        {
            0 => DefaultDepth,
            < 0 or > LargestDepth => throw new DataBuildException(Rules.BadRequest, $"depth {request.Depth}: this is a number from 0 (for {DefaultDepth}) to {LargestDepth}"),
            _ => request.Depth,
        };
        return AskAsync(request, view => new LineageQuery(view, request.Ref, most).Answer(depth), context);
    }

    public override async Task<JobsPage> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        int size = Paging.Size(request.PageSize);
        string? after = Paging.Place(request, request.PageToken);
        var report = await JobsAsync(request, request.Full, context).ConfigureAwait(false);
        string? next = Page(report.Jobs, job => job.Job.Job, after, size);
        return new JobsPage { Report = report, NextPageToken = next is null ? "" : Paging.Token(request, next) };
    }

    public override async Task<JobReport> GetJob(GetJobRequest request, ServerCallContext context) =>
        (await JobsAsync(request, full: false, context).ConfigureAwait(false)).Jobs.FirstOrDefault(job => job.Job.Job == request.Job)
        ?? throw new DataBuildException(Rules.NoSuchThing, $"there is no job '{request.Job}'; /api/v1/jobs lists them");

    public override async Task<GraphPage> GetGraph(GetGraphRequest request, ServerCallContext context)
    {
        int size = Paging.Size(request.PageSize);
        string? after = Paging.Place(request, request.PageToken);
        var report = await AskAsync(request, view => new GraphQuery(view).Answer(request.Job.Length > 0 ? request.Job : null), context).ConfigureAwait(false);
        string? next = Page(report.Nodes, node => node.Name, after, size);
        var names = report.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var edges = report.Edges.Where(edge => names.Contains(edge.From)).ToList();
        report.Edges.Clear();
        report.Edges.AddRange(edges);
        return new GraphPage { Report = report, NextPageToken = next is null ? "" : Paging.Token(request, next) };
    }

    /// <summary>The runs of the whole log are counted beside the fold that follows, not to keep others waiting.</summary>
    private Task<JobsReport> JobsAsync(Google.Protobuf.IMessage request, bool full, ServerCallContext context) => full
        ? ReadAsync(request, view => new JobsQuery(view).Answer(full: true), context)
        : AskAsync(request, view => new JobsQuery(view).Answer(full: false), context);

    /// <summary>Leaves one page of a list that is short enough to be made whole; null if it is the last one.</summary>
    private static string? Page<T>(RepeatedField<T> list, Func<T, string> name, string? after, int size)
    {
        int from = after is null ? 0 : list.Select(name).ToList().IndexOf(after) + 1;
        if (after is not null && from == 0)
        {
            throw Paging.Bad();
        }

        var page = list.Skip(from).Take(size).ToList();
        bool isLast = from + page.Count >= list.Count;
        list.Clear();
        list.AddRange(page);
        return isLast ? null : name(page[^1]);
    }

    private static long Cut<T>(RepeatedField<T> list, int most)
    {
        long over = Math.Max(0, list.Count - most);
        while (list.Count > most)
        {
            list.RemoveAt(list.Count - 1);
        }

        return over;
    }
}
