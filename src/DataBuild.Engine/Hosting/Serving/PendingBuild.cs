using System.Threading.Channels;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>A build that came in on the socket, and its way back: messages are queued, since the loop never waits for a reader.</summary>
internal sealed class PendingBuild(EngineRequest request)
{
    /// <summary>Most messages that wait for a reader. One that is slower misses progress first, and is hung up on at the end.</summary>
    private const int MostWaiting = 100_000;

    private const int MostProgressWaiting = 100;

    private readonly Channel<EngineMessage> messages = Channel.CreateBounded<EngineMessage>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private volatile bool isStopping;

    public EngineRequest Request { get; } = request;

    public ChannelReader<EngineMessage> Messages => messages.Reader;

    /// <summary>It asked to stop, or is gone.</summary>
    public bool IsStopping => isStopping;

    public void Stop() => isStopping = true;

    public void Send(EngineMessage message)
    {
        bool isProgress = message.Progress is not null || message.Line is { Importance: Importance.Low };
        if (isProgress && messages.Reader.Count > MostProgressWaiting)
        {
            return;
        }

        if (!messages.Writer.TryWrite(message))
        {
            HangUp();
        }
    }

    public void End(BuildResult result)
    {
        Send(new EngineMessage { Result = result });
        HangUp();
    }

    public void HangUp()
    {
        isStopping = true;
        messages.Writer.TryComplete();
    }
}
