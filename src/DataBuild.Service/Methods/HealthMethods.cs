using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Service.Http;
using Grpc.Core;
using Grpc.Health.V1;

namespace DataBuild.Service.Methods;

/// <summary>The health of gRPC (grpc.health.v1): what /readyz says, for the server as a whole and for its one service.</summary>
internal sealed class HealthMethods(ServiceDoor door, Calls calls, Workspace workspace) : Health.HealthBase
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(1);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) => Task.FromResult(Now(request));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        using var place = calls.Stream();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, calls.Ending);
        HealthCheckResponse? told = null;
        while (true)
        {
            var now = Now(request);
            if (!now.Equals(told))
            {
                await responseStream.WriteAsync(now, stop.Token).ConfigureAwait(false);
                told = now;
            }

            await Task.Delay(interval, stop.Token).ConfigureAwait(false);
        }
    }

    private HealthCheckResponse Now(HealthCheckRequest request) => new()
    {
        Status = request.Service is not ("" or "databuild.v1.DataBuildService") ? throw new RpcException(new Status(StatusCode.NotFound, $"there is no service '{request.Service}'"))
            : Probes.Problem(door, calls, workspace) is null ? HealthCheckResponse.Types.ServingStatus.Serving
            : HealthCheckResponse.Types.ServingStatus.NotServing,
    };
}
