using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>A command that came in on the socket, and where its report goes.</summary>
internal sealed class PendingCommand(CommandRequest request)
{
    public CommandRequest Request { get; } = request;

    /// <summary>Cancelled where the engine ends before it has decided.</summary>
    public TaskCompletionSource<CommandReport> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
