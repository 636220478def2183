using DataBuild.Cli;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.Service.Http;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DataBuild.Service.Methods;

/// <summary>The methods of proto/databuild/v1/service.proto: each checks what it was asked and hands it to a question or a command.</summary>
internal sealed partial class ServiceMethods(ServiceDoor door, Calls calls, ApiLimits limits, Workspace workspace) : DataBuildService.DataBuildServiceBase
{
    private const uint ApiVersion = 1;

    private static readonly Timestamp started = Timestamp.FromDateTimeOffset(System.Diagnostics.Process.GetCurrentProcess().StartTime.ToUniversalTime());

    /// <summary>The log, for questions that need no state.</summary>
    private LogView View => door.Model.View ?? throw new DataBuildException(Rules.ServiceNotReady, "the service has not opened its log yet; ask again when /readyz answers with 200");

    public override async Task<ServiceInfo> GetService(GetServiceRequest request, ServerCallContext context)
    {
        string? problem = Probes.Problem(door, calls, workspace);
        var info = new ServiceInfo
        {
            Version = EngineHost.Version,
            ApiVersion = ApiVersion,
            Pid = Environment.ProcessId,
            ProjectFile = (door.Workspace ?? workspace).ProjectFile,
            Ready = problem is null,
            Problem = problem ?? "",
            Started = started,
        };
        if (door.Model.View is not null)
        {
            await door.Model.AskAsync(
                view =>
                {
                    var state = view.Load();
                    (info.Graph, info.LogId, info.Offset) = (state.Graph?.Name ?? "", view.Log.LogId, state.Offset);
                    return true;
                },
                context.CancellationToken).ConfigureAwait(false);
        }

        return info;
    }

    /// <summary>A question of the fold.</summary>
    private Task<T> AskAsync<T>(Google.Protobuf.IMessage request, Func<LogView, T> question, ServerCallContext context)
    {
        Checks.Check(request);
        return door.Model.AskAsync(question, context.CancellationToken);
    }

    /// <summary>A question that reads much of the log and needs no fold, or makes one of its own.</summary>
    private Task<T> ReadAsync<T>(Google.Protobuf.IMessage request, Func<LogView, T> question, ServerCallContext context)
    {
        Checks.Check(request);
        var view = View;
        return calls.LongAsync(() => question(view), context.CancellationToken);
    }
}
