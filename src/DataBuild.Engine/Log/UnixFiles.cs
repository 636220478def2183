using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Log;

/// <summary>What .NET has no call for: opening without locking, locking and waiting for it, syncing a folder.</summary>
internal static class UnixFiles
{
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int LockRelease = 8;
    private const int Interrupted = 4;
    private const int ReadWriteForAll = 0x1B6;

    private static readonly int _create = OperatingSystem.IsMacOS() ? 0x200 : 0x40;
    private static readonly int _closeOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
    private static readonly int _wouldBlock = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Opens the file for reading and writing, made if it isn't there; processes started from here don't inherit it.</summary>
    public static SafeFileHandle OpenOrCreate(string path) => Open(path, ReadWrite | _create | _closeOnExec);

    /// <summary>False if another has the lock; where asked to wait, only true.</summary>
    public static bool Lock(SafeFileHandle file, bool wait)
    {
        while (flock(file, wait ? LockExclusive : LockExclusive | LockNonBlocking) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == _wouldBlock)
            {
                return false;
            }

            if (error != Interrupted)
            {
                throw Failed(error);
            }
        }

        return true;
    }

    /// <summary>Makes what was created, renamed or deleted in the folder durable.</summary>
    public static void SyncDirectory(string path)
    {
        using var folder = Open(path, ReadOnly | _closeOnExec);
        if (fsync(folder) != 0)
        {
            throw Failed(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// The same, and for the folders above it, which may be as new: not every file system makes a folder's own name durable with what
    /// is in it. Those that cannot be opened or synced were there before.
    /// </summary>
    public static void SyncDirectoryAndAbove(string path)
    {
        SyncDirectory(path);
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            var descriptor = open(Encoding.UTF8.GetBytes(above + '\0'), ReadOnly | _closeOnExec, 0);
            if (descriptor < 0)
            {
                return;
            }

            using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
            _ = fsync(folder);
        }
    }

    private static SafeFileHandle Open(string path, int flags)
    {
        var descriptor = open(Encoding.UTF8.GetBytes(path + '\0'), flags, ReadWriteForAll);
        return descriptor >= 0 ? new(descriptor, ownsHandle: true) : throw Failed(Marshal.GetLastPInvokeError());
    }

    private static IOException Failed(int error) => new(Marshal.GetPInvokeErrorMessage(error) + ".", error);

    // Declared with a fixed third argument, which Linux passes as it does a variadic one.
    [DllImport("libc", SetLastError = true)]
    private static extern int open(byte[] path, int flags, int mode);

    /// <summary>
    /// Lets go of the lock at once. Closing the file alone would not: a child that another thread is just starting holds a copy of
    /// the descriptor from its fork to its exec.
    /// </summary>
    public static void Unlock(SafeFileHandle file) => _ = flock(file, LockRelease);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(SafeFileHandle file, int operation);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(SafeFileHandle file);
}
