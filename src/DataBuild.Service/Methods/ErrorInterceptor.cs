using DataBuild.Engine.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DataBuild.Service.Methods;

/// <summary>Whatever goes wrong within a call becomes a status with a diagnostic's code.</summary>
internal sealed class ErrorInterceptor(Calls calls) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardedAsync(context, async () =>
        {
            if (calls.Ending.IsCancellationRequested)
            {
                throw Ends();
            }

            var answer = await continuation(request, context).ConfigureAwait(false);
            if (answer is Google.Protobuf.IMessage message && message.CalculateSize() is var size && size > ApiLimits.LargestAnswer)
            {
                throw new DataBuildException(Rules.AnswerTooLarge, $"the answer has {size} bytes, where at most {ApiLimits.LargestAnswer} are sent; ask for fewer: a smaller page, fewer elements or a narrower set");
            }

            return answer;
        });

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardedAsync(context, async () =>
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
            return true;
        });

    private async Task<T> GuardedAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (DataBuildException e)
        {
            throw Statuses.Of(e.ToDiagnostic());
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "the caller hung up"));
        }
        catch (OperationCanceledException) when (calls.Ending.IsCancellationRequested)
        {
            throw Statuses.Of(Ends().ToDiagnostic());
        }
#pragma warning disable CA1031 // A bug met by one call is told to its caller and to whoever reads stderr; the others go on.
        catch (Exception e) when (e is not RpcException)
        {
            await Console.Error.WriteLineAsync($"internal error of {context.Method}, please report: {e}").ConfigureAwait(false);
            throw Statuses.Of(Rules.ServiceFailed.At($"{context.Method} met an error of the service's own ({e.GetType().Name}); please report what the service wrote on its stderr"));
        }
#pragma warning restore CA1031
    }

    private static DataBuildException Ends() => new(Rules.ServiceNotReady, "the service ends; ask again when it has started anew");
}
