using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Log;

/// <summary>The statements and the buffer of a writer.</summary>
internal sealed class Writing(SqliteDatabase database, int maxEventBytes) : IDisposable
{
    private const int KeptBytes = 1 << 20;

    private readonly SqliteStatement _insert = database.Prepare("INSERT INTO events VALUES (?, ?, ?)");
    private readonly SqliteStatement _update = LogDatabase.PrepareWriteMeta(database);
    private byte[] _buffer = new byte[4096];

    /// <summary>Stores an event behind the last one; returns where the log then ends.</summary>
    public LogMeta Insert(BuildEvent buildEvent, in LogMeta end)
    {
        if (buildEvent.EventCase == BuildEvent.EventOneofCase.None)
        {
            throw new ArgumentException("An event that says nothing was to be appended.", nameof(buildEvent));
        }

        var size = buildEvent.CalculateSize();
        if (size > maxEventBytes)
        {
            throw new DataBuildException(
                Rules.EventTooLarge,
                $"A {buildEvent.EventCase} event has {size} bytes, the log '{database.Path}' takes {maxEventBytes}. Make batches smaller or messages shorter; nothing of this append was stored.");
        }

        var bytes = size <= KeptBytes ? Buffer(size) : new byte[size];
        buildEvent.WriteTo(bytes);
        var next = end with { Last = end.Last + 1, Chain = EventCodec.Chain(end.Chain, bytes) };
        _insert.Bind(1, (long)next.Last).Bind(2, bytes).Bind(3, next.Chain).Run();
        return next;
    }

    public void Update(in LogMeta meta) => LogDatabase.WriteMeta(_update, meta);

    public void Dispose()
    {
        _insert.Dispose();
        _update.Dispose();
    }

    private Span<byte> Buffer(int size)
    {
        if (size > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(KeptBytes, 2 * size));
        }

        return _buffer.AsSpan(0, size);
    }
}
