using DataBuild.Engine.Hosting.Live;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// Takes builds from other processes for the service: one request, then messages until the result. A client that closes its side asks
/// to stop.
/// </summary>
internal static class BuildListener
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    /// <param name="stateDirectory">Where the socket is.</param>
    /// <param name="take">Given each build.</param>
    /// <param name="wake">Called when one asks to stop.</param>
    /// <param name="say">Told where no socket can be had.</param>
    public static SocketListener? Start(string stateDirectory, Action<PendingBuild> take, Action wake, Action<Diagnostic> say) =>
        SocketListener.Start(stateDirectory, EngineSocket.Builds, (stream, ending) => ServeAsync(stream, take, wake, ending), say);

    private static async Task ServeAsync(Stream stream, Action<PendingBuild> take, Action wake, CancellationToken ending)
    {
        PendingBuild build;
        using (var reading = CancellationTokenSource.CreateLinkedTokenSource(ending))
        {
            reading.CancelAfter(patience);
            build = new PendingBuild(await Frames.ReadAsync(stream, EngineRequest.Parser, reading.Token).ConfigureAwait(false));
        }

        take(build);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(ending);
        var closing = AwaitCloseAsync(stream, build, wake, done.Token);
        try
        {
            await foreach (var message in build.Messages.ReadAllAsync(ending).ConfigureAwait(false))
            {
                await Frames.WriteAsync(stream, message, ending).ConfigureAwait(false);
            }
        }
        finally
        {
            // Whatever ended this: the service works for it no longer.
            build.Stop();
            wake();
            await done.CancelAsync().ConfigureAwait(false);
            await closing.ConfigureAwait(false);
        }
    }

    private static async Task AwaitCloseAsync(Stream stream, PendingBuild build, Action wake, CancellationToken done)
    {
        try
        {
            // It has nothing more to say: a byte would be as good as the end.
            await stream.ReadAsync(new byte[1], done).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone, or done with.
        }

        build.Stop();
        wake();
    }
}
