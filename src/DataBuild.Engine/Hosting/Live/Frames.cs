using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>Length-delimited messages of bounded size.</summary>
internal static class Frames
{
    /// <summary>Most bytes of one message: a want of a million single refs is some 30 MB; a set of as many is a few hundred bytes.</summary>
    public const int MostBytes = 64 << 20;

    public static async Task WriteAsync(Stream stream, IMessage message, CancellationToken stop)
    {
        using var bytes = new MemoryStream();
        message.WriteDelimitedTo(bytes);
        await stream.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), stop).ConfigureAwait(false);
        await stream.FlushAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Throws <see cref="InvalidDataException"/>, <see cref="IOException"/> or a protobuf error for anything but one whole message.</summary>
    public static async Task<T> ReadAsync<T>(Stream stream, MessageParser<T> parser, CancellationToken stop)
        where T : IMessage<T>
    {
        var one = new byte[1];
        ulong length = 0;
        for (int shift = 0; ; shift += 7)
        {
            await stream.ReadExactlyAsync(one, stop).ConfigureAwait(false);
            length |= (ulong)(one[0] & 0x7f) << shift;
            if (one[0] < 0x80)
            {
                break;
            }

            if (shift > 28)
            {
                throw new InvalidDataException("no length");
            }
        }

        if (length > MostBytes)
        {
            throw new InvalidDataException($"a message of {length} bytes, where at most {MostBytes} are taken");
        }

        // Grows with what really comes: a length alone reserves nothing.
        using var bytes = new MemoryStream();
        var buffer = new byte[(int)Math.Min(length, 64 << 10)];
        for (ulong left = length; left > 0;)
        {
            int count = (int)Math.Min(left, (ulong)buffer.Length);
            await stream.ReadExactlyAsync(buffer.AsMemory(0, count), stop).ConfigureAwait(false);
            bytes.Write(buffer, 0, count);
            left -= (ulong)count;
        }

        return parser.ParseFrom(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
