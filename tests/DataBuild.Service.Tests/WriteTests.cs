using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Tests;

public sealed class WriteTests
{
    [Fact]
    public async Task A_write_that_is_sent_twice_is_done_once_and_has_one_answer()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.WantAsync("same", "made/{40..42}")));
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.True(answers[0].Changed);
        Assert.Equal(1, project.Events().Count(stored => stored.Event.WantCreate?.Want.WantId == "want-same"));

        await RefusedAsync(StatusCode.AlreadyExists, "DBLD7013", () => service.WantAsync("same", "made/43"));
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7012", () => service.WantAsync("", "made/43"));
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7012", () => service.WantAsync("a key", "made/43"));
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7012", () => service.WantAsync("../key", "made/43"));
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7010", () => service.WantAsync("key\n", "made/43"));
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7010", () => service.WantAsync("control", "made/\u0001"));
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7010", () => service.WantAsync("long", "made/" + new string('1', 5_000)));
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7010", () => service.Client.CommandAsync(new CommandRequest { CommandId = "none" }).ResponseAsync);
        await RefusedAsync(StatusCode.InvalidArgument, "DBLD7010", () => service.Client.CreateWantAsync(new CreateWantRequest
        {
            CommandId = "list", Want = new WantCommand { Partitions = new PartitionSet { Expressions = { Enumerable.Repeat("made/1", 10_001) } } },
        }).ResponseAsync);

        // A refused command may be sent again under its key, and is decided again.
        await RefusedAsync(StatusCode.NotFound, null, () => service.Client.CreateTaintAsync(Taint("later", "made/50")).ResponseAsync);
        await service.WantAsync("fifty", "made/50");
        await service.UntilLiveAsync("made/50");
        Assert.True((await service.Client.CreateTaintAsync(Taint("later", "made/50"))).Changed);
    }

    [Fact]
    public async Task Many_writes_at_a_time_share_commits_and_an_answer_that_is_too_large_is_refused()
    {
        using var project = TestService.Project().Script("held", "while [ ! -e go ]; do sleep 0.05; done").Partition("held/{n:int}", "held");
        await using var service = await TestService.StartAsync(project);
        string comment = new('c', 4_096);
        var reports = await Task.WhenAll(Enumerable.Range(0, 1_050).Select(i => service.Client.CreateWantAsync(
            new CreateWantRequest { CommandId = $"many-{i}-{new string('k', 80)}", Want = new WantCommand { Partitions = new PartitionSet { Expressions = { $"held/{i}" } }, Comment = comment } }).ResponseAsync));
        var stored = project.Events().Where(e => e.Event.WantCreate is not null).ToDictionary(e => e.Event.WantCreate.Want.WantId, e => e.Offset, StringComparer.Ordinal);
        Assert.All(reports, report => Assert.True(stored[report.WantIds[0]] <= report.LogOffset));

        // An answer names the log's end at its commit: fewer ends than answers, since a turn of the loop stores all that came in.
        Assert.InRange(reports.Select(report => report.LogOffset).Distinct().Count(), 1, 525);
        await RefusedAsync(StatusCode.ResourceExhausted, "DBLD7022", () => service.Client.ListWantsAsync(new ListWantsRequest { PageSize = 1_000 }).ResponseAsync);
        Assert.Equal(100, (await service.Client.ListWantsAsync(new ListWantsRequest { PageSize = 100 })).Report.Wants.Count);
    }

    [Fact]
    public async Task A_service_that_cannot_work_refuses_writes_and_goes_on_answering_questions()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        await service.UntilLiveAsync("made/1", "made/2", "made/3");
        string away = project.DataRoot + " away";
        Directory.Move(project.DataRoot, away);
        using (var unready = await service.Http.GetAsync("/readyz"))
        {
            Assert.Equal(503, (int)unready.StatusCode);
            Assert.Contains("data root", await unready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await service.UntilAsync(async () =>
        {
            try
            {
                await service.WantAsync($"w{Guid.NewGuid():N}", "made/60");
                return service.Door.Problem is not null;
            }
            catch (RpcException e)
            {
                Assert.Equal(StatusCode.Unavailable, e.StatusCode);
                Assert.StartsWith("DBLD7014: ", e.Status.Detail, StringComparison.Ordinal);
                return true;
            }
        });
        Assert.Equal("test", (await service.Client.GetStatusAsync(new GetStatusRequest())).Status.Graph);
        Assert.False((await service.Client.GetServiceAsync(new GetServiceRequest())).Ready);

        if (Directory.Exists(project.DataRoot))
        {
            Directory.Delete(project.DataRoot, recursive: true);
        }

        Directory.Move(away, project.DataRoot);
        await service.UntilAsync(async () => (await service.Http.GetAsync("/readyz")).IsSuccessStatusCode);
        Assert.True((await service.WantAsync("after", "made/61")).Changed);
        await service.UntilLiveAsync("made/61");
    }

    private static CreateTaintRequest Taint(string key, string set) => new() { CommandId = key, Taint = new TaintCommand { Partitions = new PartitionSet { Expressions = { set } } } };

    private static async Task RefusedAsync(StatusCode status, string? code, Func<Task> write)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(write);
        Assert.Equal(status, refused.StatusCode);
        var diagnostic = Diagnostic.Parser.ParseFrom(refused.Trailers.GetValueBytes("databuild-diagnostic-bin"));
        Assert.StartsWith($"{diagnostic.Code}: ", refused.Status.Detail, StringComparison.Ordinal);
        Assert.True(code is null || code == diagnostic.Code, refused.Status.Detail);
    }
}
