using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>What the slots of one executor have in common; nothing in it changes.</summary>
internal sealed class SlotShare : IDisposable
{
    public SlotShare(LocalExecutorOptions options, IRunSink sink, JobEnvironment environment)
    {
        Options = options;
        Sink = sink;
        Environment = environment;
        NullDevice = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    public LocalExecutorOptions Options { get; }

    public IRunSink Sink { get; }

    public JobEnvironment Environment { get; }

    public Microsoft.Win32.SafeHandles.SafeFileHandle NullDevice { get; }

    public string Host { get; } = System.Environment.MachineName;

    public void Dispose() => NullDevice.Dispose();
}
