using System.Buffers.Binary;
using Google.Protobuf;

namespace DataBuild.Engine.State;

/// <summary>A 128-bit content fingerprint. <see cref="None"/> stands for content that is not there.</summary>
public readonly record struct Fingerprint(ulong High, ulong Low)
{
    public const int Size = 16;

    public static Fingerprint None => default;

    public bool IsNone => High == 0 && Low == 0;

    public static Fingerprint From(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Size
            ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
            : None;

    public static Fingerprint From(ByteString bytes) => From(bytes.Span);

    /// <summary>Writes the bytes; false, and nothing written, for content that is not there.</summary>
    public bool TryWrite(Span<byte> bytes)
    {
        if (IsNone)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return true;
    }

    public ByteString ToByteString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        return TryWrite(bytes) ? ByteString.CopyFrom(bytes) : ByteString.Empty;
    }

    public override string ToString() => IsNone ? "none" : $"{High:x16}{Low:x16}";
}
