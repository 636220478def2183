using System.Runtime.InteropServices;

namespace DataBuild.Engine.Execution.Native;

/// <summary>
/// Starts a program in a session of its own (or in this process's group, where it shares the console), with default signal handling, nothing open but stdin, stdout and stderr, and no shell.
/// posix_spawn shares the parent's memory until exec, so its cost does not grow with the engine's size. One for each thread.
/// </summary>
internal sealed unsafe class Spawner : IDisposable
{
    // Larger than posix_spawnattr_t and posix_spawn_file_actions_t of any C library; they are opaque to us.
    private const int OpaqueSize = 1024;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    private readonly void* _attributes = NativeMemory.AllocZeroed(OpaqueSize);
    private readonly void* _actions = NativeMemory.AllocZeroed(OpaqueSize);

    public Spawner(bool sharesConsole = false)
    {
        var signals = stackalloc byte[OpaqueSize];
        Demand(Libc.SpawnAttributesInit(_attributes));
        Demand(Libc.SignalSetEmpty(signals));
        Demand(Libc.SpawnAttributesMask(_attributes, signals));
        Demand(Libc.SignalSetFill(signals));
        Demand(Libc.SpawnAttributesDefault(_attributes, signals));
        Demand(Libc.SpawnAttributesFlags(_attributes, (short)(SetSignalDefaults | SetSignalMask | (sharesConsole ? 0 : SetSession))));
    }

    /// <summary>0 and the process's id, or an errno: of a directory, of finding the program or of the program itself.</summary>
    /// <param name="fence">A directory that must be there: the child itself enters it before its own, so that nothing lies between looking and starting.</param>
    public int Start(byte* program, byte** arguments, byte** environment, byte* fence, byte* directory, int input, int output, int error, out int pid)
    {
        Demand(Libc.SpawnActionsInit(_actions));
        try
        {
            Demand(Libc.SpawnActionsDuplicate(_actions, input, 0));
            Demand(Libc.SpawnActionsDuplicate(_actions, output, 1));
            Demand(Libc.SpawnActionsDuplicate(_actions, error, 2));
            if (HostSupport.HasCloseFrom)
            {
                Demand(Libc.SpawnActionsCloseFrom(_actions, 3));
            }

            Demand(Libc.SpawnActionsDirectory(_actions, fence));
            Demand(Libc.SpawnActionsDirectory(_actions, directory));
            var started = 0;
            var errno = Libc.Spawn(&started, program, _actions, _attributes, arguments, environment);
            pid = started;
            return errno;
        }
        finally
        {
            _ = Libc.SpawnActionsDestroy(_actions);
        }
    }

    public void Dispose()
    {
        _ = Libc.SpawnAttributesDestroy(_attributes);
        NativeMemory.Free(_attributes);
        NativeMemory.Free(_actions);
    }

    private static void Demand(int errno)
    {
        if (errno != 0)
        {
            throw new InvalidOperationException($"posix_spawn cannot be set up: {Libc.Describe(errno)}");
        }
    }
}
