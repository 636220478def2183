using System.Runtime.InteropServices;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Execution.Native;

/// <summary>Whether this machine can run jobs at all: asked once, before anything is started.</summary>
internal static unsafe class HostSupport
{
    private const nint Ignored = 1;

    private static readonly string[] NeededCalls =
        ["posix_spawn", "posix_spawn_file_actions_addchdir_np", "pipe2", "eventfd"];

    /// <summary>The C library can close in the child whatever else the engine inherited; without it that leaks into jobs.</summary>
    public static bool HasCloseFrom { get; } =
        OperatingSystem.IsLinux() && HasExport("posix_spawn_file_actions_addclosefrom_np");

    public static void Demand()
    {
        Demand(OperatingSystem.IsLinux(), HasExport, HasPidFd);
        KeepExitStatuses();
    }

    /// <summary>Fails with a coded error for the first thing that is not there.</summary>
    internal static void Demand(bool linux, Func<string, bool> hasExport, Func<bool> hasPidFd)
    {
        if (!linux)
        {
            throw new DataBuildException(Rules.HostUnsupported,
                $"jobs cannot be run here: the local executor needs Linux and this is {RuntimeInformation.OSDescription}; build in a Linux machine, container or WSL");
        }

        if (Array.Find(NeededCalls, name => !hasExport(name)) is { } missing)
        {
            throw new DataBuildException(Rules.HostUnsupported,
                $"jobs cannot be run here: the C library has no '{missing}'; glibc 2.29 or musl 1.1.24 or later is needed");
        }

        if (!hasPidFd())
        {
            throw new DataBuildException(Rules.HostUnsupported,
                "jobs cannot be run here: the kernel refuses pidfd_open; Linux 5.3 or later is needed, and a sandbox must allow it");
        }
    }

    private static bool HasExport(string name) =>
        NativeLibrary.TryGetExport(NativeLibrary.Load(Libc.Library, typeof(Libc).Assembly, null), name, out _);

    private static bool HasPidFd()
    {
        var descriptor = Libc.OpenProcess(Environment.ProcessId);
        if (descriptor < 0)
        {
            return false;
        }

        _ = Libc.Close(descriptor);
        return true;
    }

    // Whoever started the engine may have had SIGCHLD ignored, which is inherited and makes the kernel throw exit statuses away.
    private static void KeepExitStatuses()
    {
        var old = stackalloc nint[64];
        if (Libc.SignalAction(Libc.ChildChanged, null, old) == 0 && old[0] == Ignored)
        {
            _ = Libc.SetSignal(Libc.ChildChanged, 0);
        }
    }
}
