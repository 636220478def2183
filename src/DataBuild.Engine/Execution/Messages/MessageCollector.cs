using System.Text;
using System.Text.Unicode;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Execution.Messages;

/// <summary>
/// Everything one run says by messages. A bad one becomes a coded error and costs no other one; nothing that a job writes can throw or
/// take memory without bound.
/// </summary>
internal sealed class MessageCollector(RunRequest request, RunLimits options, Action<Progress> progressed)
{
    private const int MostErrors = 20;

    // For people; a job that reports each row must not cost an engine's time for each.
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromMilliseconds(100);

    private readonly List<JobMessage> _messages = [];
    private readonly List<Diagnostic> _diagnostics = [];
    private HashSet<string>? _refs;
    private long _bytes;
    private int _errorsLeftOut;
    private bool _full;
    private Progress? _progress;
    private Deadline _nextProgress = Deadline.After(TimeSpan.Zero);

    public int LineLimit => options.MessageLineLimit;

    public IReadOnlyList<JobMessage> Messages => _messages;

    /// <summary>A <c>databuild:</c> line of stdout or stderr; <paramref name="cut"/> if its end may be missing.</summary>
    public void AddLine(string stream, ReadOnlySpan<byte> line, bool cut)
    {
        if (!Admit(stream, line, cut))
        {
            return;
        }

        if (MessageLine.Parse(line, out var rule, out var problem) is { } message)
        {
            Keep(message, stream, line);
        }
        else
        {
            Error(rule, stream, line, problem);
        }
    }

    /// <summary>A line of the messages file; <paramref name="cut"/> if no line end follows it.</summary>
    public void AddJson(ReadOnlySpan<byte> line, bool cut)
    {
        const string Source = "messages file";
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty || !Admit(Source, line, cut: false))
        {
            return;
        }

        try
        {
            Keep(JsonParser.Default.Parse<JobMessage>(Encoding.UTF8.GetString(line)), Source, line);
        }
        catch (InvalidJsonException error)
        {
            // What is complete without a line end is a message all the same: only what cannot be read was cut.
            Error(cut ? Rules.TruncatedMessage : Rules.MalformedMessage, Source, line, error.Message);
        }
        catch (InvalidProtocolBufferException error)
        {
            Error(cut ? Rules.TruncatedMessage : Rules.UnknownMessage, Source, line, error.Message);
        }
    }

    public void TooLong(string source) =>
        Error(Rules.MessageTooLong, source, [], $"at most {LineLimit} bytes are read");

    public void Unreadable(string path, string why) =>
        Add(Rules.MessagesUnreadable.At($"job '{request.Job}': its messages file {path} cannot be read: {why}; {Rules.MessagesUnreadable.Cure}"));

    /// <summary>There is more than may be kept.</summary>
    public void Full()
    {
        if (!_full)
        {
            _full = true;
            Add(Rules.TooManyMessages.At(
                $"job '{request.Job}' wrote more than {options.MessagesLimit} bytes of messages, and what follows is not read; {Rules.TooManyMessages.Cure}"));
        }
    }

    /// <summary>Everything has been said. What was wrong, in order.</summary>
    public IReadOnlyList<Diagnostic> End()
    {
        if (_progress is not null)
        {
            progressed(_progress);
            _progress = null;
        }

        if (_errorsLeftOut > 0)
        {
            _diagnostics.Add(Rules.MoreMessageErrors.At(
                $"job '{request.Job}': {_errorsLeftOut} more of its messages are wrong, beside the {MostErrors} shown; mend those first"));
            _errorsLeftOut = 0;
        }

        return _diagnostics;
    }

    // Also what makes the rest safe to decode and bounded to keep.
    private bool Admit(string source, ReadOnlySpan<byte> line, bool cut)
    {
        if (line.Length > LineLimit)
        {
            TooLong(source);
            return false;
        }

        if (cut)
        {
            Error(Rules.TruncatedMessage, source, line, "the run was ended before the line was");
            return false;
        }

        if (!Utf8.IsValid(line))
        {
            Error(Rules.MessageNotUtf8, source, line, "it holds bytes that are not UTF-8");
            return false;
        }

        _bytes += line.Length;
        if (_bytes <= options.MessagesLimit)
        {
            return true;
        }

        Full();
        return false;
    }

    private void Keep(JobMessage message, string source, ReadOnlySpan<byte> line)
    {
        if (message.For.Count > 0 && !KeepOwnRefs(message, source, line))
        {
            return;
        }

        switch (message.MessageCase)
        {
            case JobMessage.MessageOneofCase.None:
                Error(Rules.UnknownMessage, source, line, "it says nothing: none of missing_deps, read_deps, read_files, partition_done, partition_failed, progress, retry_after");
                return;
            case JobMessage.MessageOneofCase.MissingDeps when !KeepGood(message.MissingDeps.Refs, source, line):
            case JobMessage.MessageOneofCase.ReadDeps when !KeepGood(message.ReadDeps.Refs, source, line):
                return;
            case JobMessage.MessageOneofCase.ReadFiles when message.ReadFiles.Paths.Count == 0 || message.ReadFiles.Paths.Any(path => path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)):
                Error(Rules.BadMessageValue, source, line, "it names no file, or an empty one");
                return;
            case JobMessage.MessageOneofCase.RetryAfter when !(message.RetryAfter.Seconds is >= 0 and <= 365 * 86400.0):
                Error(Rules.BadMessageValue, source, line, "seconds must be from 0 to a year");
                return;
            case JobMessage.MessageOneofCase.Progress when !(message.Progress.Fraction is >= 0 and <= 1):
                Error(Rules.BadMessageValue, source, line, "progress must be from 0 to 1");
                return;
            case JobMessage.MessageOneofCase.Progress:
                Report(message.Progress);
                return;
            default:
                _messages.Add(message);
                return;
        }
    }

    private bool KeepOwnRefs(JobMessage message, string source, ReadOnlySpan<byte> line)
    {
        _refs ??= request.Refs.ToHashSet(StringComparer.Ordinal);
        for (var index = message.For.Count - 1; index >= 0; index--)
        {
            if (!_refs.Contains(message.For[index]))
            {
                Error(Rules.ForeignRef, source, line, $"'{PlainText.Quote(message.For[index])}' is not among the {request.Refs.Count} refs of the run");
                message.For.RemoveAt(index);
            }
        }

        // Empty would mean all of them, which it did not say.
        return message.For.Count > 0;
    }

    private bool KeepGood(Google.Protobuf.Collections.RepeatedField<string> refs, string source, ReadOnlySpan<byte> line)
    {
        if (refs.Count == 0)
        {
            Error(Rules.BadMessageValue, source, line, "it names no ref");
            return false;
        }

        for (var index = refs.Count - 1; index >= 0; index--)
        {
            if (options.CheckRef(refs[index]) is { } problem)
            {
                Error(Rules.BadRefInMessage, source, line, $"'{PlainText.Quote(refs[index])}' is no ref: {problem}");
                refs.RemoveAt(index);
            }
        }

        return refs.Count > 0;
    }

    private void Report(Progress progress)
    {
        progress.Text = PlainText.Quote(progress.Text, 200);
        if (_nextProgress.IsPast)
        {
            _nextProgress = Deadline.After(BetweenProgress);
            _progress = null;
            progressed(progress);
        }
        else
        {
            _progress = progress;
        }
    }

    private void Error(DiagnosticRule rule, string source, ReadOnlySpan<byte> line, string problem)
    {
        var quote = line.IsEmpty ? "" : $" `{PlainText.Quote(PlainText.Of(line[..Math.Min(line.Length, 400)]))}`";
        Add(rule.At($"job '{request.Job}', {source}: {char.ToLowerInvariant(rule.Title[0])}{rule.Title[1..]}{quote}: {PlainText.Quote(problem, 300)}; {rule.Cure}"));
    }

    private void Add(Diagnostic diagnostic)
    {
        if (_diagnostics.Count < MostErrors)
        {
            _diagnostics.Add(diagnostic);
        }
        else
        {
            _errorsLeftOut++;
        }
    }
}
