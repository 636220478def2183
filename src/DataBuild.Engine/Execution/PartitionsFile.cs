using DataBuild.Engine.Execution.Native;

namespace DataBuild.Engine.Execution;

/// <summary>
/// The file with all refs of a run, one a line. A job may read it even if it has one ref and got that as an argument, so each run has one;
/// each slot writes its own anew for every run, since making and removing a file costs five times as much (50 us on ext4, not 10).
/// Opened by name each time: a job that replaced it must not leave its own text to the next one.
/// </summary>
internal sealed unsafe class PartitionsFile(string path) : IDisposable
{
    private readonly NativeStrings _path = new();
    private readonly NativeStrings _text = new();

    public string Path => path;

    /// <summary>0, or an errno.</summary>
    public int Write(IReadOnlyList<string> refs)
    {
        _text.Clear();
        for (var index = 0; index < refs.Count; index++)
        {
            _text.Add(refs[index]);
        }

        var text = _text.AsLines();
        if (_path.Count == 0)
        {
            _path.Add(path);
        }

        var descriptor = Libc.Open(_path[0], Libc.WriteOnly | Libc.Create | Libc.CloseOnExec, 0x1B6);
        if (descriptor < 0)
        {
            return Libc.Errno;
        }

        var errno = Libc.Write(descriptor, text);

        // Shortened to what it holds rather than emptied first: a file that was emptied is forced to disk when closed.
        if (errno == 0 && Libc.SetLength(descriptor, text.Length) != 0)
        {
            errno = Libc.Errno;
        }

        _ = Libc.Close(descriptor);
        return errno;
    }

    public void Dispose()
    {
        _path.Dispose();
        _text.Dispose();
    }
}
