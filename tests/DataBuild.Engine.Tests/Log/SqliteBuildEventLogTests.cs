using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Tests.Log;

public sealed class SqliteBuildEventLogTests : BuildEventLogContract
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("log.db");

    protected override IBuildEventLog Open() => SqliteBuildEventLog.OpenWriter(new() { Path = Path, Durability = Durability.Normal });

    protected override IBuildEventLog Reopen(IBuildEventLog log)
    {
        log.Dispose();
        return Open();
    }

    protected override IBuildEventLog TakeOver(IBuildEventLog log)
    {
        File.Delete(Path + ".lease");
        return Open();
    }

    protected override void CleanUp() => _folder.Dispose();
}
