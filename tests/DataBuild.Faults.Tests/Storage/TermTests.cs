using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;

namespace DataBuild.Faults.Tests.Storage;

/// <summary>A log that is older than its data must not give away a term a second time.</summary>
[Trait("Category", "Faults")]
public sealed class TermTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("databuild-term-").FullName;

    private string Log => Path.Combine(folder, "log.db");

    [Fact]
    public void A_term_that_was_seen_elsewhere_is_passed_by_for_good()
    {
        using (var log = Open())
        {
            log.TakeTermAfter(7);
            Assert.Equal(8ul, log.Term);
        }

        using var next = Open();
        Assert.Equal(9ul, next.Term);
    }

    [Fact]
    public void Whoever_was_taken_over_takes_no_later_term()
    {
        using var old = Open();
        File.Delete(Log + ".lease");
        using var later = Open();
        Assert.Equal(Rules.LeaseLost, Assert.Throws<DataBuildException>(() => old.TakeTermAfter(7)).Rule);
        Assert.Equal(1ul, old.Term);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private SqliteBuildEventLog Open() => SqliteBuildEventLog.OpenWriter(new() { Path = Log });
}
