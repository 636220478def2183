using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Log;

/// <summary>Reads all of a log and tells everything that is wrong with it, where reading stops at the first.</summary>
public static class LogVerification
{
    public const int MostFindings = 100;

    public static LogReport Verify(string path)
    {
        path = Path.GetFullPath(path);
        var findings = new List<Diagnostic>();
        ulong good = 0;
        try
        {
            var (database, meta) = LogDatabase.OpenForReading(path);
            using var open = database;

            // One transaction, so that a writer who goes on meanwhile isn't taken for damage.
            database.Execute("BEGIN");
            CheckDatabase(database, findings);
            CheckEvents(database, meta, findings, ref good);
        }
        catch (DataBuildException e)
        {
            findings.Add(e.ToDiagnostic());
        }

        return new(good, findings);
    }

    private static void CheckDatabase(SqliteDatabase database, List<Diagnostic> findings)
    {
        using var check = database.Prepare($"PRAGMA integrity_check({MostFindings})");
        while (check.Step())
        {
            if (check.Text(0) is var text && text != "ok")
            {
                findings.Add(LogDatabase.Damaged(database.Path, text.ReplaceLineEndings(" ")).ToDiagnostic());
            }
        }
    }

    private static void CheckEvents(SqliteDatabase database, LogMeta meta, List<Diagnostic> findings, ref ulong good)
    {
        ulong next = 1;
        long? chain = LogMeta.RootOf(meta.LogId);
        using var select = database.Prepare("SELECT offset, event, chain FROM events ORDER BY offset");
        while (findings.Count < MostFindings && select.Step())
        {
            var offset = (ulong)select.Int64(0);
            try
            {
                if (offset != next)
                {
                    chain = null;
                    findings.Add(EventCodec.Damaged(database.Path, next, $"the next event there is has offset {(long)offset}").ToDiagnostic());
                }

                // After a gap there is no check to build on; the event itself must still make sense.
                var bytes = select.Blob(1);
                EventCodec.Read(database.Path, meta.LogId, offset, bytes, chain, select.Int64(2));
                good++;
            }
            catch (DataBuildException e)
            {
                findings.Add(e.ToDiagnostic());
            }

            chain = select.Int64(2);
            next = offset + 1;
        }

        if (findings.Count < MostFindings && (next != meta.Last + 1 || chain != meta.Chain))
        {
            findings.Add(LogDatabase.Damaged(
                database.Path, $"by its header row it ends at offset {meta.Last}, its last event has offset {next - 1}, or their checks differ").ToDiagnostic());
        }
    }
}
