using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Tests.Log;

public sealed class InMemoryBuildEventLogTests : BuildEventLogContract
{
    protected override IBuildEventLog Open() => new InMemoryBuildEventLog();

    protected override IBuildEventLog Reopen(IBuildEventLog log)
    {
        log.Dispose();
        return ((InMemoryBuildEventLog)log).Reopen();
    }

    protected override IBuildEventLog TakeOver(IBuildEventLog log) => ((InMemoryBuildEventLog)log).Reopen();
}
