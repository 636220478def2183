using System.Runtime.InteropServices;

namespace DataBuild.Engine.Execution.Native;

/// <summary>The few calls of Linux's C library that starting and ending processes takes. Constants are those of x64 and arm64.</summary>
internal static unsafe class Libc
{
    public const string Library = "libc";

    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;
    public const int ReadOnly = 0;
    public const int WriteOnly = 1;
    public const int Create = 0x40;
    public const int Truncate = 0x200;

    public const int NoSuchEntry = 2;
    public const int Interrupted = 4;
    public const int NoSuchChild = 10;
    public const int TryAgain = 11;
    public const int Exists = 17;

    public const int Kill = 9;
    public const int Terminate = 15;
    public const int ChildChanged = 17;
    public const int Continue = 18;

    public const short PollIn = 1;

    private const int DuplicateCloseOnExec = 1030;
    private const long PidFdSendSignal = 424;
    private const long PidFdOpen = 434;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [DllImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    private static extern int Pipe2(int* ends, int flags);

    [DllImport(Library, EntryPoint = "close")]
    public static extern int Close(int descriptor);

    [DllImport(Library, EntryPoint = "read", SetLastError = true)]
    private static extern nint ReadOnce(int descriptor, byte* buffer, nuint size);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    private static extern nint WriteOnce(int descriptor, byte* buffer, nuint size);

    [DllImport(Library, EntryPoint = "open", SetLastError = true)]
    public static extern int Open(byte* path, int flags, int mode);

    [DllImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static extern int SetLength(int descriptor, nint length);

    [DllImport(Library, EntryPoint = "unlink", SetLastError = true)]
    public static extern int Unlink(byte* path);

    [DllImport(Library, EntryPoint = "mkdir", SetLastError = true)]
    public static extern int MakeDirectory(byte* path, int mode);

    [DllImport(Library, EntryPoint = "syncfs", SetLastError = true)]
    public static extern int SyncFileSystem(int descriptor);

    [DllImport(Library, EntryPoint = "access", SetLastError = true)]
    public static extern int Access(byte* path, int mode);

    [DllImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    private static extern int FileControl(int descriptor, int command, int argument);

    [DllImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static extern int EventFd(uint initial, int flags);

    [DllImport(Library, EntryPoint = "poll", SetLastError = true)]
    private static extern int PollOnce(PollFd* descriptors, nuint count, int milliseconds);

    [DllImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    private static extern int WaitOnce(int pid, int* status, int options);

    [DllImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static extern int SendSignal(int pid, int signal);

    [DllImport(Library, EntryPoint = "sysconf")]
    public static extern nint SystemConfiguration(int name);

    [DllImport(Library, EntryPoint = "sigaction", SetLastError = true)]
    public static extern int SignalAction(int signal, void* action, void* old);

    [DllImport(Library, EntryPoint = "signal", SetLastError = true)]
    public static extern nint SetSignal(int signal, nint handler);

    [DllImport(Library, EntryPoint = "sigemptyset")]
    public static extern int SignalSetEmpty(void* set);

    [DllImport(Library, EntryPoint = "sigfillset")]
    public static extern int SignalSetFill(void* set);

    [DllImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint SystemCall(nint number, nint a, nint b, nint c, nint d);

    [DllImport(Library, EntryPoint = "posix_spawnattr_init")]
    public static extern int SpawnAttributesInit(void* attributes);

    [DllImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    public static extern int SpawnAttributesDestroy(void* attributes);

    [DllImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    public static extern int SpawnAttributesFlags(void* attributes, short flags);

    [DllImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static extern int SpawnAttributesMask(void* attributes, void* set);

    [DllImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static extern int SpawnAttributesDefault(void* attributes, void* set);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static extern int SpawnActionsInit(void* actions);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static extern int SpawnActionsDestroy(void* actions);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static extern int SpawnActionsDuplicate(void* actions, int from, int to);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static extern int SpawnActionsDirectory(void* actions, byte* path);

    [DllImport(Library, EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    public static extern int SpawnActionsCloseFrom(void* actions, int first);

    [DllImport(Library, EntryPoint = "posix_spawn")]
    public static extern int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    /// <summary>The last failed call's errno.</summary>
    public static int Errno => Marshal.GetLastPInvokeError();

    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <summary>0, or an errno. Never hands out 0, 1 or 2, so that wiring one end to a child's stdout cannot overwrite the other.</summary>
    public static int Pipe(out int reading, out int writing)
    {
        var ends = stackalloc int[2];
        reading = writing = -1;
        if (Pipe2(ends, CloseOnExec) != 0)
        {
            return Errno;
        }

        for (var end = 0; end < 2; end++)
        {
            if (ends[end] > 2)
            {
                continue;
            }

            var moved = FileControl(ends[end], DuplicateCloseOnExec, 3);
            var errno = moved < 0 ? Errno : 0;
            _ = Close(ends[end]);
            ends[end] = moved;
            if (errno != 0)
            {
                _ = Close(ends[1 - end]);
                return errno;
            }
        }

        (reading, writing) = (ends[0], ends[1]);
        return 0;
    }

    /// <summary>Bytes read, 0 at the end, -1 with <see cref="Errno"/>.</summary>
    public static int Read(int descriptor, Span<byte> into)
    {
        fixed (byte* buffer = into)
        {
            while (true)
            {
                var read = ReadOnce(descriptor, buffer, (nuint)into.Length);
                if (read >= 0 || Errno != Interrupted)
                {
                    return (int)read;
                }
            }
        }
    }

    /// <summary>Writes all of it; 0, or an errno.</summary>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var done = 0;
            while (done < bytes.Length)
            {
                var written = WriteOnce(descriptor, start + done, (nuint)(bytes.Length - done));
                if (written >= 0)
                {
                    done += (int)written;
                }
                else if (Errno != Interrupted)
                {
                    return Errno;
                }
            }
        }

        return 0;
    }

    /// <summary>Waits for any of the descriptors, or no longer than the time given; a wait cut short by a signal counts as neither.</summary>
    public static void Poll(Span<PollFd> descriptors, TimeSpan? timeout)
    {
        // Rounded up: rounding down would spin through the last millisecond.
        var milliseconds = timeout is { } time ? (int)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 0, int.MaxValue) : -1;
        fixed (PollFd* first = descriptors)
        {
            if (PollOnce(first, (nuint)descriptors.Length, milliseconds) >= 0)
            {
                return;
            }

            if (Errno != Interrupted)
            {
                throw new InvalidOperationException($"poll failed: {Describe(Errno)}");
            }

            foreach (ref var descriptor in descriptors)
            {
                descriptor.Returned = 0;
            }
        }
    }

    /// <summary>Collects an exited child. False if somebody else has collected it, and its status is lost.</summary>
    public static bool Reap(int pid, out int status)
    {
        var raw = 0;
        while (true)
        {
            var result = WaitOnce(pid, &raw, 0);
            if (result == pid)
            {
                status = raw;
                return true;
            }

            if (Errno == NoSuchChild)
            {
                status = 0;
                return false;
            }

            if (Errno != Interrupted)
            {
                throw new InvalidOperationException($"waitpid failed: {Describe(Errno)}");
            }
        }
    }

    /// <summary>A descriptor that stands for this process and no later one of the same number; becomes readable when it has exited. -1 with <see cref="Errno"/>.</summary>
    public static int OpenProcess(int pid) => (int)SystemCall((nint)PidFdOpen, pid, 0, 0, 0);

    public static int SignalProcess(int process, int signal) => (int)SystemCall((nint)PidFdSendSignal, process, signal, 0, 0);
}
