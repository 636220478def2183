using System.Buffers.Binary;
using System.IO.Hashing;

namespace DataBuild.Engine.Log;

/// <summary>The first 64 bytes of a snapshot, little-endian.</summary>
/// <param name="Layout">Layout of the content, the state's business.</param>
/// <param name="Offset">Last event that is in it.</param>
/// <param name="Chain">The log's check at that event: vouches for log and history.</param>
/// <param name="Length">Bytes of content.</param>
/// <param name="Hash">XxHash3 of the content.</param>
internal readonly record struct SnapshotHeader(uint Layout, ulong Offset, long Chain, long Length, ulong Hash)
{
    public const int Size = 64;
    private const int HashedSize = Size - 8;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "DBldSnap"u8;

    public byte[] ToBytes()
    {
        var bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Layout);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Chain);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), Hash);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(HashedSize), XxHash3.HashToUInt64(bytes.AsSpan(0, HashedSize)));
        return bytes;
    }

    /// <summary>Null if these are not the bytes of a header of this version.</summary>
    public static SnapshotHeader? Parse(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size
        && bytes.StartsWith(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) == Version
        && BinaryPrimitives.ReadUInt64LittleEndian(bytes[HashedSize..]) == XxHash3.HashToUInt64(bytes[..HashedSize])
            ? new(
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]))
            : null;
}
