using DataBuild.Engine.Execution.Messages;
using DataBuild.Engine.Execution.Native;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Output;

/// <summary>
/// Takes one stream of a run: to its log file, its last bytes for an error message, its <c>databuild:</c> lines to the messages, its
/// compiler-style lines to the job's diagnostics. Memory does not grow with what a job prints, nor does work with how it splits lines:
/// a chunk is searched as a whole, and only one that holds something is taken apart. Reused from run to run.
/// </summary>
internal sealed class OutputCapture : IDisposable
{
    private const int UsualBuffer = 64 << 10;

    // A line of output that is longer is logged but holds nothing for us.
    private const int LongestPlainLine = 16 << 10;
    private const int MostDiagnostics = 100;

    // Bounds the work for a job that prints "error" without end and never in a form that means something.
    private const int MostCandidates = 20_000;

    private readonly LogFile _log;
    private readonly string _name;
    private readonly int _echo;
    private byte[] _buffer = new byte[UsualBuffer];
    private int _held;
    private bool _skipping;
    private int _candidates;
    private MessageCollector _messages = null!;
    private List<Diagnostic> _diagnostics = null!;

    /// <param name="name">Of the stream.</param>
    /// <param name="echo">A descriptor that everything is passed on to as it comes; -1 for none.</param>
    public OutputCapture(string name, int echo = -1)
    {
        _name = name;
        _echo = echo;
        _log = new LogFile(name + ".log");
    }

    public TailBuffer Tail { get; } = new();

    public bool IsSilent => Tail.Total == 0;

    public LogFile Log => _log;

    /// <param name="logDirectory">Where its file goes if there is anything to put there.</param>
    /// <param name="limit">Bytes to keep.</param>
    /// <param name="messages">Where its <c>databuild:</c> lines go.</param>
    /// <param name="diagnostics">Where its compiler-style lines go; shared by the streams of a run.</param>
    public void Begin(string logDirectory, long limit, MessageCollector messages, List<Diagnostic> diagnostics)
    {
        _log.Begin(logDirectory, limit);
        Tail.Clear();
        _held = 0;
        _skipping = false;
        _candidates = 0;
        _messages = messages;
        _diagnostics = diagnostics;
    }

    /// <summary>Reads once what is there. False at the stream's end.</summary>
    public bool ReadFrom(int descriptor)
    {
        var read = Libc.Read(descriptor, _buffer.AsSpan(_held));
        if (read <= 0)
        {
            return false;
        }

        // Where nobody listens any more, the job is to learn it as it would without us: by the end of its pipe.
        var isHeard = _echo < 0 || Libc.Write(_echo, _buffer.AsSpan(_held, read)) == 0;
        Take(read);
        return isHeard;
    }

    /// <summary>The stream has ended; <paramref name="cut"/> if in the middle of things, so that its last line may be only part of one.</summary>
    public void End(bool cut)
    {
        if (_held > 0)
        {
            Line(_buffer.AsSpan(0, _held), cut);
            _held = 0;
        }

        if (_buffer.Length > UsualBuffer)
        {
            _buffer = new byte[UsualBuffer];
        }

        _log.End(Tail);
    }

    public void Dispose() => _log.Dispose();

    private void Take(int read)
    {
        var fresh = _buffer.AsSpan(_held, read);
        _log.Write(fresh);
        Tail.Add(fresh);
        var end = _held + read;
        var start = 0;
        if (_skipping)
        {
            var lineEnd = fresh.IndexOf((byte)'\n');
            if (lineEnd < 0)
            {
                return;
            }

            start = lineEnd + 1;
            _skipping = false;
        }

        // What is held has no line end, or it would not be held.
        var last = fresh.LastIndexOf((byte)'\n');
        if (last >= 0 && _held + last + 1 > start)
        {
            Lines(_buffer.AsSpan(start, _held + last + 1 - start));
            start = _held + last + 1;
        }

        var rest = _buffer.AsSpan(start, end - start);
        Hold(rest, rest.StartsWith(MessageLine.Prefix));
    }

    private void Hold(Span<byte> rest, bool isMessage)
    {
        if (rest.Length > (isMessage ? _messages.LineLimit : LongestPlainLine))
        {
            if (isMessage)
            {
                _messages.TooLong(_name);
            }

            _held = 0;
            _skipping = true;
            return;
        }

        rest.CopyTo(_buffer);
        _held = rest.Length;
        if (_buffer.Length - _held < UsualBuffer / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private void Lines(Span<byte> block)
    {
        if (block.IndexOf(MessageLine.Prefix) < 0 && !MayPointAtFiles(block))
        {
            return;
        }

        while (!block.IsEmpty)
        {
            var end = block.IndexOf((byte)'\n');
            Line(block[..end], cut: false);
            block = block[(end + 1)..];
        }
    }

    private void Line(ReadOnlySpan<byte> line, bool cut)
    {
        if (line.EndsWith("\r"u8))
        {
            line = line[..^1];
        }

        if (line.StartsWith(MessageLine.Prefix))
        {
            _messages.AddLine(_name, line, cut);
        }
        else if (line.Length <= LongestPlainLine && MayPointAtFiles(line))
        {
            _candidates++;
            if (CompilerLine.Parse(PlainText.Of(line)) is { } diagnostic)
            {
                _diagnostics.Add(diagnostic);
            }
        }
    }

    private bool MayPointAtFiles(ReadOnlySpan<byte> text) =>
        _diagnostics.Count < MostDiagnostics && _candidates < MostCandidates
        && (text.IndexOf("warning"u8) >= 0 || text.IndexOf("error"u8) >= 0);
}
