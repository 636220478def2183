using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Tasks.Engine;

/// <summary>Reads messages, each preceded by its length as a varint.</summary>
internal sealed class MessageReader(Stream stream)
{
    private byte[] _buffer = new byte[4096];
    private bool _any;

    /// <summary>Null at the end of the stream; an exception says what came that is no message.</summary>
    public EngineMessage? Read()
    {
        if (ReadLength() is not { } length)
        {
            return null;
        }

        if (_buffer.Length < length)
        {
            _buffer = new byte[Math.Max(length, _buffer.Length * 2)];
        }

        for (var read = 0; read < length;)
        {
            var count = stream.Read(_buffer, read, length - read);
            if (count == 0)
            {
                // Cut short: an engine died in the middle of a message, but what never said one whole message is no engine.
                return _any ? null : throw new NoMessageException(Shown(_buffer, read));
            }

            read += count;
        }

        try
        {
            var message = EngineMessage.Parser.ParseFrom(_buffer, 0, length);
            _any = true;
            return message;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new NoMessageException(Shown(_buffer, length), exception);
        }
    }

    private int? ReadLength()
    {
        var bytes = new byte[5];
        uint length = 0;
        for (var index = 0; index < bytes.Length; index++)
        {
            var next = stream.ReadByte();
            if (next < 0)
            {
                return null;
            }

            bytes[index] = (byte)next;
            length |= (uint)(next & 0x7F) << (7 * index);
            if (next < 0x80)
            {
                return length <= EngineContract.MostMessageBytes ? (int)length : throw new NoMessageException(Shown(bytes, index + 1));
            }
        }

        throw new NoMessageException(Shown(bytes, bytes.Length));
    }

    private static string Shown(byte[] bytes, int count) =>
        string.Concat(bytes.Take(Math.Min(count, 60)).Select(value => value is >= 0x20 and < 0x7F ? ((char)value).ToString() : $"\\x{value:x2}"));
}
