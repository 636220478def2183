using System.IO.Hashing;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Log;

/// <summary>
/// Between events and stored bytes. Each event's check is the hash of its bytes and of the check before it, so it vouches for the
/// whole log up to there: an event that is changed, missing or in another's place shows, and equal checks mean equal histories.
/// </summary>
internal static class EventCodec
{
    // From constants and not from the descriptor: making that by reflection would be a third of the time in which a small log is read.
    private const ulong EnvelopeFields = (1ul << BuildEvent.EventIdFieldNumber) | (1ul << BuildEvent.TimestampFieldNumber);
    private static readonly ulong _kindFields = MaskOfKinds();

    public static long Chain(long before, ReadOnlySpan<byte> bytes) => (long)XxHash3.HashToUInt64(bytes, before);

    /// <summary>Checks and parses a stored event; its id, where none was stored, is filled in. Without the check before it, its own is not looked at.</summary>
    public static BuildEvent Read(string path, string logId, ulong offset, ReadOnlySpan<byte> bytes, long? before, long chain)
    {
        if (before is { } known && Chain(known, bytes) != chain)
        {
            throw Damaged(path, offset, "it or one before it is not what was appended");
        }

        CheckEnvelope(path, offset, bytes);
        BuildEvent parsed;
        try
        {
            parsed = BuildEvent.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Damaged(path, offset, $"it cannot be parsed ({e.Message})");
        }

        if (parsed.EventId.Length == 0)
        {
            parsed.EventId = EventIds.Of(logId, offset);
        }

        return parsed;
    }

    public static DataBuildException Damaged(string path, ulong offset, string how) => new(
        Rules.EventDamaged,
        $"The build event log '{path}' is damaged at offset {offset}: {how}. Restore it, with its -wal file, from a backup; events before that offset are good.");

    /// <summary>
    /// The parser keeps fields that it doesn't know and says nothing, so the outermost fields are walked here: what a newer version
    /// added must not be passed over.
    /// </summary>
    private static void CheckEnvelope(string path, ulong offset, ReadOnlySpan<byte> bytes)
    {
        var kinds = 0;
        var rest = bytes;
        while (!rest.IsEmpty)
        {
            if (!TryVarint(ref rest, out var tag))
            {
                throw Damaged(path, offset, "it cannot be parsed (cut off)");
            }

            var field = tag >> 3;
            var bit = field < 64 ? 1ul << (int)field : 0;
            if ((bit & (EnvelopeFields | _kindFields)) == 0)
            {
                throw Unknown(path, offset, $"has the unknown field {field}");
            }

            if ((tag & 7) != 2 || !TryVarint(ref rest, out var length) || length > (ulong)rest.Length)
            {
                throw Damaged(path, offset, "it cannot be parsed (a field is cut off or of another type)");
            }

            kinds += (bit & _kindFields) == 0 ? 0 : 1;
            rest = rest[(int)length..];
        }

        if (kinds != 1)
        {
            throw Unknown(path, offset, $"is of {kinds} kinds, not of one");
        }
    }

    private static DataBuildException Unknown(string path, ulong offset, string how) => new(
        Rules.UnknownEvent,
        $"The event at offset {offset} of the build event log '{path}' {how}. Use the DataBuild that wrote it, or a newer one.");

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    /// <summary>A bit for each kind's field number; all are length-delimited and below 64, which a test keeps true.</summary>
    private static ulong MaskOfKinds() => Enum.GetValues<BuildEvent.EventOneofCase>()
        .Where(kind => kind != BuildEvent.EventOneofCase.None)
        .Aggregate(0ul, (mask, kind) => mask | (1ul << (int)kind));
}
