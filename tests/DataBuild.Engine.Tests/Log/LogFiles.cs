using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.TestLogWriter;

namespace DataBuild.Engine.Tests.Log;

/// <summary>Logs on disk, and what is in them.</summary>
internal static class LogFiles
{
    /// <summary>All in the main file, as a writer leaves it that ends in peace.</summary>
    public static void Write(string path, int events, int group = 4)
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = path, Durability = Durability.Normal });
        AppendNumbered(log, events, group);
    }

    /// <summary>As a crash leaves it: some in the main file, more in the -wal.</summary>
    public static void WriteAndCrash(string path, int inMainFile, int inWal, int group = 4)
    {
        var source = path + ".source";
        Write(source, inMainFile, group);
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = source });
        AppendNumbered(log, inWal, group);
        Copy(source, path);
    }

    public static void AppendNumbered(SqliteBuildEventLog log, int events, int group = 4)
    {
        for (var left = events; left > 0; left -= group)
        {
            log.Append([.. Enumerable.Range(1, Math.Min(group, left)).Select(i => SampleEvents.Numbered(log.LastOffset + (ulong)i))]);
        }
    }

    public static void Copy(string from, string to)
    {
        foreach (var part in new[] { "", "-wal" }.Where(part => File.Exists(from + part)))
        {
            File.Copy(from + part, to + part, overwrite: true);
        }
    }

    public static List<StoredEvent> Read(string path)
    {
        using var log = SqliteBuildEventLog.OpenReader(path);
        return [.. log.Read(1)];
    }

    /// <summary>That a log holds just the numbered events from the first on, and how many.</summary>
    public static int CountNumbered(string path)
    {
        var events = Read(path);
        AssertNumbered(events);
        return events.Count;
    }

    public static void AssertNumbered(IReadOnlyList<StoredEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            Assert.Equal((ulong)i + 1, events[i].Offset);
            var expected = SampleEvents.Numbered((ulong)i + 1);
            expected.EventId = events[i].Event.EventId;
            Assert.Equal(expected, events[i].Event);
        }
    }

    /// <summary>What another program could do to it.</summary>
    public static void Tamper(string path, string sql)
    {
        using var database = SqliteDatabase.Open(path, SqliteAccess.Write, TimeSpan.Zero);
        database.Execute(sql);
    }

    /// <summary>Replaces an event's bytes and makes all checks fit again, as a newer or defective DataBuild would have.</summary>
    public static void PutEvent(string path, ulong offset, byte[] bytes)
    {
        using var database = SqliteDatabase.Open(path, SqliteAccess.Write, TimeSpan.Zero);
        using var readMeta = LogDatabase.PrepareReadMeta(database);
        using var writeMeta = LogDatabase.PrepareWriteMeta(database);
        var meta = LogDatabase.ReadMeta(database, readMeta);
        var rows = new List<(long Offset, byte[] Bytes)>();
        using (var select = database.Prepare("SELECT offset, event FROM events ORDER BY offset"))
        {
            while (select.Step())
            {
                rows.Add((select.Int64(0), select.Int64(0) == (long)offset ? bytes : select.Blob(1).ToArray()));
            }
        }

        var chain = LogMeta.RootOf(meta.LogId);
        using var update = database.Prepare("UPDATE events SET event = ?, chain = ? WHERE offset = ?");
        foreach (var row in rows)
        {
            chain = EventCodec.Chain(chain, row.Bytes);
            update.Bind(1, row.Bytes).Bind(2, chain).Bind(3, row.Offset).Run();
        }

        LogDatabase.WriteMeta(writeMeta, meta with { Chain = chain });
    }
}
