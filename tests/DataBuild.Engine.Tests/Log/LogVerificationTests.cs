using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;

namespace DataBuild.Engine.Tests.Log;

public sealed class LogVerificationTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("log.db");

    [Fact]
    public void A_good_log_has_no_findings_also_while_it_is_written()
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = Path });
        LogFiles.AppendNumbered(log, 100);
        var report = LogVerification.Verify(Path);
        Assert.Equal(100ul, report.Events);
        Assert.Empty(report.Findings);
    }

    [Fact]
    public void All_that_is_wrong_is_found()
    {
        LogFiles.Write(Path, 100);
        LogFiles.Tamper(Path, """
            UPDATE events SET event = zeroblob(4) WHERE offset = 10;
            DELETE FROM events WHERE offset BETWEEN 20 AND 25;
            UPDATE events SET chain = 1 WHERE offset = 50;
            DELETE FROM events WHERE offset = 100;
            """);

        var report = LogVerification.Verify(Path);

        Assert.Equal(
            [Rules.EventDamaged.Code, Rules.EventDamaged.Code, Rules.EventDamaged.Code, Rules.EventDamaged.Code, Rules.LogDamaged.Code],
            report.Findings.Select(finding => finding.Code));
        Assert.Equal(
            new[] { " 10:", " 20:", " 50:", " 51:", " 100, its last event has offset 99" }.Select((text, i) => (i, true)),
            new[] { " 10:", " 20:", " 50:", " 51:", " 100, its last event has offset 99" }.Select((text, i) => (i, report.Findings[i].Text.Contains(text, StringComparison.Ordinal))));
        Assert.Equal(100ul - 1 - 6 - 2 - 1, report.Events);
    }

    [Fact]
    public void A_damaged_page_is_found()
    {
        LogFiles.Write(Path, 200);
        using (var file = File.OpenWrite(Path))
        {
            file.Position = file.Length - 3000;
            file.Write(new byte[2000]);
        }

        Assert.NotEmpty(LogVerification.Verify(Path).Findings);
    }

    [Fact]
    public void No_more_is_told_than_anyone_reads()
    {
        LogFiles.Write(Path, 500, group: 500);
        LogFiles.Tamper(Path, "UPDATE events SET event = zeroblob(4)");
        Assert.Equal(LogVerification.MostFindings, LogVerification.Verify(Path).Findings.Count);
    }

    [Fact]
    public void What_cannot_be_opened_is_a_finding()
    {
        Assert.Equal(Rules.LogNotFound.Code, Assert.Single(LogVerification.Verify(Path).Findings).Code);
        File.WriteAllText(Path, "no log");
        Assert.Equal(Rules.NotALog.Code, Assert.Single(LogVerification.Verify(Path).Findings).Code);
    }

    public void Dispose() => _folder.Dispose();
}
