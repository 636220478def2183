using System.Net.Sockets;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>Hands a command to the engine at work.</summary>
internal static class CommandClient
{
    /// <summary>How long an engine may take to decide and store.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    /// <summary>Null if nobody listens, or who did has ended without an answer: the same command may then be tried elsewhere.</summary>
    public static async Task<CommandReport?> AskAsync(string stateDirectory, CommandRequest request, CancellationToken stop)
    {
        using var place = EngineSocket.In(stateDirectory, EngineSocket.Commands);
        if (place is null)
        {
            return null;
        }

        using var within = CancellationTokenSource.CreateLinkedTokenSource(stop);
        within.CancelAfter(patience);
        try
        {
            if (await place.ConnectAsync(within.Token).ConfigureAwait(false) is not { } socket)
            {
                return null;
            }

            using var stream = new NetworkStream(socket, ownsSocket: true);
            await Frames.WriteAsync(stream, request, within.Token).ConfigureAwait(false);
            return await Frames.ReadAsync(stream, CommandReport.Parser, within.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or InvalidProtocolBufferException
            || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // No answer: it died, or takes too long.
            return null;
        }
    }
}
