using System.Buffers.Text;

namespace DataBuild.Engine.Execution.Processes;

/// <summary>What /proc/PID/stat says of a process.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Parent">Its parent's id.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="State">R, S, D, Z and so on.</param>
/// <param name="Threads">How many threads are left of it.</param>
/// <param name="Start">Start in clock ticks since boot: with the id, a name that is never reused.</param>
/// <param name="Name">Its short name.</param>
internal readonly record struct ProcessStat(int Pid, int Parent, int Group, int Session, char State, int Threads, ulong Start, string Name)
{
    /// <summary>
    /// It has exited and only waits to be collected. The state is its first thread's: while others are left it is as alive as ever.
    /// </summary>
    public bool IsGone => State is 'Z' or 'X' && Threads <= 1;

    public static bool TryRead(int pid, out ProcessStat stat)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var length = ProcFile.Read(pid, "/stat"u8, buffer);
        stat = default;
        return length > 0 && TryParse(buffer[..length], pid, out stat);
    }

    /// <summary>The process's start alone, 0 if there is no such process.</summary>
    public static ulong ReadStart(int pid)
    {
        Span<byte> buffer = stackalloc byte[1024];
        var length = ProcFile.Read(pid, "/stat"u8, buffer);
        return length > 0 && TrySplit(buffer[..length], out _, out var rest) ? Field(rest, 19) : 0;
    }

    internal static bool TryParse(ReadOnlySpan<byte> text, int pid, out ProcessStat stat)
    {
        stat = default;
        if (!TrySplit(text, out var name, out var rest) || rest.Length == 0)
        {
            return false;
        }

        stat = new ProcessStat(pid, (int)Field(rest, 1), (int)Field(rest, 2), (int)Field(rest, 3), (char)rest[0], (int)Field(rest, 17), Field(rest, 19),
            System.Text.Encoding.UTF8.GetString(name));
        return true;
    }

    // "PID (NAME) STATE PARENT ...": the name may itself hold blanks and brackets, so the last bracket ends it.
    private static bool TrySplit(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> rest)
    {
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        name = rest = default;
        if (open < 0 || close < open || close + 2 > text.Length)
        {
            return false;
        }

        name = text[(open + 1)..close];
        rest = text[(close + 2)..];
        return true;
    }

    // Counted from the state, which is field 0 here and field 3 in the manual.
    private static ulong Field(ReadOnlySpan<byte> rest, int index)
    {
        for (; index > 0; index--)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(rest, out long value, out _) ? (ulong)Math.Max(0, value) : 0;
    }
}
