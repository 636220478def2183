using System.Net.Sockets;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>
/// Listens at a socket of the state directory and serves each client that connects, a bounded number at a time. A client that says
/// nothing, too much or nonsense is hung up on; the engine never waits for one.
/// </summary>
internal sealed class SocketListener : IDisposable
{
    private const int MostClients = 64;

    private readonly EngineSocket place;
    private readonly Socket socket;
    private readonly Func<Stream, CancellationToken, Task> serve;
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim clients = new(MostClients);
    private readonly Task accepting;

    private SocketListener(EngineSocket place, Socket socket, Func<Stream, CancellationToken, Task> serve)
    {
        this.place = place;
        this.socket = socket;
        this.serve = serve;
        accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Null where no socket can be had, which <paramref name="say"/> is told: the engine goes on without.</summary>
    /// <param name="stateDirectory">Where the socket is.</param>
    /// <param name="name">Its name.</param>
    /// <param name="serve">Serves one client until it is done or the token is cancelled.</param>
    /// <param name="say">Told of what is missing without it.</param>
    public static SocketListener? Start(string stateDirectory, string name, Func<Stream, CancellationToken, Task> serve, Action<Diagnostic> say)
    {
        var place = EngineSocket.In(stateDirectory, name);
        try
        {
            return place is null ? null : new SocketListener(place, place.Listen(MostClients), serve);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or DataBuildException)
        {
            place?.Dispose();
            say(Rules.NoCommandSocket.At($"this engine can't be reached at '{name}': no socket can be made in '{stateDirectory}' ({e.Message}); put the state directory on a local disk"));
            return null;
        }
    }

    /// <summary>Hangs up on those who still wait: they ask whoever has the lease next, or take it themselves.</summary>
    public void Dispose()
    {
        place.Remove();
        ending.Cancel();
        socket.Dispose();
        accepting.GetAwaiter().GetResult();
        for (int i = 0; i < MostClients; i++)
        {
            clients.Wait();
        }

        place.Dispose();
        clients.Dispose();
        ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!ending.IsCancellationRequested)
            {
                await clients.WaitAsync(ending.Token).ConfigureAwait(false);
                Socket client;
                try
                {
                    client = await socket.AcceptAsync(ending.Token).ConfigureAwait(false);
                }
                catch
                {
                    clients.Release();
                    throw;
                }

                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The engine ends, or the socket is no good any more: clients do without.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            await serve(stream, ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or InvalidProtocolBufferException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Its own fault, or the engine is ending: it is hung up on, which tells it.
        }
        finally
        {
            clients.Release();
        }
    }
}
