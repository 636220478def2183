using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace DataBuild.Engine.Tests.Files;

/// <summary>
/// Runs something as a user whom permissions bind, also where the tests run as root: on a thread of its own that gives up its file
/// system privileges (setfsuid works for one thread).
/// </summary>
internal static partial class Unprivileged
{
    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            if (Environment.IsPrivilegedProcess)
            {
                _ = SetFileSystemUser(65534);
                // The call gives the former id back and never fails: asking again says whether it worked.
                Assert.Equal(65534, SetFileSystemUser(65534));
            }

            try
            {
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

    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);
}
