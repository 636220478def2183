using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>What the slots of one executor have in common; nothing in it changes.</summary>
internal sealed class SlotShare : IDisposable
{
    private const int ArgumentsName = 0;
    private const long MostArguments = 2 << 20;

    public SlotShare(LocalExecutorOptions options, IRunSink sink, JobEnvironment environment)
    {
        Options = options;
        Sink = sink;
        Environment = environment;
        NullDevice = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        // Half of what the system takes: what a job starts in turn is given the same arguments and some more environment.
        var most = (long)Libc.SystemConfiguration(ArgumentsName);
        ArgumentLimit = (most > 0 ? Math.Min(most, MostArguments) : MostArguments) / 2;
    }

    public LocalExecutorOptions Options { get; }

    public IRunSink Sink { get; }

    public JobEnvironment Environment { get; }

    public Microsoft.Win32.SafeHandles.SafeFileHandle NullDevice { get; }

    /// <summary>Bytes of arguments and environment above which refs are no arguments.</summary>
    public long ArgumentLimit { get; }

    public string Host { get; } = System.Environment.MachineName;

    public void Dispose() => NullDevice.Dispose();
}
