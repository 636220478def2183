using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Log;
using DataBuild.Engine.Tests.Log;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.State;

/// <summary>A log in which an event stands where it may not come: told with its place and the rule, whoever reads it.</summary>
public sealed class IllegalLogTests
{
    private static readonly BuildEvent illegal = new() { JobRunHeartbeat = new JobRunHeartbeatEventV1 { RunId = "nobody" } };

    [Fact]
    public void It_is_a_coded_error_that_names_offset_and_rule_and_what_to_do()
    {
        var log = new InMemoryBuildEventLog();
        log.Append([new BuildEvent { JobRunHeartbeat = illegal.JobRunHeartbeat }]);
        foreach (Action load in (Action[])[() => StateLoader.Load(log, null, out _), () => StateLoader.LoadUpTo(log, 1)])
        {
            var error = Assert.Throws<DataBuildException>(load);
            Assert.Equal("DBLD6135", error.Rule.Code);
            Assert.Contains("offset 1", error.Message, StringComparison.Ordinal);
            Assert.Contains("only-a-run-under-way-goes-on", error.Message, StringComparison.Ordinal);
            Assert.Contains("databuild log verify", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_log_in_a_file_is_named_too()
    {
        using var folder = new TempFolder();
        string path = folder.File("log.db");
        using (var log = SqliteBuildEventLog.OpenWriter(new() { Path = path }))
        {
            log.Append([new BuildEvent { JobRunHeartbeat = illegal.JobRunHeartbeat }]);
        }

        using var reader = SqliteBuildEventLog.OpenReader(path);
        Assert.Contains($"'{path}'", Assert.Throws<DataBuildException>(() => StateLoader.Load(reader, null, out _)).Message, StringComparison.Ordinal);
    }
}
