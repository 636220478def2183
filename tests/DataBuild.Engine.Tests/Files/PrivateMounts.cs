using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace DataBuild.Engine.Tests.Files;

/// <summary>Mounts that only one thread sees and that vanish with it, whatever becomes of the test.</summary>
internal static partial class PrivateMounts
{
    private const int NewMounts = 0x20000;
    private const ulong ReadOnly = 0x1;
    private const ulong Remount = 0x20;
    private const ulong Bind = 0x1000;
    private const ulong Recursive = 0x4000;
    private const ulong Private = 0x40000;

    public static bool ArePossible { get; } = Possible();

    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Assert.True(Enter());
                action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    public static void MakeReadOnly(string folder)
    {
        Assert.Equal(0, Mount(folder, folder, "none", Bind, null));
        Assert.Equal(0, Mount("none", folder, "none", Bind | Remount | ReadOnly, null));
    }

    public static void Memory(string folder, string options) => Assert.Equal(0, Mount("tmpfs", folder, "tmpfs", 0, options));

    public static void BindTo(string source, string folder) => Assert.Equal(0, Mount(source, folder, "none", Bind, null));

    private static bool Enter() => Unshare(NewMounts) == 0 && Mount("none", "/", "none", Recursive | Private, null) == 0;

    private static bool Possible()
    {
        var possible = false;
        var thread = new Thread(() => possible = Enter());
        thread.Start();
        thread.Join();
        return possible;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, ulong flags, string? options);
}
