using Google.Protobuf;

namespace DataBuild.Engine.State;

/// <summary>Reads what <see cref="SnapshotWriter"/> wrote.</summary>
internal sealed class SnapshotReader(BinaryReader reader)
{
    public string String() => reader.ReadString();

    public int Int() => reader.Read7BitEncodedInt();

    public uint UInt() => reader.ReadUInt32();

    public ulong ULong() => reader.ReadUInt64();

    public long Long() => reader.ReadInt64();

    public bool Bool() => reader.ReadBoolean();

    public byte Byte() => reader.ReadByte();

    public DateTimeOffset Time() => new(reader.ReadInt64(), TimeSpan.FromMinutes(reader.ReadInt16()));

    public DateTimeOffset? TimeOrNull() => reader.ReadBoolean() ? Time() : null;

    public Guid Guid()
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.BaseStream.ReadExactly(bytes);
        return new Guid(bytes);
    }

    public Fingerprint Fingerprint() => new(reader.ReadUInt64(), reader.ReadUInt64());

    public T? Message<T>(MessageParser<T> parser)
        where T : IMessage<T>
    {
        bool there = reader.ReadBoolean();
        byte[] bytes = reader.ReadBytes(Int());
        return there ? parser.ParseFrom(bytes) : default;
    }

    public T[] Many<T>(Func<T> read)
    {
        int count = Int();

        // The one empty array, as elsewhere: what is one array in memory is written once.
        T[] items = count == 0 ? [] : new T[count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = read();
        }

        return items;
    }
}
