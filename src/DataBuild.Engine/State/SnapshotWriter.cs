using Google.Protobuf;

namespace DataBuild.Engine.State;

/// <summary>Writes the few kinds of value that a snapshot is made of.</summary>
internal sealed class SnapshotWriter(BinaryWriter writer)
{
    public void Write(string text) => writer.Write(text);

    public void Write(int number) => writer.Write7BitEncodedInt(number);

    public void Write(uint number) => writer.Write(number);

    public void Write(ulong number) => writer.Write(number);

    public void Write(long number) => writer.Write(number);

    public void Write(bool flag) => writer.Write(flag);

    public void Write(byte value) => writer.Write(value);

    public void Write(DateTimeOffset time)
    {
        writer.Write(time.Ticks);
        writer.Write((short)time.TotalOffsetMinutes);
    }

    public void Write(DateTimeOffset? time)
    {
        writer.Write(time.HasValue);
        if (time is { } value)
        {
            Write(value);
        }
    }

    public void Write(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        writer.Write(bytes);
    }

    public void Write(Fingerprint fingerprint)
    {
        writer.Write(fingerprint.High);
        writer.Write(fingerprint.Low);
    }

    public void Write(IMessage? message)
    {
        byte[] bytes = message?.ToByteArray() ?? [];
        writer.Write(message is not null);
        Write(bytes.Length);
        writer.Write(bytes);
    }

    public void WriteMany<T>(IReadOnlyCollection<T> items, Action<T> write)
    {
        Write(items.Count);
        foreach (var item in items)
        {
            write(item);
        }
    }
}
