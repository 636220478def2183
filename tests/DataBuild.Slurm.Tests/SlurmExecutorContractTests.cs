using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;
using DataBuild.Tests.Contract;

namespace DataBuild.Slurm.Tests;

[Collection(ClusterTests.Name)]
public sealed class SlurmExecutorContractTests : ExecutorContract
{
    private readonly string _log = Guid.NewGuid().ToString();

    protected override string MarkerOf(string runId) => $"slurm:{_log}:{runId}";

    private protected override IJobExecutor NewExecutor(IRunSink sink, string folder) => new SlurmExecutor(sink, Settings.Of(_log, folder));
}
