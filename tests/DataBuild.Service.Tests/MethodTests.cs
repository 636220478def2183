using System.Net;
using System.Text.Json;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DataBuild.Service.Tests;

/// <summary>Each method, by gRPC and by HTTP, on one service.</summary>
public sealed class MethodTests
{
    [Fact]
    public async Task Each_question_has_the_same_answer_by_gRPC_and_by_HTTP()
    {
        using var project = TestService.Project().Want("bad/1");
        await using var service = await TestService.StartAsync(project);
        await service.UntilLiveAsync("made/1", "made/2", "made/3");
        await service.UntilAsync(async () => (await service.Client.GetStatusAsync(new GetStatusRequest())).Status is { Failed: 1, Runs.Count: 0 });
        var client = service.Client;
        var run = (await client.ListRunsAsync(new ListRunsRequest { Jobs = { "up" } })).Report.Runs.Single();
        var want = (await client.ListWantsAsync(new ListWantsRequest())).Report.Wants[0];

        await SameAsync(await client.GetServiceAsync(new GetServiceRequest()), "service");
        await SameAsync(await client.GetStatusAsync(new GetStatusRequest { PageSize = 1 }), "status?pageSize=1");
        await SameAsync(await client.ListWantsAsync(new ListWantsRequest { States = { "Failed" } }), "wants?states=Failed");
        await SameAsync(await client.GetWantAsync(new GetWantRequest { WantId = want.WantId }), $"wants/{want.WantId}");
        await SameAsync(await client.ListPartitionsAsync(new ListPartitionsRequest { Job = "up", States = { RefState.Live } }), "partitions?job=up&states=REF_STATE_LIVE");
        await SameAsync(await client.GetPartitionAsync(new GetPartitionRequest { Ref = "made/2" }), "partitions/made/2");
        await SameAsync(await client.GetPartitionAsync(new GetPartitionRequest { Ref = "made/2", At = 2 }), "partitions/made/2?at=2");
        await SameAsync(await client.GetLineageAsync(new GetLineageRequest { Ref = "sum/x", Depth = 1 }), "lineage/sum/x?depth=1");
        await SameAsync(await client.ListRunsAsync(new ListRunsRequest { Refs = { "made/*" } }), "runs?refs=made/*");
        await SameAsync(await client.GetRunAsync(new GetRunRequest { RunId = run.RunId, OutputBytes = 4 }), $"runs/{run.RunId}?outputBytes=4");
        await SameAsync(await client.ListJobsAsync(new ListJobsRequest { Full = true }), "jobs?full=true");
        await SameAsync(await client.GetJobAsync(new GetJobRequest { Job = "up" }), "jobs/up");
        await SameAsync(await client.GetGraphAsync(new GetGraphRequest()), "graph");
        await SameAsync(await client.ListEventsAsync(new ListEventsRequest { Since = 2, Filter = new EventSelection { Jobs = { "bad" } } }), "events?since=2&filter.jobs=bad");

        Assert.Equal("Failed", (await client.ListWantsAsync(new ListWantsRequest { States = { "Failed" } })).Report.Wants.Single().State);
        Assert.Equal("it is bad\n", (await client.GetRunAsync(new GetRunRequest { RunId = (await client.ListRunsAsync(new ListRunsRequest { Jobs = { "bad" } })).Report.Runs[0].RunId, OutputBytes = 100 })).Stderr.Text);
        Assert.Equal(1, (await client.GetStatusAsync(new GetStatusRequest { PageSize = 1 })).WantsLeftOff);

        async Task SameAsync<T>(T answer, string path)
            where T : IMessage<T>, new()
        {
            string json = await service.Http.GetStringAsync($"/api/v1/{path}");
            Assert.Equal(answer, new MessageParser<T>(() => new T()).ParseJson(json));
        }
    }

    [Fact]
    public async Task Each_command_can_be_given_by_gRPC_and_by_HTTP()
    {
        using var project = TestService.Project().Want("bad/1");
        project.Script("slow", "while [ ! -e go ]; do sleep 0.05; done; echo x > \"$out\"").Partition("slow", "slow");
        await using var service = await TestService.StartAsync(project);
        await service.UntilLiveAsync("made/1", "made/2", "made/3");
        await service.UntilAsync(async () => (await service.Client.GetStatusAsync(new GetStatusRequest())).Status.Failed == 1);

        var wanted = await PostAsync("wants", "w1", """{"want": {"partitions": {"expressions": ["made/{20..21}"]}, "priority": 3, "comment": "why not"}}""");
        Assert.Equal(("want", "want-w1", 2, true), (wanted.Verb, wanted.WantIds.Single(), wanted.Refs, wanted.Changed));
        await service.UntilLiveAsync("made/20", "made/21");
        Assert.Equal("want-w2", (await service.WantAsync("w2", "sum/x")).WantIds.Single());
        await service.UntilAsync(async () => (await service.Client.GetWantAsync(new GetWantRequest { WantId = "want-w2" })).State == "Successful");

        var tainted = await PostAsync("taints", "t1", """{"taint": {"partitions": {"expressions": ["made/20"]}, "comment": "wrong"}}""");
        Assert.Equal("taint-t1", tainted.TaintIds.Single());
        await PostAsync("taints:lift", "t2", """{"untaint": {"target": "made/20"}}""", mayBeRefused: true);
        Assert.True((await service.Client.CreateTaintAsync(new CreateTaintRequest { CommandId = "t3", Taint = new TaintCommand { Partitions = Set("made/1") } })).Changed);
        await service.UntilLiveAsync("made/20", "made/1");

        var before = (await service.Client.ListRunsAsync(new ListRunsRequest { Jobs = { "bad" } })).Report.Runs.Count;
        Assert.True((await PostAsync("partitions:retry", "r1", """{"retry": {"partitions": {"expressions": ["bad/1"]}}}""")).Changed);
        await service.UntilAsync(async () => (await service.Client.ListRunsAsync(new ListRunsRequest { Jobs = { "bad" } })).Report.Runs.Count > before);

        var preview = await PostAsync("partitions:accept", "a1", """{"preview": true, "accept": {"partitions": {"expressions": ["made/2"]}, "comment": "good"}}""");
        Assert.True(preview is { Preview: true, Changed: false });

        // One that is satisfied has ended by itself.
        await service.WantAsync("w3", "slow");
        var wait = await service.Client.CancelWantAsync(new CancelWantRequest { CommandId = "c0", WantId = "want-w3", Preview = true });
        Assert.Equal(["want-w3"], wait.WantIds);
        Assert.Equal("want", (await service.Client.CommandAsync(new CommandRequest { CommandId = "c1", Want = new WantCommand { Partitions = Set("made/30") } })).Verb);
        Assert.Equal(["want-c1"], (await PostAsync("wants/want-c1:cancel", "c2", "{}", mayBeRefused: true)).WantIds);
        var gone = await Assert.ThrowsAsync<RpcException>(() => service.Client.CancelRunAsync(new CancelRunRequest { CommandId = "c3", RunId = Guid.NewGuid().ToString() }).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);

        async Task<CommandReport> PostAsync(string path, string key, string body, bool mayBeRefused = false)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/{path}") { Content = new StringContent(body, null, "application/json") };
            request.Headers.Add("Idempotency-Key", key);
            using var response = await service.Http.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            if (mayBeRefused && response.StatusCode == HttpStatusCode.NotFound)
            {
                // It was rebuilt, or ended, in between.
                return new CommandReport { WantIds = { path.Contains("want-", StringComparison.Ordinal) ? [path[6..^7]] : Array.Empty<string>() } };
            }

            Assert.True(response.IsSuccessStatusCode, text);
            return CommandReport.Parser.ParseJson(text);
        }
    }

    [Fact]
    public async Task What_a_run_writes_is_followed_until_it_ends()
    {
        using var project = TestService.Project();
        project.Script("slow", "echo begun; while [ ! -e go ]; do sleep 0.05; done; echo ended; echo x > \"$out\"").Partition("slow", "slow");
        await using var service = await TestService.StartAsync(project);
        await service.WantAsync("s", "slow");
        await service.UntilAsync(async () => (await service.Client.ListRunsAsync(new ListRunsRequest { Jobs = { "slow" }, States = { "Running" } })).Report.Runs.Count == 1);
        string id = (await service.Client.ListRunsAsync(new ListRunsRequest { Jobs = { "slow" } })).Report.Runs[0].RunId;

        using var call = service.Client.GetRunLog(new GetRunLogRequest { RunId = id, Follow = true });
        string text = "";
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            text += call.ResponseStream.Current.Text;
            if (text.Contains("begun", StringComparison.Ordinal) && !text.Contains("ended", StringComparison.Ordinal))
            {
                project.Write("go", "");
            }
        }

        Assert.Equal("begun\nended\n", text);
        string whole = await service.Http.GetStringAsync($"/api/v1/runs/{id}/log");
        Assert.Equal("begun\nended\n", JsonDocument.Parse(whole).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_OpenAPI_document_has_each_method_and_each_of_its_paths_answers()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        await service.UntilLiveAsync("made/1");
        using var document = JsonDocument.Parse(await service.Http.GetStringAsync("/openapi/v1.json"));
        Assert.StartsWith("3.", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (Path: path.Name, Verb: method.Name, Id: method.Value.GetProperty("operationId").GetString()!))).ToList();
        Assert.Equal(DataBuildService.Descriptor.Methods.Select(method => method.Name).Order(StringComparer.Ordinal), operations.Select(operation => operation.Id).Order(StringComparer.Ordinal));

        string run = (await service.Client.ListRunsAsync(new ListRunsRequest())).Report.Runs[0].RunId;
        string want = (await service.Client.ListWantsAsync(new ListWantsRequest())).Report.Wants[0].WantId;
        foreach (var (path, verb, id) in operations)
        {
            string filled = path.Replace("{want_id}", want, StringComparison.Ordinal).Replace("{ref}", "made/1", StringComparison.Ordinal)
                .Replace("{run_id}", run, StringComparison.Ordinal).Replace("{job}", "up", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(verb), filled);
            if (verb == "post")
            {
                // Without a key it is understood and refused.
                request.Content = new StringContent("{}", null, "application/json");
            }

            using var response = await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            string said = verb == "post" ? await response.Content.ReadAsStringAsync() : "";
            Assert.True(verb == "post" ? said.Contains("DBLD7012", StringComparison.Ordinal) || said.Contains("DBLD7010", StringComparison.Ordinal) || (int)response.StatusCode is 400 or 404 : response.StatusCode == HttpStatusCode.OK, $"{id} {filled}: {response.StatusCode} {said}");
        }

        var references = document.RootElement.GetRawText().Split("#/components/schemas/").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]).Distinct();
        Assert.All(references, name => Assert.True(document.RootElement.GetProperty("components").GetProperty("schemas").TryGetProperty(name, out _), name));
    }

    private static PartitionSet Set(string set) => new() { Expressions = { set } };
}
