using System.Runtime.InteropServices;

namespace DataBuild.Engine.Tests.Log;

/// <summary>Puts another file behind a descriptor that this process has open on a path: what a failing disk looks like from here.</summary>
internal static class OpenFiles
{
    public static void Replace(string path, string by, FileAccess access)
    {
        using var other = File.OpenHandle(by, FileMode.Open, access, FileShare.ReadWrite);
        var found = 0;
        foreach (var link in Directory.EnumerateFiles("/proc/self/fd"))
        {
            if (new FileInfo(link).LinkTarget == path)
            {
                Assert.NotEqual(-1, dup2((int)other.DangerousGetHandle(), int.Parse(Path.GetFileName(link), null)));
                found++;
            }
        }

        Assert.NotEqual(0, found);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int dup2(int from, int to);
}
