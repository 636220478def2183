using System.Runtime.InteropServices;

namespace DataBuild.Engine.Execution.Native;

/// <summary>A terminal for the output of a run, as wide and high as the real one. It changes no byte: the real one does that.</summary>
internal static unsafe class PseudoTerminal
{
    private const int ReadWrite = 2;
    private const int NoControllingTerminal = 0x100;
    private const int SettingsSize = 256;
    private const int SizeOfWindow = 8;
    private const int ChangeNow = 0;

    // The second word of termios; its first bit turns processing of output on.
    private const int OutputFlags = 1;
    private const uint ProcessOutput = 1;

    private const nuint OpenPeer = 0x5441;
    private const nuint GetWindow = 0x5413;
    private const nuint SetWindow = 0x5414;

    public static bool IsTerminal(int descriptor) => IsTty(descriptor) == 1;

    /// <summary>0, or an errno. Our end reads what is written to the other one, and fails when nobody has that open any more.</summary>
    /// <param name="like">The terminal whose settings and size it takes.</param>
    /// <param name="reading">Our end.</param>
    /// <param name="writing">The run's end.</param>
    public static int Open(int like, out int reading, out int writing)
    {
        writing = -1;
        reading = OpenMaster(ReadWrite | NoControllingTerminal | Libc.CloseOnExec);
        if (reading < 0)
        {
            return Libc.Errno;
        }

        if (Unlock(reading) == 0)
        {
            writing = Control(reading, OpenPeer, ReadWrite | NoControllingTerminal | Libc.CloseOnExec);
        }

        if (writing < 0)
        {
            var errno = Libc.Errno;
            _ = Libc.Close(reading);
            return errno;
        }

        var settings = stackalloc uint[SettingsSize / sizeof(uint)];
        if (GetSettings(like, settings) == 0)
        {
            settings[OutputFlags] &= ~ProcessOutput;
            _ = SetSettings(writing, ChangeNow, settings);
        }

        CopySize(like, reading);
        return 0;
    }

    /// <summary>Keeps the run's terminals as large as the real ones until it is disposed of; null where windows send no signal.</summary>
    public static IDisposable? Resizing(RunConsole console, ChildProcess child) => OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ =>
    {
        CopySize(console.Output, child.Output);
        CopySize(console.Error, child.Error);
    });

    // Harmless for what is no terminal.
    private static void CopySize(int from, int to)
    {
        var size = stackalloc byte[SizeOfWindow];
        if (Control(from, GetWindow, (nint)size) == 0)
        {
            _ = Control(to, SetWindow, (nint)size);
        }
    }

    [DllImport(Libc.Library, EntryPoint = "isatty")]
    private static extern int IsTty(int descriptor);

    [DllImport(Libc.Library, EntryPoint = "posix_openpt", SetLastError = true)]
    private static extern int OpenMaster(int flags);

    [DllImport(Libc.Library, EntryPoint = "unlockpt", SetLastError = true)]
    private static extern int Unlock(int master);

    [DllImport(Libc.Library, EntryPoint = "ioctl", SetLastError = true)]
    private static extern int Control(int descriptor, nuint request, nint argument);

    [DllImport(Libc.Library, EntryPoint = "tcgetattr")]
    private static extern int GetSettings(int descriptor, uint* settings);

    [DllImport(Libc.Library, EntryPoint = "tcsetattr")]
    private static extern int SetSettings(int descriptor, int when, uint* settings);
}
