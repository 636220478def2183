using DataBuild.Engine.Execution.Native;

namespace DataBuild.Engine.Execution.Messages;

/// <summary>
/// A run's messages file, made by the job if it has something to say. Read in pieces while the job runs (whole lines only) and to its end
/// afterwards, then removed. Reused from run to run.
/// </summary>
internal sealed unsafe class MessageFile : IDisposable
{
    private const int UsualBuffer = 16 << 10;

    private readonly NativeStrings _path = new();
    private string _name = "";
    private int _descriptor = -1;
    private byte[] _buffer = [];
    private int _held;
    private bool _skipping;
    private bool _first;
    private bool _stopped;
    private long _left;

    /// <param name="path">Where the job makes it.</param>
    /// <param name="limit">Bytes that are read of it, no more.</param>
    public void Begin(string path, long limit)
    {
        _path.Clear();
        _path.Add(path);
        _name = path;
        _held = 0;
        _skipping = false;
        _first = true;
        _stopped = false;
        _left = limit;
    }

    /// <summary>Takes the whole lines that are there by now.</summary>
    public void ReadOn(MessageCollector messages)
    {
        if (_stopped || (_descriptor < 0 && !TryOpen(messages)))
        {
            return;
        }

        if (_buffer.Length == 0)
        {
            _buffer = new byte[UsualBuffer];
        }

        while (true)
        {
            var read = Libc.Read(_descriptor, _buffer.AsSpan(_held));
            if (read <= 0)
            {
                if (read < 0 && Libc.Errno != Libc.TryAgain)
                {
                    Stop();
                    messages.Unreadable(_name, Libc.Describe(Libc.Errno));
                }

                return;
            }

            _left -= read;
            if (_left < 0)
            {
                Stop();
                messages.Full();
                return;
            }

            Take(read, messages);
        }
    }

    /// <summary>The job has ended: takes what is left, a last line without its end included, and removes the file unless it may be read again.</summary>
    public void End(MessageCollector messages, bool keep = false)
    {
        ReadOn(messages);
        if (_descriptor < 0)
        {
            return;
        }

        if (_held > 0)
        {
            messages.AddJson(_buffer.AsSpan(0, _held), cut: true);
        }

        _ = Libc.Close(_descriptor);
        _descriptor = -1;
        if (!keep)
        {
            _ = Libc.Unlink(_path[0]);
        }

        if (_buffer.Length > UsualBuffer)
        {
            _buffer = [];
        }
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = Libc.Close(_descriptor);
            _descriptor = -1;
        }

        _path.Dispose();
    }

    private bool TryOpen(MessageCollector messages)
    {
        // A job that puts a named pipe here must not stop us.
        _descriptor = Libc.Open(_path[0], Libc.ReadOnly | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (_descriptor < 0 && Libc.Errno != Libc.NoSuchEntry)
        {
            Stop();
            messages.Unreadable(_name, Libc.Describe(Libc.Errno));
        }

        return _descriptor >= 0;
    }

    private void Stop()
    {
        _stopped = true;
        _held = 0;
    }

    private void Take(int read, MessageCollector messages)
    {
        var block = _buffer.AsSpan(0, _held + read);
        var searched = _held;
        while (true)
        {
            var end = block[searched..].IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            if (!_skipping)
            {
                Line(block[..(searched + end)], messages);
            }

            _skipping = false;
            block = block[(searched + end + 1)..];
            searched = 0;
        }

        if (_skipping)
        {
            _held = 0;
        }
        else if (block.Length > messages.LineLimit)
        {
            messages.TooLong("messages file");
            _skipping = true;
            _held = 0;
        }
        else
        {
            block.CopyTo(_buffer);
            _held = block.Length;
            if (_held > _buffer.Length / 2)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }
    }

    private void Line(ReadOnlySpan<byte> line, MessageCollector messages)
    {
        if (_first && line.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        _first = false;
        messages.AddJson(line, cut: false);
    }
}
