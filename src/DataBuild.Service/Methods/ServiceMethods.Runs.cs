using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Methods;

/// <summary>Questions about runs. They are answered from the log and the files of runs, without a state.</summary>
internal sealed partial class ServiceMethods
{
    private const long LargestOutput = 1 << 20;

    public override Task<RunsPage> ListRuns(ListRunsRequest request, ServerCallContext context)
    {
        int size = Paging.Size(request.PageSize);
        ulong? before = Paging.Offset(request, request.PageToken);
        return ReadAsync(
            request,
            view =>
            {
                var since = request.Since.Length == 0 ? LogInstant.Begin : LogInstant.Parse(request.Since);
                var report = new RunsQuery(view) { Jobs = request.Jobs, States = request.States, Refs = request.Refs, Since = since, Before = before ?? ulong.MaxValue }.Answer(size);
                string next = report.SearchedFrom > 1 && report.Runs.Count == size
                    ? Paging.Token(request, report.Runs[^1].QueuedAt.ToString(System.Globalization.CultureInfo.InvariantCulture))
                    : "";
                return new RunsPage { Report = report, NextPageToken = next };
            },
            context);
    }

    public override Task<RunDetails> GetRun(GetRunRequest request, ServerCallContext context)
    {
        int elements = Paging.Size(request.Elements);
        if (request.OutputBytes is < 0 or > LargestOutput)
        {
            throw new DataBuildException(Rules.BadRequest, $"output_bytes {request.OutputBytes}: this is a number from 0 to {LargestOutput}; GetRunLog has all of it");
        }

        return ReadAsync(request, view => new RunQuery(view, request.RunId).Answer(elements, request.OutputBytes), context);
    }

    public override async Task GetRunLog(GetRunLogRequest request, IServerStreamWriter<RunOutput> responseStream, ServerCallContext context)
    {
        using var place = calls.Stream();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, calls.Ending);
        var run = await ReadAsync(request, view => new RunQuery(view, request.RunId), context).ConfigureAwait(false);
        using var following = request.Follow ? calls.Follower() : null;

        // Reading waits for files and for the caller: on a thread of its own.
        await Task.Factory.StartNew(() => Send(run, request.Follow, responseStream, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        stop.Token.ThrowIfCancellationRequested();
    }

    private void Send(RunQuery run, bool follow, IServerStreamWriter<RunOutput> to, CancellationToken stop)
    {
        using var follower = follow ? new RunFollower(View, run.RunId, run.OutputFolder) : null;
        foreach (var piece in follower?.Follow(run.QueuedAt, stop) ?? RunFollower.Written(View.Place, run.OutputFolder))
        {
            to.WriteAsync(new RunOutput { Path = piece.Path, Bytes = piece.Position, Text = piece.Text }, stop).GetAwaiter().GetResult();
        }
    }
}
