using System.Runtime.InteropServices;

namespace DataBuild.Tasks.Publishing;

/// <summary>`databuild` in a published folder: the tool for the graph that lies beside it. All it takes is the .NET runtime.</summary>
internal static class Launcher
{
    private const int ReadAndExecuteByAll = 0x1ED; // rwxr-xr-x

    public static void Write(string folder, string enginePath)
    {
        var engine = Path.GetFileName(enginePath);
        var isManaged = engine.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var script = Path.Combine(folder, "databuild");
        File.WriteAllText(script, "#!/bin/sh\n"
            + "# The databuild tool for the graph in this folder: ./databuild build, ./databuild status, ./databuild why REF.\n"
            + "here=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd -P) || exit\n"
            + "if [ -n \"$DOTNET_ROOT\" ]; then PATH=$DOTNET_ROOT:$PATH; export PATH; fi\n"
            + $"exec {(isManaged ? "dotnet exec " : "")}\"$here/engine/{engine}\" --project \"$here\" \"$@\"\n");
        File.WriteAllText(Path.Combine(folder, "databuild.cmd"), "@echo off\r\n"
            + "if defined DOTNET_ROOT set \"PATH=%DOTNET_ROOT%;%PATH%\"\r\n"
            + $"{(isManaged ? "dotnet exec " : "")}\"%~dp0engine\\{engine}\" --project \"%~dp0.\" %*\r\n");
        if (Path.DirectorySeparatorChar == '/' && Chmod(script, ReadAndExecuteByAll) != 0)
        {
            throw new IOException($"'{script}' cannot be made executable (error {Marshal.GetLastWin32Error()})");
        }
    }

    [DllImport("libc", EntryPoint = "chmod", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Chmod([MarshalAs(UnmanagedType.LPStr)] string path, int mode);
}
