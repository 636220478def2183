using System.Buffers.Text;
using DataBuild.Engine.Execution.Native;

namespace DataBuild.Engine.Execution.Processes;

/// <summary>Reads files of /proc/PID without a managed stream, since hundreds are read in a sweep and one in every start.</summary>
internal static unsafe class ProcFile
{
    /// <summary>Fills the buffer as far as the file goes; its length, or -1 if it cannot be read (gone, or another user's).</summary>
    public static int Read(int pid, ReadOnlySpan<byte> file, Span<byte> buffer)
    {
        var descriptor = Open(pid, file);
        if (descriptor < 0)
        {
            return -1;
        }

        var length = Fill(descriptor, buffer);
        _ = Libc.Close(descriptor);
        return length;
    }

    /// <summary>The whole file in a buffer that grows as needed; its length, or -1.</summary>
    public static int ReadAll(int pid, ReadOnlySpan<byte> file, ref byte[] buffer)
    {
        var descriptor = Open(pid, file);
        if (descriptor < 0)
        {
            return -1;
        }

        var length = 0;
        while (true)
        {
            var more = Fill(descriptor, buffer.AsSpan(length));
            if (more < 0)
            {
                length = -1;
                break;
            }

            length += more;
            if (length < buffer.Length)
            {
                break;
            }

            Array.Resize(ref buffer, buffer.Length * 2);
        }

        _ = Libc.Close(descriptor);
        return length;
    }

    private static int Open(int pid, ReadOnlySpan<byte> file)
    {
        Span<byte> path = stackalloc byte[64];
        "/proc/"u8.CopyTo(path);
        _ = Utf8Formatter.TryFormat(pid, path[6..], out var digits);
        file.CopyTo(path[(6 + digits)..]);
        path[6 + digits + file.Length] = 0;
        fixed (byte* name = path)
        {
            return Libc.Open(name, Libc.ReadOnly | Libc.CloseOnExec, 0);
        }
    }

    private static int Fill(int descriptor, Span<byte> buffer)
    {
        var length = 0;
        while (length < buffer.Length)
        {
            var read = Libc.Read(descriptor, buffer[length..]);
            if (read < 0)
            {
                return -1;
            }

            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return length;
    }
}
