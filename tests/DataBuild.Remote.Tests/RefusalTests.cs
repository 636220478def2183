using System.Net;
using System.Net.Sockets;
using DataBuild.Cli.Tests;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataBuild.Remote.Tests;

/// <summary>What keeps a verb from its answer is said in one line, with what to do.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void Nobody_is_there_or_nobody_who_can_answer()
    {
        using var closed = new Socket(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        string url = $"http://{closed.LocalEndPoint}";
        Ask("status", "--server", url).Failed(1, "DBLD7040", url, "Connection refused");
        Ask("want", "a/1", "--server", url).Failed(1, "DBLD7040", url);
        foreach (string address in (string[])["localhost:80", "ftp://here", "http://", "http://here/api"])
        {
            Ask("status", "--server", address).Failed(2, "DBLD7043", $"'{address}'", "http://HOST:PORT");
        }

        Ask("log", "backup", "x", "--server", url).Failed(2, "DBLD7044", "`log backup`");
        Ask("build", "--server", url).Failed(2, "DBLD7044", "`build`", "status, wants");
        Ask("try", "a/1", "--server", url).Failed(2, "DBLD7044", "`try`");
    }

    [Fact]
    public async Task The_service_wants_another_token_or_is_of_another_version()
    {
        await using var app = Fake();
        await app.StartAsync();
        string url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Ask("status", "--server", url).Failed(1, "DBLD7041", "wants a token", "DATABUILD_TOKEN");
        With("wrong").Failed(1, "DBLD7041", "refuses the token in DATABUILD_TOKEN");
        With("later").Failed(1, "DBLD7042", "speaks contract 2", "version 9.9");
        With("fine").Failed(1, "DBLD7042", "does not know this question");

        Answer With(string token) => Tool.Run(Path.GetTempPath(), Tool.Program, environment => (environment["DATABUILD_TOKEN"], environment["DATABUILD_SERVER"]) = (token, url), "", "jobs");
    }

    private static Answer Ask(params string[] arguments) => Tool.Run(Path.GetTempPath(), arguments);

    /// <summary>A service of which only the first question is there, and which answers it as its token says.</summary>
    private static WebApplication Fake()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<FakeService>();
        return app;
    }

    internal sealed class FakeService : DataBuildService.DataBuildServiceBase
    {
        public override Task<ServiceInfo> GetService(GetServiceRequest request, ServerCallContext context) => context.RequestHeaders.GetValue("authorization") switch
        {
            "Bearer later" => Task.FromResult(new ServiceInfo { ApiVersion = 2, Version = "9.9" }),
            "Bearer fine" => Task.FromResult(new ServiceInfo { ApiVersion = 1 }),
            _ => throw new RpcException(
                new Status(StatusCode.Unauthenticated, "no"), new Metadata { { "databuild-diagnostic-bin", Rules.NotAuthorized.At("no").ToByteArray() } }),
        };
    }
}
