using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace DataBuild.Engine.Log;

/// <summary>The one row that says which log this is and who may write to it.</summary>
internal sealed record LogMeta(uint Format, string LogId, ulong Term)
{
    /// <summary>Covers the row, so that a flipped bit is no other log and no other term.</summary>
    public long Check
    {
        get
        {
            Span<byte> bytes = stackalloc byte[12 + 64];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Format);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[4..], Term);
            return Encoding.UTF8.TryGetBytes(LogId, bytes[12..], out var length)
                ? (long)XxHash3.HashToUInt64(bytes[..(12 + length)])
                : 0;
        }
    }

    /// <summary>What the chain of checks begins with: that of "the event before the first".</summary>
    public long Root => (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(LogId));
}
