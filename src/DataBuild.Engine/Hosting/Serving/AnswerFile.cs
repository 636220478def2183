using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// What commands were answered, in a file beside the log, written before an answer goes out. It outlives the process and not
/// necessarily the machine: it is not synced, since what a command did is in the log, by ids that say whose it is.
/// </summary>
internal sealed class AnswerFile : IDisposable
{
    private readonly string path;
    private FileStream file;
    private int written;

    private AnswerFile(string path, FileStream file)
    {
        this.path = path;
        this.file = file;
    }

    /// <summary>Opens it, and tells what it holds of this log up to an event: what was answered later the log does not know any more.</summary>
    public static (AnswerFile File, List<AnsweredCommand> Answers) Open(string stateDirectory, string logId, ulong last)
    {
        string path = Path.Combine(stateDirectory, "answers");
        var answers = new List<AnsweredCommand>();
        AnswerFile? opened = null;
        StateFolder.Guarded(path, () =>
        {
            if (File.Exists(path))
            {
                using var old = File.OpenRead(path);
                answers.AddRange(Whole(old).Where(answer => answer.LogId == logId && answer.Report.LogOffset <= last).TakeLast(CommandAnswers.Most));
            }

            opened = new AnswerFile(path, Rewritten(path, answers));
        });
        return (opened!, answers);
    }

    /// <summary>Adds one, and makes the file anew where it has grown to twice what is kept.</summary>
    public void Add(AnsweredCommand answer, Func<IEnumerable<AnsweredCommand>> kept) => StateFolder.Guarded(path, () =>
    {
        answer.WriteDelimitedTo(file);
        file.Flush();
        if (++written > CommandAnswers.Most)
        {
            file.Dispose();
            file = Rewritten(path, kept());
            written = 0;
        }
    });

    public void Dispose() => file.Dispose();

    /// <summary>All that was written as a whole: the last one may have been cut off.</summary>
    private static IEnumerable<AnsweredCommand> Whole(FileStream old)
    {
        while (old.Position < old.Length)
        {
            AnsweredCommand answer;
            try
            {
                answer = AnsweredCommand.Parser.ParseDelimitedFrom(old);
            }
            catch (InvalidProtocolBufferException)
            {
                yield break;
            }

            if (answer.Report is not null)
            {
                yield return answer;
            }
        }
    }

    private static FileStream Rewritten(string path, IEnumerable<AnsweredCommand> answers)
    {
        string made = path + ".new";
        var file = new FileStream(made, FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
        foreach (var answer in answers)
        {
            answer.WriteDelimitedTo(file);
        }

        file.Flush();
        File.Move(made, path, overwrite: true);
        return file;
    }
}
