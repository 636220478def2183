using System.Runtime.InteropServices;

namespace DataBuild.Faults.Tests.Storage;

/// <summary>What <see cref="PrivateMounts"/> lacks: taking a mount away, and filling one.</summary>
internal static partial class Mounts
{
    private const int Detach = 2;

    /// <summary>At once, whoever has files of it open: what a disk that is pulled out leaves.</summary>
    public static void Remove(string folder) => Assert.Equal(0, Unmount(folder, Detach));

    /// <summary>Puts a file system over a folder, with what was in the folder, and only so much room left on it.</summary>
    /// <returns>What ends the lack of room.</returns>
    public static Action LeaveRoom(string folder, int pages, int inodes = int.MaxValue)
    {
        string copy = folder + "-copy";
        Directory.CreateDirectory(folder);
        Copy(folder, copy);
        PrivateMounts.Memory(folder, "size=8m,nr_inodes=1000");
        Copy(copy, folder);
        Directory.Delete(copy, recursive: true);
        string ballast = Directory.CreateDirectory(Path.Combine(folder, ".databuild", "ballast")).FullName;
        int files = 0;
        for (int most = 1000 - Count(folder) - inodes - 1; files < most; files++)
        {
            File.WriteAllBytes(Path.Combine(ballast, $"{files}"), []);
        }

        string large = Path.Combine(ballast, "0");
        using (var file = File.OpenWrite(large))
        {
            var page = new byte[4096];
            for (var disk = new DriveInfo(folder); disk.AvailableFreeSpace > pages * (long)page.Length;)
            {
                file.Write(page);
                file.Flush();
            }
        }

        return () => Directory.Delete(ballast, recursive: true);
    }

    private static int Count(string folder) => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Count();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var info in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            string target = Path.Combine(to, info.Name);
            if (info is DirectoryInfo folder)
            {
                Copy(folder.FullName, target);
            }
            else
            {
                File.Copy(info.FullName, target);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string target, int flags);
}
