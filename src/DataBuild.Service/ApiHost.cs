using System.Globalization;
using DataBuild.Cli;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Service.Access;
using DataBuild.Service.Http;
using DataBuild.Service.Listening;
using DataBuild.Service.Methods;
using Grpc.HealthCheck;
using Grpc.Reflection;
using Grpc.Reflection.V1Alpha;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DataBuild.Service;

/// <summary>Listens, from before the log is open to after the loop has ended: what cannot be done yet, or any more, is said.</summary>
internal sealed class ApiHost : IServiceApi
{
    private static readonly TimeSpan endingTime = TimeSpan.FromSeconds(3);

    private readonly WebApplication app;
    private readonly Calls calls;
    private readonly ServiceAddress address;
    private readonly string stateDirectory;
    private readonly Lock gate = new();
    private Task? stopping;

    private ApiHost(WebApplication app, Calls calls, ServiceAddress address, string stateDirectory)
    {
        this.app = app;
        this.calls = calls;
        this.address = address;
        this.stateDirectory = stateDirectory;
    }

    public string Url => address.Url;

    public static Task<IServiceApi> StartAsync(ApiOptions options, Workspace workspace, ServiceDoor door, Action<string> say) =>
        StartAsync(options, workspace, door, say, new ApiLimits());

    internal static async Task<IServiceApi> StartAsync(ApiOptions options, Workspace workspace, ServiceDoor door, Action<string> say, ApiLimits limits)
    {
        var addresses = Addresses.Of(options.Listen, options.Port);
        string state = workspace.StateDirectory;
        Directory.CreateDirectory(state);
        bool needsToken = options.RequiresToken || !addresses.AreLoopback;
        string? token = options.NewToken || (needsToken && ServiceToken.Read(state) is null) ? ServiceToken.Make(state) : null;
        var calls = new Calls(limits);
        var app = Build(addresses, needsToken, workspace, door, calls, limits);
        try
        {
            await app.StartAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new Engine.Diagnostics.DataBuildException(
                Engine.Diagnostics.Rules.CannotListen, $"the service cannot listen at {addresses.Url}: {e.Message}; choose another port with --port (0 takes one that is free)", inner: e);
        }

        var address = new ServiceAddress(addresses.Url, Environment.ProcessId);
        var host = new ApiHost(app, calls, address, state);
        door.Opened = () => address.Write(state);
        say($"listens at {addresses.Url}{(needsToken ? ", callers need the token" : "")}");
        if (token is not null)
        {
            say($"token: {token}");
            say($"the token is shown this once; {workspace.Show(ServiceToken.FileIn(state))} has a hash of it, and `databuild serve --new-token` makes another");
        }

        return host;
    }

    /// <summary>Nothing more is taken; streams end, and what is being answered may go on for a moment.</summary>
    public void Drain()
    {
        lock (gate)
        {
            stopping ??= Task.Run(StopAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        address.Remove(stateDirectory);
        Drain();
        await stopping!.ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
        calls.Dispose();
    }

    private async Task StopAsync()
    {
        calls.End();
        using var late = new CancellationTokenSource(endingTime);
        await app.StopAsync(late.Token).ConfigureAwait(false);
    }

    private static WebApplication Build(Addresses addresses, bool needsToken, Workspace workspace, ServiceDoor door, Calls calls, ApiLimits limits)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiHost).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton(door).AddSingleton(calls).AddSingleton(limits).AddSingleton(workspace);
        services.AddSingleton<ServiceMethods>().AddSingleton<HealthMethods>();
        services.AddSingleton(new ReflectionServiceImpl([V1.DataBuildService.Descriptor, Grpc.Health.V1.Health.Descriptor, ServerReflection.Descriptor]));
        services.AddRouting();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = ApiLimits.LargestRequest;
            grpc.MaxSendMessageSize = ApiLimits.LargestAnswer;
            grpc.Interceptors.Add<ErrorInterceptor>();
        }).AddJsonTranscoding(json => json.JsonSettings.WriteInt64sAsStrings = true);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, addresses));

        // After Kestrel's own, which it would be in the place of.
        services.AddSingleton<IConnectionListenerFactory, NowhereTransport>();
        var app = builder.Build();
        app.UseMiddleware<ErrorBody>();
        app.UseMiddleware<AccessCheck>(addresses, needsToken ? workspace.StateDirectory : "");
        app.UseRouting();
        app.MapGrpcService<ServiceMethods>();
        app.MapGrpcService<HealthMethods>();
        app.MapGrpcService<ReflectionServiceImpl>();
        Probes.Map(app, door, calls, workspace);
        app.MapGet("/openapi/v1.json", OpenApiDocument.WriteAsync);
        app.MapFallback(context => throw new Engine.Diagnostics.DataBuildException(
            Engine.Diagnostics.Rules.NoSuchThing, string.Create(CultureInfo.InvariantCulture, $"there is nothing at {context.Request.Method} {context.Request.Path}; /openapi/v1.json has the paths")));
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, Addresses addresses)
    {
        var both = new BothProtocols();
        kestrel.Listen(new NowhereEndPoint(), both.UseForHttp2);
        foreach (var endPoint in addresses.EndPoints)
        {
            kestrel.Listen(endPoint, both.UseFor);
        }

        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = ApiLimits.LargestRequest;
        kestrel.Limits.MaxConcurrentConnections = ApiLimits.MostConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = ApiLimits.MostStreamsOfConnection;
    }
}
