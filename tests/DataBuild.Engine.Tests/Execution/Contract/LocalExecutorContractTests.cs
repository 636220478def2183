using DataBuild.Engine.Execution;
using DataBuild.Engine.Ports;

namespace DataBuild.Tests.Contract;

public sealed class LocalExecutorContractTests : ExecutorContract
{
    private readonly string _marker = $"log-{Guid.NewGuid():N}/1";

    protected override string MarkerOf(string runId) => _marker;

    private protected override IJobExecutor NewExecutor(IRunSink sink, string folder) => new LocalExecutor(sink, new LocalExecutorOptions
    {
        Slots = 2,
        RunMarker = _marker,
        ScratchDirectory = Path.Combine(folder, "scratch"),
        Grace = TimeSpan.FromSeconds(1),
        Linger = TimeSpan.FromMilliseconds(200),
        ProgressInterval = TimeSpan.FromMilliseconds(20),
    });
}
