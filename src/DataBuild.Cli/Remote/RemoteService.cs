using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace DataBuild.Cli.Remote;

/// <summary>
/// A service over the network. Whatever goes wrong is an error with a code: the service's own, as if it had been said here, or what kept the
/// call from it. Nothing of gRPC is loaded before one is made.
/// </summary>
internal sealed class RemoteService : IDisposable
{
    /// <summary>The contract that this tool speaks.</summary>
    private const uint Version = 1;

    private const string DiagnosticTrailer = "databuild-diagnostic-bin";
    private const string OffsetTrailer = "databuild-offset";

    private static readonly TimeSpan connecting = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan answering = TimeSpan.FromMinutes(5);

    private readonly Uri address;
    private readonly GrpcChannel channel;
    private readonly CallInvoker invoker;
    private readonly Metadata headers = [];
    private readonly bool hasToken;

    private RemoteService(Uri address)
    {
        this.address = address;
        var handler = new SocketsHttpHandler { ConnectTimeout = connecting, UseProxy = false, EnableMultipleHttp2Connections = true };
        channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null });
        invoker = channel.CreateCallInvoker();
        if (Environment.GetEnvironmentVariable(Server.TokenVariable) is { Length: > 0 } token)
        {
            hasToken = true;
            headers.Add("authorization", $"Bearer {token.Trim()}");
        }
    }

    /// <summary>Asks it who it is, so that what does not fit is told at once.</summary>
    public static RemoteService Open(Uri address)
    {
        var service = new RemoteService(address);
        try
        {
            var info = service.Ask<GetServiceRequest, ServiceInfo>("GetService", new GetServiceRequest());
            return info.ApiVersion == Version
                ? service
                : throw new DataBuildException(
                    Rules.OtherServerVersion, $"the service at {address} is of version {info.Version} and speaks contract {info.ApiVersion}; this tool speaks {Version}: install the tool of that version, or start that service with this one");
        }
        catch
        {
            service.Dispose();
            throw;
        }
    }

    public TAnswer Ask<TRequest, TAnswer>(string method, TRequest request, CancellationToken stop = default)
        where TRequest : class, IMessage<TRequest>, new()
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        try
        {
            return invoker.BlockingUnaryCall(MethodOf<TRequest, TAnswer>(MethodType.Unary, method), null, Options(DateTime.UtcNow + answering, stop), request);
        }
        catch (RpcException e)
        {
            throw Failure(e, stop);
        }
    }

    /// <summary>What it sends until it ends, or the caller is asked to stop.</summary>
    public IEnumerable<TAnswer> Stream<TRequest, TAnswer>(string method, TRequest request, CancellationToken stop)
        where TRequest : class, IMessage<TRequest>, new()
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        using var call = invoker.AsyncServerStreamingCall(MethodOf<TRequest, TAnswer>(MethodType.ServerStreaming, method), null, Options(null, stop), request);
        while (Next(call.ResponseStream, stop))
        {
            yield return call.ResponseStream.Current;
        }
    }

    public void Dispose() => channel.Dispose();

    private bool Next<T>(IAsyncStreamReader<T> stream, CancellationToken stop)
    {
        try
        {
            return stream.MoveNext(stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (RpcException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (RpcException e)
        {
            throw Failure(e, stop);
        }
    }

    private CallOptions Options(DateTime? deadline, CancellationToken stop) => new(headers, deadline, stop);

    /// <summary>The service's error as its own, with the same exit code as here; else what kept the call from it.</summary>
    private Exception Failure(RpcException e, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return new OperationCanceledException(e.Message, e, stop);
        }

        if (e.Trailers.GetValueBytes(DiagnosticTrailer) is { } bytes)
        {
            var diagnostic = Diagnostic.Parser.ParseFrom(bytes);
            if (e.Trailers.GetValue(OffsetTrailer) is { } offset && ulong.TryParse(offset, out ulong from))
            {
                return new FellBehindException(from, diagnostic.Text);
            }

            return diagnostic.Code == Rules.NotAuthorized.Code ? Unauthorized(e)
                : Rules.All.FirstOrDefault(rule => rule.Code == diagnostic.Code) is { } known ? new DataBuildException(known, diagnostic.Text, inner: e)
                : new DataBuildException(Rules.OtherServerVersion, $"the service at {address} answers with {diagnostic.Code}, which this version of the tool does not know: {diagnostic.Text}", inner: e);
        }

        return e.StatusCode switch
        {
            StatusCode.Unauthenticated => Unauthorized(e),
            StatusCode.Unimplemented => new DataBuildException(Rules.OtherServerVersion, $"what answers at {address} does not know this question: it is no service of DataBuild, or one of another version; install the tool that it was started with", inner: e),
            StatusCode.DeadlineExceeded => new DataBuildException(Rules.ServerUnreachable, $"the service at {address} did not answer within {answering.TotalMinutes:0} minutes; ask again, or ask for less", inner: e),
            _ => new DataBuildException(Rules.ServerUnreachable, $"the service at {address} cannot be reached: {Reason(e)}; look at the address and whether the service runs", inner: e),
        };
    }

    private DataBuildException Unauthorized(RpcException e) => new(
        Rules.ServerRefusesToken,
        hasToken
            ? $"the service at {address} refuses the token in {Server.TokenVariable}; set it to the one that the service showed, or make a new one there with `databuild serve --new-token`"
            : $"the service at {address} wants a token; set {Server.TokenVariable} to the one that it showed at its first start",
        inner: e);

    /// <summary>What the network said, without what gRPC puts around it.</summary>
    private static string Reason(RpcException e)
    {
        Exception? cause = e.Status.DebugException;
        while (cause?.InnerException is { } inner)
        {
            cause = inner;
        }

        return (cause?.Message ?? e.Status.Detail).TrimEnd('.');
    }

    private static Method<TRequest, TAnswer> MethodOf<TRequest, TAnswer>(MethodType type, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TAnswer : class, IMessage<TAnswer>, new() => new(
        type, "databuild.v1.DataBuildService", name, MarshallerOf<TRequest>(), MarshallerOf<TAnswer>());

    private static Marshaller<T> MarshallerOf<T>()
        where T : class, IMessage<T>, new() => new(message => message.ToByteArray(), bytes => new MessageParser<T>(() => new T()).ParseFrom(bytes));
}
