using System.Diagnostics;

namespace DataBuild.Engine.Tests.Files;

internal static class Shell
{
    public static void Run(string command)
    {
        using var process = Process.Start("/bin/sh", ["-c", command]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
