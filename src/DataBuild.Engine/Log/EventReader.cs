using System.Runtime.ExceptionServices;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Log;

/// <summary>
/// Reads a log in order, on a connection of its own, up to the end that it had when the reading began. Between batches nothing of
/// SQLite's is held, so however slow the consumer is, the write-ahead log can be folded back and the writer isn't held up.
/// </summary>
internal static class EventReader
{
    private const int FirstBatch = 64;
    private const int LargestBatch = 1024;
    private const int LargestBatchBytes = 8 << 20;

    public static IEnumerable<StoredEvent> Read(string path, string logId, ulong from, int limit)
    {
        if (limit <= 0)
        {
            yield break;
        }

        var (database, meta) = LogDatabase.OpenForReading(path);
        using var open = database;
        if (meta.LogId != logId)
        {
            throw new DataBuildException(
                Rules.LogReplaced, $"The build event log '{path}' was replaced by another while in use (its id is {meta.LogId}, it was {logId}). Start again.");
        }

        var last = meta.Last;
        using var select = database.Prepare("SELECT offset, event, chain FROM events WHERE offset >= ? AND offset <= ? ORDER BY offset");
        var cursor = new Cursor(path, meta) { Next = from };
        var batch = new List<StoredEvent>(FirstBatch);
        for (var size = FirstBatch; cursor.Next <= last && limit > 0; size = Math.Min(2 * size, LargestBatch))
        {
            batch.Clear();
            var failure = cursor.Fill(batch, select, Math.Min(size, limit));
            limit -= batch.Count;
            foreach (var stored in batch)
            {
                yield return stored;
            }

            // Only now, so that a reader has got every event before the damaged one.
            failure?.Throw();
        }
    }

    private sealed class Cursor(string path, LogMeta meta)
    {
        private long? _chain;

        public ulong Next { get; set; }

        public ExceptionDispatchInfo? Fill(List<StoredEvent> batch, SqliteStatement select, int size)
        {
            try
            {
                // The first batch begins one row early, for the check that the first event's is built on.
                var until = Math.Min(meta.Last, Next + (ulong)size - 1);
                select.Bind(1, (long)(_chain is null ? Next - 1 : Next)).Bind(2, (long)until);
                _chain ??= Next == 1 ? LogMeta.RootOf(meta.LogId) : Before(select);
                for (var bytes = 0; bytes < LargestBatchBytes && Next <= until;)
                {
                    bytes += ReadOne(batch, select);
                }

                return null;
            }
            catch (DataBuildException e)
            {
                return ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                select.Reset();
            }
        }

        private long Before(SqliteStatement select) => select.Step() && (ulong)select.Int64(0) == Next - 1
            ? select.Int64(2)
            : throw EventCodec.Damaged(path, Next - 1, "it is missing");

        private int ReadOne(List<StoredEvent> batch, SqliteStatement select)
        {
            if (!select.Step() || (ulong)select.Int64(0) != Next)
            {
                throw EventCodec.Damaged(path, Next, "it is missing");
            }

            var bytes = select.Blob(1);
            var chain = select.Int64(2);
            batch.Add(new(Next, EventCodec.Read(path, meta.LogId, Next, bytes, _chain!.Value, chain)));
            _chain = chain;
            Next++;
            return bytes.Length;
        }
    }
}
