using DataBuild.Engine.Files;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Tests.Files;

/// <summary>A file system that refuses what the test tells it to.</summary>
internal sealed class FailingDisk : Disk
{
    public Func<string, string, Errno>? OnRename { get; set; }

    public Func<string, Errno>? OnMakeFolder { get; set; }

    public Func<string, Errno>? OnRemove { get; set; }

    public Errno OnSync { get; set; }

    public int Syncs { get; private set; }

    public override Errno Rename(string from, string to) => First(OnRename?.Invoke(from, to), () => base.Rename(from, to));

    public override Errno MakeFolder(string path) => First(OnMakeFolder?.Invoke(path), () => base.MakeFolder(path));

    public override Errno RemoveFile(string path) => First(OnRemove?.Invoke(path), () => base.RemoveFile(path));

    public override Errno RemoveFolder(string path) => First(OnRemove?.Invoke(path), () => base.RemoveFolder(path));

    public override Errno Sync(SafeFileHandle folder)
    {
        Syncs++;
        return First(OnSync, () => base.Sync(folder));
    }

    private static Errno First(Errno? injected, Func<Errno> real) => injected is null or Errno.None ? real() : injected.Value;
}
