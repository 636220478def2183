namespace DataBuild.Engine.Execution.Output;

/// <summary>The last bytes of a stream of any length.</summary>
internal sealed class TailBuffer
{
    public const int Capacity = 16 << 10;

    private readonly byte[] _ring = new byte[Capacity];
    private long _total;

    /// <summary>Bytes that went by.</summary>
    public long Total => _total;

    public void Clear() => _total = 0;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Capacity)
        {
            _total += bytes.Length - Capacity;
            bytes = bytes[^Capacity..];
        }

        var at = (int)(_total % Capacity);
        var first = Math.Min(bytes.Length, Capacity - at);
        bytes[..first].CopyTo(_ring.AsSpan(at));
        bytes[first..].CopyTo(_ring);
        _total += bytes.Length;
    }

    /// <summary>The last bytes, at most as many as asked for, in order.</summary>
    public byte[] Last(long most)
    {
        var length = (int)Math.Min(most, Math.Min(_total, Capacity));
        var last = new byte[length];
        var start = (int)((_total - length) % Capacity);
        var first = Math.Min(length, Capacity - start);
        _ring.AsSpan(start, first).CopyTo(last);
        _ring.AsSpan(0, length - first).CopyTo(last.AsSpan(first));
        return last;
    }
}
