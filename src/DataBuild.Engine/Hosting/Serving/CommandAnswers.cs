using System.Security.Cryptography;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// What commands were answered, the newest of them: one that is sent again, perhaps before it was answered, is not decided again. One
/// that was stored and never answered is recognised by ids derived from the command's, and does nothing twice either.
/// </summary>
internal sealed class CommandAnswers : IDisposable
{
    public const int Most = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (ByteString Request, Task<CommandReport> Answer)> answers = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();
    private AnswerFile? file;
    private string logId = "";

    /// <summary>A log is open that ends there: what was answered of it holds.</summary>
    public void Open(string stateDirectory, string log, ulong last)
    {
        lock (gate)
        {
            file?.Dispose();
            answers.Clear();
            order.Clear();
            (file, var known) = AnswerFile.Open(stateDirectory, log, last);
            logId = log;
            foreach (var answered in known)
            {
                Keep(answered.Report.CommandId, answered.Request, Task.FromResult(answered.Report));
            }
        }
    }

    public Task<CommandReport> GetAsync(CommandRequest request, Func<CommandRequest, Task<CommandReport>> ask)
    {
        var hash = ByteString.CopyFrom(SHA256.HashData(request.ToByteArray()));
        lock (gate)
        {
            if (answers.TryGetValue(request.CommandId, out var known))
            {
                return known.Request == hash ? known.Answer : throw new DataBuildException(
                    Rules.KeyUsedBefore, $"the key '{request.CommandId}' was used for another command before; give each command a key of its own, and the same one only to send the same again");
            }

            var answer = AnswerAsync(request, hash, ask);
            if (!answer.IsCompleted)
            {
                Keep(request.CommandId, hash, answer);
            }

            return answer;
        }
    }

    public void Dispose() => file?.Dispose();

    private async Task<CommandReport> AnswerAsync(CommandRequest request, ByteString hash, Func<CommandRequest, Task<CommandReport>> ask)
    {
        bool answered = false;
        try
        {
            var report = await ask(request).ConfigureAwait(false);
            if (report.Error is null)
            {
                lock (gate)
                {
                    file?.Add(new AnsweredCommand { Request = hash, LogId = logId, Report = report }, Kept);
                }

                answered = true;
            }

            return report;
        }
        finally
        {
            // What was not done may be asked again: refused commands, too, since what they were refused for may pass.
            if (!answered)
            {
                lock (gate)
                {
                    answers.Remove(request.CommandId);
                }
            }
        }
    }

    private IEnumerable<AnsweredCommand> Kept() => order.Where(answers.ContainsKey).Distinct(StringComparer.Ordinal)
        .Select(id => answers[id])
        .Where(known => known.Answer.IsCompletedSuccessfully)
        .Select(known => new AnsweredCommand { Request = known.Request, LogId = logId, Report = known.Answer.Result });

    private void Keep(string id, ByteString hash, Task<CommandReport> answer)
    {
        answers[id] = (hash, answer);
        order.Enqueue(id);
        while (order.Count > Most)
        {
            answers.Remove(order.Dequeue());
        }
    }
}
