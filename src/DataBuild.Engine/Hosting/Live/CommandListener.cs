using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>Takes commands from other processes for the engine at work: one request, one report.</summary>
internal static class CommandListener
{
    /// <summary>For a request to come in, and for its report to go out.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    /// <summary>Null where no socket can be had, which <paramref name="say"/> is told: the build goes on without.</summary>
    public static SocketListener? Start(string stateDirectory, Action<PendingCommand> take, Action<Diagnostic> say) =>
        SocketListener.Start(stateDirectory, EngineSocket.Commands, (stream, ending) => ServeAsync(stream, take, ending), say);

    private static async Task ServeAsync(Stream stream, Action<PendingCommand> take, CancellationToken ending)
    {
        using var reading = Within(patience, ending);
        var pending = new PendingCommand(await Frames.ReadAsync(stream, CommandRequest.Parser, reading.Token).ConfigureAwait(false));
        take(pending);
        var report = await pending.Reply.Task.WaitAsync(ending).ConfigureAwait(false);
        using var writing = Within(patience, ending);
        await Frames.WriteAsync(stream, report, writing.Token).ConfigureAwait(false);
    }

    private static CancellationTokenSource Within(TimeSpan time, CancellationToken ending)
    {
        var within = CancellationTokenSource.CreateLinkedTokenSource(ending);
        within.CancelAfter(time);
        return within;
    }
}
