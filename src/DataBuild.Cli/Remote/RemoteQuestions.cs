using DataBuild.Cli.Verbs;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Cli.Remote;

/// <summary>Answers to the verbs that ask, from a service: the messages that the log would have given here, gathered from its pages.</summary>
internal sealed class RemoteQuestions(RemoteService service)
{
    /// <summary>The largest that a service gives.</summary>
    private const int PageSize = 1_000;

    private const long OutputBytes = 1 << 20;
    private const int MostElements = 100_000;

    public StatusReport Status() => service.Ask<GetStatusRequest, StatusPage>("GetStatus", new GetStatusRequest { PageSize = PageSize }).Status;

    public WantsReport Wants(string[] states, bool ended, int limit)
    {
        var report = new WantsReport();
        var request = new ListWantsRequest { States = { states }, Ended = ended, PageSize = PageSize };
        do
        {
            var page = service.Ask<ListWantsRequest, WantsPage>("ListWants", request);
            report.Offset = page.Report.Offset;
            int room = Math.Max(0, limit - report.Wants.Count);
            report.Wants.AddRange(page.Report.Wants.Take(room));
            report.LeftOff += Math.Max(0, page.Report.Wants.Count - room);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return report;
    }

    /// <summary>Pages as the log's listing has them; the first one has the families, unless it goes on after a ref.</summary>
    public IEnumerable<PartitionsReport> Partitions(string[] sets, string? job, RefState[] states, string? after, long limit)
    {
        var request = new ListPartitionsRequest { Sets = { sets }, Job = job ?? "", States = { states }, PageSize = PageSize };
        bool begun = after is null;
        do
        {
            var page = service.Ask<ListPartitionsRequest, PartitionsPage>("ListPartitions", request);
            request.PageToken = page.NextPageToken;
            var report = new PartitionsReport { Offset = page.Report.Offset };
            report.Families.AddRange(after is null ? page.Report.Families : []);
            foreach (var partition in page.Report.Partitions)
            {
                if (begun && limit == 0)
                {
                    report.Next = report.Partitions.LastOrDefault()?.Ref ?? "";
                    request.PageToken = "";
                    break;
                }

                if (begun)
                {
                    report.Partitions.Add(partition);
                    limit--;
                }

                begun |= partition.Ref == after;
            }

            if (report.Next.Length == 0 && request.PageToken.Length > 0 && report.Partitions.Count > 0)
            {
                report.Next = report.Partitions[^1].Ref;
                if (limit == 0)
                {
                    request.PageToken = "";
                }
            }

            yield return report;
        }
        while (request.PageToken.Length > 0);
    }

    public RunsReport Runs(string[] jobs, string[] states, string[] refs, string? since, int limit)
    {
        var report = new RunsReport();
        var request = new ListRunsRequest { Jobs = { jobs }, States = { states }, Refs = { refs }, Since = since ?? "" };
        do
        {
            request.PageSize = Math.Min(PageSize, limit - report.Runs.Count);
            var page = service.Ask<ListRunsRequest, RunsPage>("ListRuns", request);
            report.Offset = page.Report.Offset;
            report.SearchedFrom = page.Report.SearchedFrom;
            report.Runs.AddRange(page.Report.Runs);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && report.Runs.Count < limit);

        return report;
    }

    public RunDetails Run(string written, int most, long outputBytes)
    {
        var details = service.Ask<GetRunRequest, RunDetails>(
            "GetRun", new GetRunRequest { RunId = written, Elements = Math.Min(most, PageSize), OutputBytes = Math.Min(outputBytes, OutputBytes) });
        foreach (var output in outputBytes > OutputBytes ? (RunOutput[])[details.Stdout, details.Stderr] : [])
        {
            if (output.Bytes > OutputBytes)
            {
                output.Text = string.Concat(Output(details.Run.RunId, follow: false, CancellationToken.None).Where(piece => piece.Path == output.Path).Select(piece => piece.Text));
            }
        }

        return details;
    }

    public IEnumerable<RunOutput> Output(string runId, bool follow, CancellationToken stop) =>
        service.Stream<GetRunLogRequest, RunOutput>("GetRunLog", new GetRunLogRequest { RunId = runId, Follow = follow }, stop);

    public JobsReport Jobs(bool full)
    {
        var report = new JobsReport();
        var request = new ListJobsRequest { Full = full, PageSize = PageSize };
        do
        {
            var page = service.Ask<ListJobsRequest, JobsPage>("ListJobs", request);
            report.MergeFrom(page.Report);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return report;
    }

    public WhyReport Why(string @ref, ulong? at) => service.Ask<GetPartitionRequest, WhyReport>("GetPartition", new GetPartitionRequest { Ref = @ref, At = at ?? 0 });

    public GraphReport Graph(string? job)
    {
        var report = new GraphReport();
        var request = new GetGraphRequest { Job = job ?? "", PageSize = PageSize };
        do
        {
            var page = service.Ask<GetGraphRequest, GraphPage>("GetGraph", request);
            report.MergeFrom(page.Report);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return report;
    }

    public GraphReport Lineage(string @ref, int depth, int most) =>
        service.Ask<GetLineageRequest, GraphReport>("GetLineage", new GetLineageRequest { Ref = @ref, Depth = depth, PageSize = Math.Min(most, PageSize) });

    /// <summary>The log's last event, and the events from an offset on.</summary>
    public (ulong Last, IEnumerable<LoggedEvent> Events) Events(ulong since, EventFilter filter)
    {
        var request = new ListEventsRequest { Since = since, Filter = Selection(filter), PageSize = PageSize, Elements = MostElements };
        var first = service.Ask<ListEventsRequest, EventsPage>("ListEvents", request);
        return (first.Offset, All());

        IEnumerable<LoggedEvent> All()
        {
            for (var page = first; ;)
            {
                foreach (var e in page.Events)
                {
                    yield return e;
                }

                if (page.NextPageToken.Length == 0)
                {
                    yield break;
                }

                request.PageToken = page.NextPageToken;
                page = service.Ask<ListEventsRequest, EventsPage>("ListEvents", request);
            }
        }
    }

    /// <summary>Events as they are stored; from where it was told to go on where the service had to hang up on it.</summary>
    public IEnumerable<LoggedEvent> Follow(ulong? since, EventFilter filter, Action<ulong> begun, CancellationToken stop)
    {
        ulong from = since ?? 0;
        bool again;
        do
        {
            again = false;
            using var messages = service.Stream<WatchEventsRequest, WatchMessage>(
                "WatchEvents", new WatchEventsRequest { Since = from, Filter = Selection(filter), Elements = MostElements }, stop).GetEnumerator();
            while (Next(messages, ref from, ref again))
            {
                if (messages.Current.Begin is { } begin)
                {
                    begun(begin.Offset);
                }
                else if (messages.Current.Event is { } e)
                {
                    from = e.Offset + 1;
                    yield return e;
                }
            }
        }
        while (again && !stop.IsCancellationRequested);
    }

    public CommandReport Command(CommandRequest request, CancellationToken stop) => service.Ask<CommandRequest, CommandReport>("Command", request, stop);

    private static bool Next(IEnumerator<WatchMessage> messages, ref ulong from, ref bool again)
    {
        try
        {
            return messages.MoveNext();
        }
        catch (FellBehindException behind)
        {
            (from, again) = (behind.From, true);
            return false;
        }
    }

    private static EventSelection Selection(EventFilter filter) => new()
    {
        Refs = { filter.Refs ?? [] },
        Jobs = { filter.Jobs ?? [] },
        RunIds = { filter.RunIds ?? [] },
        WantIds = { filter.WantIds ?? [] },
    };
}
