using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace DataBuild.Engine.Files;

/// <summary>XxHash128 over pieces, each with its length before it, so that no two lists of pieces look alike.</summary>
internal sealed class FingerprintBuilder
{
    private readonly XxHash128 hash = new();

    public FingerprintBuilder Add(ReadOnlySpan<byte> piece)
    {
        Add(piece.Length);
        hash.Append(piece);
        return this;
    }

    public FingerprintBuilder Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    public FingerprintBuilder Add(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.Append(bytes);
        return this;
    }

    public byte[] ToArray() => hash.GetCurrentHash();
}
