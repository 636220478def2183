using System.Runtime.InteropServices;

namespace DataBuild.Engine.Files;

/// <summary>
/// The few system calls that .NET has no equivalent for, or hides behind several others: publishing a partition is one rename and
/// should cost one. Linux, glibc 2.28 or musl 1.2 and newer.
/// </summary>
internal static unsafe partial class Libc
{
    public const int CurrentFolder = -100;
    public const int NoFollow = 0x100;
    public const int EffectiveAccess = 0x200;
    public const int WriteAccess = 2;
    public const uint NoReplace = 1;
    public const uint Swap = 2;

    /// <summary>Kind, mode, modification time, inode, size and mount.</summary>
    public const uint StatMask = 0x1 | 0x2 | 0x40 | 0x100 | 0x200 | 0x1000;

    /// <summary>Close on exec, and never wait for the other end of a pipe that somebody put there.</summary>
    public const int OpenToRead = 0x80000 | 0x800;

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RenameAt2(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveFolder(string path);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AccessAt(int folder, string path, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int file, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFileSystem(int file);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Stat(int folder, string path, int flags, uint mask, RawStat* result);

    /// <summary>All links resolved, as the kernel would; null if that fails.</summary>
    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial string? RealPath(string path, nint buffer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    public static Errno Result(int returned) => returned >= 0 ? Errno.None : (Errno)Marshal.GetLastPInvokeError();

    /// <summary>struct statx, whose layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct RawStat
    {
        [FieldOffset(0x00)]
        public uint Mask;

        [FieldOffset(0x1c)]
        public ushort Mode;

        [FieldOffset(0x20)]
        public ulong Inode;

        [FieldOffset(0x28)]
        public ulong Size;

        [FieldOffset(0x70)]
        public long ModifiedSeconds;

        [FieldOffset(0x78)]
        public uint ModifiedNanoseconds;

        [FieldOffset(0x88)]
        public uint DeviceMajor;

        [FieldOffset(0x8c)]
        public uint DeviceMinor;

        [FieldOffset(0x90)]
        public ulong Mount;
    }
}
