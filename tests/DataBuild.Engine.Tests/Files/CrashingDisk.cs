using DataBuild.Engine.Files;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Tests.Files;

/// <summary>A process that dies before its n-th file operation: nothing after that reaches the disk. Also counts and names them.</summary>
internal sealed class CrashingDisk(int operations = int.MaxValue, bool canExchange = true) : Disk
{
    public List<string> Done { get; } = [];

    public override Errno Rename(string from, string to) => Do("rename", () => base.Rename(from, to));

    public override Errno RenameToNew(string from, string to) => Do("rename to new", () => base.RenameToNew(from, to));

    public override Errno Exchange(string one, string other) =>
        canExchange ? Do("exchange", () => base.Exchange(one, other)) : File.Exists(other) || Directory.Exists(other) ? Errno.NotSupported : Errno.NoEntry;

    public override Errno MakeFolder(string path) => Do("make folder", () => base.MakeFolder(path));

    public override Errno RemoveFile(string path) => Do("remove file", () => base.RemoveFile(path));

    public override Errno RemoveFolder(string path) => Do("remove folder", () => base.RemoveFolder(path));

    public override Errno OpenUp(string folder) => Do("open up", () => base.OpenUp(folder));

    public override Errno Sync(SafeFileHandle folder) => Do("sync", () => Errno.None);

    private Errno Do(string name, Func<Errno> operation)
    {
        if (Done.Count >= operations)
        {
            throw new Crash();
        }

        Done.Add(name);
        return operation();
    }

    internal sealed class Crash : Exception;
}
