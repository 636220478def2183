using System.Net.Sockets;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>
/// Takes commands from other processes for the engine at work. A client that says nothing, too much or nonsense is hung up on; the
/// engine never waits for one.
/// </summary>
internal sealed class CommandListener : IDisposable
{
    private const int MostClients = 64;

    /// <summary>For a request to come in, and for its report to go out.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    private readonly EngineSocket place;
    private readonly Socket socket;
    private readonly Action<PendingCommand> take;
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim clients = new(MostClients);
    private readonly Task accepting;

    private CommandListener(EngineSocket place, Socket socket, Action<PendingCommand> take)
    {
        this.place = place;
        this.socket = socket;
        this.take = take;
        accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Null where no socket can be had, which <paramref name="say"/> is told: the build goes on without.</summary>
    public static CommandListener? Start(string stateDirectory, Action<PendingCommand> take, Action<Diagnostic> say)
    {
        var place = EngineSocket.In(stateDirectory);
        try
        {
            return place is null ? null : new CommandListener(place, place.Listen(MostClients), take);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException or DataBuildException)
        {
            place?.Dispose();
            say(Rules.NoCommandSocket.At($"this build takes no commands: no socket can be made in '{stateDirectory}' ({e.Message}); put the state directory on a local disk"));
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
            // The engine ends, or the socket is no good any more: builds do without.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using var stream = new NetworkStream(client, ownsSocket: true);
            using var reading = Within(patience);
            var pending = new PendingCommand(await Frames.ReadAsync(stream, CommandRequest.Parser, reading.Token).ConfigureAwait(false));
            take(pending);
            var report = await pending.Reply.Task.WaitAsync(ending.Token).ConfigureAwait(false);
            using var writing = Within(patience);
            await Frames.WriteAsync(stream, report, writing.Token).ConfigureAwait(false);
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

    private CancellationTokenSource Within(TimeSpan time)
    {
        var within = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        within.CancelAfter(time);
        return within;
    }
}
