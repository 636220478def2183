using System.Net;
using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Tests;

public sealed class PagingTests
{
    [Fact]
    public async Task Pages_in_order_are_the_whole_list_and_a_token_of_something_else_is_refused()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        var client = service.Client;
        for (int i = 10; i < 17; i++)
        {
            await service.WantAsync($"w{i}", $"made/{i}");
        }

        await service.UntilAsync(async () => (await client.GetStatusAsync(new GetStatusRequest())).Status is { Live: 10, Runs.Count: 0 });

        var wants = await AllAsync(async token => await client.ListWantsAsync(new ListWantsRequest { Ended = true, PageSize = 2, PageToken = token }), page => (page.Report.Wants.Select(want => want.WantId), page.NextPageToken));
        Assert.Equal(7, wants.Count(want => want.StartsWith("want-w", StringComparison.Ordinal)));
        Assert.Equal(wants.Distinct(), wants);
        Assert.Equal(8, wants.Count);

        var refs = await AllAsync(async token => await client.ListPartitionsAsync(new ListPartitionsRequest { PageSize = 3, PageToken = token }), page => (page.Report.Partitions.Select(row => row.Ref), page.NextPageToken));
        Assert.Equal([.. new[] { 1, 2, 3, 10, 11, 12, 13, 14, 15, 16 }.Select(n => $"made/{n}").Order(StringComparer.Ordinal)], refs.Order(StringComparer.Ordinal));

        var runs = await AllAsync(async token => await client.ListRunsAsync(new ListRunsRequest { PageSize = 2, PageToken = token }), page => (page.Report.Runs.Select(run => run.RunId), page.NextPageToken));
        Assert.Equal((await client.ListRunsAsync(new ListRunsRequest { PageSize = 1000 })).Report.Runs.Select(run => run.RunId), runs);

        var jobs = await AllAsync(async token => await client.ListJobsAsync(new ListJobsRequest { PageSize = 1, PageToken = token }), page => (page.Report.Jobs.Select(job => job.Job.Job), page.NextPageToken));
        Assert.Equal(["bad", "sum", "up"], jobs.Order(StringComparer.Ordinal));

        var nodes = await AllAsync(async token => await client.GetGraphAsync(new GetGraphRequest { PageSize = 2, PageToken = token }), page => (page.Report.Nodes.Select(node => node.Name), page.NextPageToken));
        Assert.Equal(3, nodes.Count);

        var events = await AllAsync(async token => await client.ListEventsAsync(new ListEventsRequest { PageSize = 4, PageToken = token }), page => (page.Events.Select(e => e.Offset), page.NextPageToken));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(offset => (ulong)offset), events);

        string other = (await client.ListRunsAsync(new ListRunsRequest { PageSize = 2, Jobs = { "up" } })).NextPageToken;
        Assert.NotEqual("", other);
        foreach (string token in new[] { other, "x", "%00", "AAAA", new string('A', 20_000) })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.ListRunsAsync(new ListRunsRequest { PageToken = token }));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.StartsWith("DBLD7011: ", refused.Status.Detail, StringComparison.Ordinal);
        }

        using var response = await service.Http.GetAsync("/api/v1/events?pageToken=zz");
        Assert.Equal((HttpStatusCode.BadRequest, true), (response.StatusCode, (await response.Content.ReadAsStringAsync()).StartsWith("""{"code":"DBLD7011","message":""", StringComparison.Ordinal)));
        var negative = await Assert.ThrowsAsync<RpcException>(async () => await client.ListRunsAsync(new ListRunsRequest { PageSize = -1 }));
        Assert.StartsWith("DBLD7010: ", negative.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<List<T>> AllAsync<TPage, T>(Func<string, Task<TPage>> ask, Func<TPage, (IEnumerable<T> Items, string Next)> read)
    {
        var all = new List<T>();
        string token = "";
        for (int pages = 0; pages < 100; pages++)
        {
            var (items, next) = read(await ask(token));
            all.AddRange(items);
            if (next.Length == 0)
            {
                return all;
            }

            token = next;
        }

        throw new InvalidOperationException("the pages have no end");
    }
}
