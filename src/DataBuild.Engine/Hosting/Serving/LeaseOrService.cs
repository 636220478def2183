using System.Net.Sockets;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Log;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>Gets a build done: by the lease, so that it is done here, or by the service that has it.</summary>
internal sealed class LeaseOrService(Workspace workspace, Action<LeaseHolder?> onWaiting)
{
    /// <summary>The lease; or the result, where a service did the work.</summary>
    /// <param name="request">What the build was asked for.</param>
    /// <param name="take">Given what the service says, but for the result.</param>
    /// <param name="stop">Asks to stop: the service is told, and its result awaited.</param>
    /// <param name="hurry">Asks to wait for nothing any more.</param>
    public async Task<(Lease? Lease, BuildResult? Result)> GetAsync(EngineRequest request, Action<EngineMessage> take, CancellationToken stop, CancellationToken hurry)
    {
        while (true)
        {
            if (Lease.TryAcquire(workspace.Log) is { } free)
            {
                return (free, null);
            }

            if (await AskAsync(request, take, stop, hurry).ConfigureAwait(false) is { } result)
            {
                return (null, result);
            }

            // A build has it, or a service that begins or ends. Who has it next may be a service: it is asked then.
            using var another = CancellationTokenSource.CreateLinkedTokenSource(stop);
            LeaseHolder? told = null;
            void Told(LeaseHolder? holder)
            {
                if (told is not null && holder is not null && (holder.Pid, holder.Since) != (told.Pid, told.Since))
                {
                    another.Cancel();
                    return;
                }

                told = holder;
                onWaiting(holder);
            }

            try
            {
                return (await Lease.AcquireAsync(workspace.Log, Told, cancellation: another.Token).ConfigureAwait(false), null);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                // Another one has it now.
            }
        }
    }

    /// <summary>Null if no service listens.</summary>
    private async Task<BuildResult?> AskAsync(EngineRequest request, Action<EngineMessage> take, CancellationToken stop, CancellationToken hurry)
    {
        using var place = EngineSocket.In(workspace.StateDirectory, EngineSocket.Builds);
        if (place is null || await place.ConnectAsync(stop).ConfigureAwait(false) is not { } socket)
        {
            return null;
        }

        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var closing = stop.Register(() => AskToStop(socket));
        try
        {
            await Frames.WriteAsync(stream, request, hurry).ConfigureAwait(false);
            while (true)
            {
                var message = await Frames.ReadAsync(stream, EngineMessage.Parser, hurry).ConfigureAwait(false);
                take(message);
                if (message.Result is { } result)
                {
                    result.Diagnostics.Clear();
                    return result;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or InvalidProtocolBufferException)
        {
            throw new DataBuildException(Rules.ServiceGone, "the service that did this build's work ended before it, or hung up; build again: what was finished is recorded", inner: e);
        }
    }

    private static void AskToStop(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The service is gone, which whoever reads from it is told.
        }
    }
}
