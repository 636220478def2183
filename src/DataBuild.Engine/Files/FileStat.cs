using System.Runtime.InteropServices;

namespace DataBuild.Engine.Files;

/// <summary>One path, looked at by one system call.</summary>
internal readonly record struct FileStat(FileKind Kind, FileIdentity Identity, ushort Mode, ulong Mount)
{
    public bool Exists => Kind != FileKind.None;

    public long Size => Identity.Size;

    /// <summary>Nothing there is a result; every other error is given back.</summary>
    public static Errno Of(string path, bool follow, out FileStat stat) => At(Libc.CurrentFolder, path, follow ? 0 : Libc.NoFollow, out stat);

    public static unsafe Errno At(int folder, string path, int flags, out FileStat stat)
    {
        Libc.RawStat raw;
        var error = Libc.Result(Libc.Stat(folder, path, flags, Libc.StatMask, &raw));
        if (error == Errno.None)
        {
            // Without a mount id (Linux before 5.8) the device is the next best thing to tell file systems apart.
            var mount = (raw.Mask & 0x1000) != 0 ? raw.Mount : ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor;
            var identity = new FileIdentity((long)raw.Size, (raw.ModifiedSeconds * 1_000_000_000) + raw.ModifiedNanoseconds, raw.Inode);
            stat = new(KindOf(raw.Mode), identity, raw.Mode, mount);
            return Errno.None;
        }

        stat = default;
        return error is Errno.NoEntry or Errno.NotFolder ? Errno.None : error;
    }

    /// <summary>Of an open file: what is read is what was looked at, whatever happens to the name.</summary>
    public static Errno OfOpen(int file, out FileStat stat) => At(file, "", 0x1000, out stat);

    private static FileKind KindOf(ushort mode) => (mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Folder,
        0xA000 => FileKind.Link,
        _ => FileKind.Other,
    };
}
