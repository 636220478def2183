using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Files;

/// <summary>
/// Everything that changes the data root goes through here, one system call a method. Tests derive from it to end the process
/// between any two of them, to record them, and to be a file system that lacks something.
/// </summary>
internal class Disk
{
    public virtual Errno Rename(string from, string to) => Libc.Result(Libc.Rename(from, to));

    /// <summary>Swaps two names atomically; <see cref="Errno.NotSupported"/> where the file system or the C library cannot.</summary>
    public virtual Errno Exchange(string one, string other) => RenameAt2(one, other, Libc.Swap);

    /// <summary>Fails with <see cref="Errno.Exists"/> where something stands at the new name.</summary>
    public virtual Errno RenameToNew(string from, string to) => RenameAt2(from, to, Libc.NoReplace);

    public virtual Errno MakeFolder(string path) => Libc.Result(Libc.MakeFolder(path, 0x1FF));

    public virtual Errno RemoveFile(string path) => Libc.Result(Libc.Unlink(path));

    public virtual Errno RemoveFolder(string path) => Libc.Result(Libc.RemoveFolder(path));

    /// <summary>Lets the owner list and empty a folder that is to be removed.</summary>
    public virtual Errno OpenUp(string folder) => Libc.Result(Libc.ChangeMode(folder, 0x1C0));

    /// <summary>Writes everything dirty of the file system that holds the open folder; one call, however many files.</summary>
    public virtual Errno Sync(SafeFileHandle folder)
    {
        var held = false;
        try
        {
            folder.DangerousAddRef(ref held);
            return Libc.Result(Libc.SyncFileSystem((int)folder.DangerousGetHandle()));
        }
        finally
        {
            if (held)
            {
                folder.DangerousRelease();
            }
        }
    }

    private static Errno RenameAt2(string from, string to, uint flags)
    {
        try
        {
            var error = Libc.Result(Libc.RenameAt2(Libc.CurrentFolder, from, Libc.CurrentFolder, to, flags));
            return error is Errno.Invalid or Errno.NoSystemCall ? Errno.NotSupported : error;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than the call.
            return Errno.NotSupported;
        }
    }
}
