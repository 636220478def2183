using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace DataBuild.Engine.Log;

/// <summary>
/// The one row that says which log this is, who may write to it and where it ends. The end is kept here, though it could be looked up,
/// so that events that are missing there are missed.
/// </summary>
/// <param name="Format">As in <c>user_version</c>.</param>
/// <param name="LogId">UUID, 36 characters.</param>
/// <param name="Term">Of the last writer.</param>
/// <param name="Last">Offset of the last event, 0 if there is none.</param>
/// <param name="Chain">The chained check of the last event.</param>
internal readonly record struct LogMeta(uint Format, string LogId, ulong Term, ulong Last, long Chain)
{
    public const int IdLength = 36;

    private const int NumbersLength = 4 + 8 + 8 + 8;

    /// <summary>Covers the row, so that a flipped bit is no other log and no other term.</summary>
    public long Check
    {
        get
        {
            Span<byte> bytes = stackalloc byte[NumbersLength + IdLength];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Format);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[4..], Term);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], Last);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[20..], Chain);
            Encoding.ASCII.GetBytes(LogId, bytes[NumbersLength..]);
            return (long)XxHash3.HashToUInt64(bytes);
        }
    }

    /// <summary>What the chain begins with: stands for the event before the first.</summary>
    public static long RootOf(string logId) => (long)XxHash3.HashToUInt64(Encoding.ASCII.GetBytes(logId));
}
