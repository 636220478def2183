using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// What commands were answered, the newest of them: one that is sent again, perhaps before it was answered, is not decided again. What
/// is older, or from before a restart, is recognised by ids derived from the command's, and does nothing twice.
/// </summary>
internal sealed class CommandAnswers
{
    public const int Most = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (ByteString Request, Task<CommandReport> Answer)> answers = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    public Task<CommandReport> GetAsync(CommandRequest request, Func<CommandRequest, Task<CommandReport>> ask)
    {
        var bytes = ByteString.CopyFrom(System.Security.Cryptography.SHA256.HashData(request.ToByteArray()));
        lock (gate)
        {
            if (answers.TryGetValue(request.CommandId, out var known))
            {
                if (known.Request != bytes)
                {
                    throw new DataBuildException(
                        Rules.KeyUsedBefore, $"the key '{request.CommandId}' was used for another command before; give each command a key of its own, and the same one only to send the same again");
                }

                return known.Answer;
            }

            var answer = ask(request);
            answers.Add(request.CommandId, (bytes, answer));
            order.Enqueue(request.CommandId);
            if (order.Count > Most)
            {
                answers.Remove(order.Dequeue());
            }

            // What was not done may be asked again: refused commands, too, since what they were refused for may pass.
            _ = answer.ContinueWith(
                ended =>
                {
                    if (!ended.IsCompletedSuccessfully || ended.Result.Error is not null)
                    {
                        Forget(request.CommandId, answer);
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            return answer;
        }
    }

    private void Forget(string id, Task<CommandReport> answer)
    {
        lock (gate)
        {
            if (answers.TryGetValue(id, out var known) && known.Answer == answer)
            {
                answers.Remove(id);
            }
        }
    }
}
