using System.Net;
using System.Net.Sockets;
using System.Text;
using DataBuild.Cli;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Integration.Tests;
using DataBuild.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace DataBuild.Service.Tests;

public sealed class AccessTests
{
    [Fact]
    public async Task Callers_without_the_token_are_refused_where_one_is_required()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project, options: new ApiOptions(0, "127.0.0.1", RequiresToken: true, NewToken: false));
        string token = service.Said.Single(line => line.StartsWith("token: ", StringComparison.Ordinal))[7..];
        string file = ServiceToken.FileIn(project.StateDirectory);
        Assert.Equal(43, token.Length);
        Assert.DoesNotContain(token, File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/healthz")).StatusCode);
        var refused = await service.Http.GetAsync("/api/v1/status");
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (refused.StatusCode, refused.Headers.WwwAuthenticate.ToString()));
        Assert.StartsWith("""{"code":"DBLD7017",""", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Http.GetAsync("/openapi/v1.json")).StatusCode);
        var byGrpc = await Assert.ThrowsAsync<RpcException>(() => service.WantAsync("k", "made/9"));
        Assert.Equal(StatusCode.Unauthenticated, byGrpc.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(token + "x"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(token));
        var headers = new Metadata { { "authorization", $"Bearer {token}" } };
        Assert.True((await service.Client.GetServiceAsync(new GetServiceRequest(), headers)).Ready);

        string another = ServiceToken.Make(project.StateDirectory);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(token));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(another));

        async Task<HttpStatusCode> AskAsync(string sent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status");
            request.Headers.Authorization = new("Bearer", sent);
            using var response = await service.Http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task No_page_of_a_browser_and_no_other_host_is_answered()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        int port = new Uri(service.Url).Port;
        string[][] refused = [["Host: evil.example"], [$"Host: 127.0.0.1:{port + 1}"], [$"Host: 127.0.0.1:{port}", "Origin: http://evil.example"], [$"Host: 127.0.0.1:{port}", "Origin: null"], [$"Host: localhost:{port}", "Sec-Fetch-Site: cross-site"]];
        foreach (string[] headers in refused)
        {
            string answer = await RawAsync(port, $"POST /api/v1/wants HTTP/1.1\r\n{string.Join("\r\n", headers)}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
            Assert.Contains(" 403 ", answer, StringComparison.Ordinal);
            Assert.Contains("DBLD7018", answer, StringComparison.Ordinal);
        }

        Assert.Contains(" 200 ", await RawAsync(port, $"GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_protocols_are_spoken_at_one_port_of_both_versions_of_IP()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        int port = new Uri(service.Url).Port;
        foreach (string host in Socket.OSSupportsIPv6 ? new[] { "127.0.0.1", "[::1]" } : ["127.0.0.1"])
        {
            foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{host}:{port}/readyz") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                using var response = await service.Http.SendAsync(request);
                Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version));
            }
        }

        // What is neither, and what comes byte by byte.
        Assert.DoesNotContain(" 200 ", await RawAsync(port, "PRINT me\r\n\r\n"), StringComparison.Ordinal);
        using var client = new TcpClient("127.0.0.1", port) { NoDelay = true };
        foreach (char c in $"PUT /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        {
            await client.GetStream().WriteAsync(new[] { (byte)c });
        }

        Assert.Contains("DBLD7", await new StreamReader(client.GetStream()).ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_or_an_address_of_another_machine_is_an_error()
    {
        using var project = TestService.Project();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        foreach (var options in new[] { new ApiOptions(((IPEndPoint)taken.LocalEndpoint).Port, null, false, false), new ApiOptions(0, "192.0.2.1", false, false), new ApiOptions(0, "here", false, false) })
        {
            var refused = await Assert.ThrowsAsync<Engine.Diagnostics.DataBuildException>(() => TestService.StartAsync(project, options: options));
            Assert.Equal("DBLD7019", refused.Rule.Code);
        }
    }

    [Fact]
    public async Task Health_and_reflection_answer_as_gRPC_has_them()
    {
        using var project = TestService.Project();
        await using var service = await TestService.StartAsync(project);
        var health = new Health.HealthClient(service.Channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest { Service = "databuild.v1.DataBuildService" })).Status);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(async () => await health.CheckAsync(new HealthCheckRequest { Service = "x" }))).StatusCode);
        using var call = new ServerReflection.ServerReflectionClient(service.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Contains("databuild.v1.DataBuildService", call.ResponseStream.Current.ListServicesResponse.Service.Select(one => one.Name));
        await call.RequestStream.CompleteAsync();
    }

    [Fact]
    public async Task No_path_leads_out_of_the_places_of_the_service()
    {
        using var project = TestService.Project();
        File.WriteAllText(Path.Combine(project.Folder, "secret"), "SECRET");
        await using var service = await TestService.StartAsync(project);
        await service.UntilLiveAsync("made/1");
        int port = new Uri(service.Url).Port;
        string[] evil =
        [
            "..", "../..", "../../secret", "%2e%2e/%2e%2e/secret", "..%2f..%2fsecret", "%2e%2e%2fsecret", "%252e%252e%252fsecret", "//secret", "/etc/passwd", "%2fetc%2fpasswd",
            "%00", "a%00b", "..%5c..%5csecret", "....//secret", "%c0%ae%c0%ae/secret", "%ef%bc%8e%ef%bc%8e/secret", "%C3%A9%20x", "~", "made/1/../../../secret", new string('a', 7_000), string.Join('/', Enumerable.Repeat("..", 500)),
        ];
        foreach (string id in evil)
        {
            foreach (string path in new[] { $"/api/v1/runs/{id}", $"/api/v1/runs/{id}/log", $"/api/v1/runs/{id}/log?follow=true", $"/api/v1/partitions/{id}", $"/api/v1/lineage/{id}", $"/api/v1/wants/{id}", $"/api/v1/jobs/{id}", $"/{id}" })
            {
                string answer = await RawAsync(port, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
                int status = int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

                // A list, where dots lead to one; else nothing of that name, or nothing at all.
                Assert.True(status is 200 or 400 or 404 or 414 or 431, $"{path}: {answer}");
                Assert.DoesNotContain("SECRET", answer, StringComparison.Ordinal);
                Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
                Assert.DoesNotContain("DBLD7024", answer, StringComparison.Ordinal);
            }
        }

        Assert.Contains("DBLD7023", await (await service.Http.GetAsync("/api/v1/wants/nobody")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (string id in new[] { "..", "../secret", "/etc/passwd", "\0", "a\0b", "é", new string('a', 5_000) })
        {
            foreach (Func<Task> ask in new Func<Task>[]
            {
                async () => await service.Client.GetRunAsync(new GetRunRequest { RunId = id }),
                async () => await service.Client.GetRunLog(new GetRunLogRequest { RunId = id }).ResponseStream.MoveNext(),
                async () => await service.Client.GetPartitionAsync(new GetPartitionRequest { Ref = id }),
                async () => await service.Client.CancelRunAsync(new CancelRunRequest { CommandId = "x", RunId = id }),
                async () => await service.Client.CancelWantAsync(new CancelWantRequest { CommandId = "x", WantId = id }),
                async () => await service.WantAsync("y", id),
            })
            {
                var refused = await Assert.ThrowsAsync<RpcException>(ask);
                Assert.True(refused.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument, $"{id}: {refused.Status}");
            }
        }
    }

    private static async Task<string> RawAsync(int port, string request)
    {
        using var client = new TcpClient("127.0.0.1", port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
