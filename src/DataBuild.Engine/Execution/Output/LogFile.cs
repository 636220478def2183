using System.Text;
using DataBuild.Engine.Execution.Native;

namespace DataBuild.Engine.Execution.Output;

/// <summary>
/// One stream of a run on disk. Made with the first byte, its folder too, since most runs say nothing. Keeps the first part and, where
/// more came than the limit allows, the last part below a line that says how much is missing.
/// </summary>
internal sealed unsafe class LogFile(string name) : IDisposable
{
    private readonly NativeStrings _paths = new();
    private string _folder = "";
    private long _room;
    private int _descriptor = -1;

    /// <summary>Bytes that did not fit.</summary>
    public long LeftOut { get; private set; }

    /// <summary>Why it could not be written any further; 0 if it could.</summary>
    public int Errno { get; private set; }

    /// <summary>There is a file.</summary>
    public bool IsMade { get; private set; }

    public string Path => System.IO.Path.Combine(_folder, name);

    public void Begin(string folder, long limit)
    {
        _folder = folder;
        _room = Math.Max(0, limit - TailBuffer.Capacity);
        LeftOut = 0;
        Errno = 0;
        IsMade = false;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Errno != 0 || (_descriptor < 0 && !Open()))
        {
            return;
        }

        var fitting = (int)Math.Min(_room, bytes.Length);
        _room -= fitting;
        LeftOut += bytes.Length - fitting;
        Put(bytes[..fitting]);
    }

    public void End(TailBuffer tail)
    {
        if (_descriptor < 0)
        {
            return;
        }

        if (LeftOut > 0 && Errno == 0)
        {
            var last = tail.Last(LeftOut);
            LeftOut -= last.Length;
            if (LeftOut > 0)
            {
                Put(Encoding.UTF8.GetBytes($"\n[databuild: {LeftOut} bytes are left out here]\n"));
            }

            Put(last);
        }

        _ = Libc.Close(_descriptor);
        _descriptor = -1;
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = Libc.Close(_descriptor);
            _descriptor = -1;
        }

        _paths.Dispose();
    }

    private void Put(ReadOnlySpan<byte> bytes) => Errno = Errno != 0 ? Errno : Libc.Write(_descriptor, bytes);

    private bool Open()
    {
        _paths.Clear();
        _paths.Add(_folder);
        _paths.Add(Path);
        if (TryOpen())
        {
            return true;
        }

        if (Libc.Errno == Libc.NoSuchEntry)
        {
            if (Libc.MakeDirectory(_paths[0], 0x1FF) != 0 && Libc.Errno == Libc.NoSuchEntry)
            {
                try
                {
                    Directory.CreateDirectory(_folder);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    // The open below fails for the same reason and tells its errno.
                }
            }

            if (TryOpen())
            {
                return true;
            }
        }

        Errno = Libc.Errno;
        return false;
    }

    private bool TryOpen()
    {
        _descriptor = Libc.Open(_paths[1], Libc.WriteOnly | Libc.Create | Libc.Truncate | Libc.CloseOnExec, 0x1B6);
        return IsMade = _descriptor >= 0;
    }
}
