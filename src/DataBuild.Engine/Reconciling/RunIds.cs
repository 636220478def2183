using System.Buffers.Binary;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Ids of runs: version 7 UUIDs, so that they sort by time, whose random part is derived from the log and the place in it. Nothing
/// is drawn by chance: the same log decides the same ids.
/// </summary>
public static class RunIds
{
    public static Guid Next(string logId, ulong offset, int ordinal, DateTimeOffset now)
    {
        ulong seed = 14695981039346656037;
        foreach (char c in logId)
        {
            seed = (seed ^ c) * 1099511628211;
        }

        ulong high = Mix(seed ^ (offset * 0x9E3779B97F4A7C15) ^ (ulong)ordinal);
        ulong low = Mix(high ^ offset ^ ((ulong)ordinal << 32));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)now.ToUnixTimeMilliseconds() << 16) | 0x7000 | (high & 0x0FFF));
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], 0x8000000000000000 | (low & 0x3FFFFFFFFFFFFFFF));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A number from 0 to 1 that depends on the id alone; for jitter.</summary>
    public static double Fraction(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (Mix(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..])) >> 11) / (double)(1UL << 53);
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
